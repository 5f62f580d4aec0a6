# S3: `objects` by bucket and key. Patterns are those of the shell; the last that matches decides.
def as_pattern: gsub("(?<special>[.+^$(){}|\\\\])"; "\\\(.special)") | gsub("\\*"; ".*") | gsub("\\?"; ".") | "\\A\(.)\\z";
def takes($words): . as $path | reduce ($words[] | select(test("^--(in|ex)clude="))) as $word (true;
  if $path | test($word | sub("^--..clude="; "") | as_pattern) then $word | startswith("--include") else . end);
def put($address; $object): .account.clock += 1
  | .account.objects[$address | ltrimstr("s3://")] = $object + {modified: (.account.clock | tostring | "2026-01-01T00:\("0000"[:4 - length] + . | .[:2]):\("0000"[:4 - length] + . | .[2:])Z")};
def s3($operation):
  .words as $words | .words[2] as $from | .words[3] as $to
  | ($words | map(select(startswith("--cache-control=")) | sub("^[^=]*="; ""))[0]) as $cache
  | if $operation != "cp" then error("s3 \($operation)")
    elif $to == "-" then
      .account.objects[$from | ltrimstr("s3://")] as $object
      | if $object == null then .ends = "fail" | .error = "fatal error: An error occurred (404) when calling the HeadObject operation: Key does not exist" else .out = $object.body end
    elif $from == "-" then put($to; {body: .files["-"]})
    elif $from | startswith("s3://") then
      ($from | ltrimstr("s3://")) as $from
      | reduce (.account.objects | to_entries[] | select(.key | startswith($from)) | .path = .key[($from | length):] | select(.path | takes($words))) as $one
          (.; put($to + $one.path; $one.value))
    else reduce (.files | to_entries[] | select(.key | takes($words))) as $one (.; put($to + $one.key; {body: $one.value, cache: $cache})) end;
def s3api($operation):
  if $operation == "list-objects-v2" then
    (.words | [.[index("--bucket") + 1], .[index("--prefix") + 1]] | join("/")) as $prefix
    | [.account.objects | to_entries[] | select(.key | startswith($prefix)) | {Key: (.key | sub("^[^/]*/"; "")), LastModified: .value.modified, Size: 1}] as $found
    | if $found != [] then .out = {Contents: $found} else . end
  elif $operation == "delete-objects" then
    .input as $input | .account.objects |= with_entries(select(.key as $key | $input.Delete.Objects | map("\($input.Bucket)/\(.Key)") | index($key) == null))
    | if .account.locked then .out = {Errors: [{Key: .account.locked, Code: "AccessDenied", Message: "Access Denied"}]} else . end
  else error("s3api \($operation)") end;
def answer: if .words[0] == "s3" then s3(.words[1]) else s3api(.words[1]) end;
