#!/usr/bin/env bash
# Deletes old releases of a site in S3, and of the site those files that no kept release has. What
# others put into the bucket stays.
#
# in BUCKET: bucket
# in PREFIX?: folder of the site in the bucket, ending with a slash (default: the bucket itself)
# in KEEP?: how many of the newest releases to keep, beside the live one (default 5)
set -euo pipefail
prefix=${PREFIX:-} keep=${KEEP:-5}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $BUCKET =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || fail "\`$BUCKET\` is not the name of a bucket"
[[ $prefix =~ ^([A-Za-z0-9][A-Za-z0-9._-]*/)*$ ]] || fail "PREFIX \`$prefix\` is not a folder such as \`site/\`"
[[ $keep =~ ^[1-9][0-9]{0,3}$ ]] || fail "KEEP must be a number above 0"
releases=${prefix}_releases/

live=$(aws s3 cp "s3://$BUCKET/${releases}live" -) || fail "no release is live in $BUCKET"
[[ $live =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "${releases}live names no release"
# A release without a record was never finished, so none of its files reached the site.
superfluous=$(aws s3api list-objects-v2 --output json --bucket "$BUCKET" --prefix "$releases" |
  jq -c --arg releases "$releases" --arg prefix "$prefix" --arg live "$live" --argjson keep "$keep" '
    [.Contents[] | {path: .Key[($releases | length):], LastModified}]
    | (map(select(.path | test("^[^/]+\\.json$"))) | sort_by(.LastModified) | reverse | map(.path[:-5])) as $finished
    | INDEX($finished[:$keep][], $live; .) as $kept
    | INDEX($finished[]; .) as $finished
    | map(select(.path | contains("/")) | (.path | index("/")) as $at | {release: .path[:$at], file: .path[$at + 1:]})
    | INDEX(.[] | select($kept[.release]) | .file; .) as $used
    | map(select($kept[.release] | not))
    | (map(select($finished[.release] and ($used[.file] | not)) | $prefix + .file) | unique)
      + map("\($releases)\(.release)/\(.file)")
      + [$finished[] | select($kept[.] | not) | "\($releases)\(.).json"]
    | [range(0; length; 1000) as $at | .[$at:$at + 1000]]') || fail "the releases in $BUCKET cannot be listed"
# The site first and the records last: a run that stops between them is taken up by the next.
count=$(jq 'map(length) | add // 0' <<< "$superfluous")
input=$(mktemp -p "$RUNNER_TEMP")
while read -r batch; do
  [[ -n $batch ]] || continue
  jq '{Bucket: env.BUCKET, Delete: {Objects: map({Key: .}), Quiet: true}}' <<< "$batch" > "$input"
  refused=$(aws s3api delete-objects --output json --cli-input-json "file://$input" | jq -rs '.[0].Errors[0] // empty | "\(.Key): \(.Message)"') ||
    fail "old releases in $BUCKET cannot be deleted"
  [[ -z $refused ]] || fail "old releases in $BUCKET cannot be deleted: $refused"
done < <(jq -c '.[]' <<< "$superfluous")
echo "deleted $count objects of old releases"
