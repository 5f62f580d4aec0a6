#!/usr/bin/env bash
# Finds the release of a site in S3 that was uploaded for a version, for a roll-back by hand.
#
# in BUCKET: bucket
# in PREFIX?: folder of the site in the bucket, ending with a slash (default: the bucket itself)
# in VERSION: name of the version, as s3-upload.sh kept it
# out release: the newest such release
set -euo pipefail
prefix=${PREFIX:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $BUCKET =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || fail "\`$BUCKET\` is not the name of a bucket"
[[ $prefix =~ ^([A-Za-z0-9][A-Za-z0-9._-]*/)*$ ]] || fail "PREFIX \`$prefix\` is not a folder such as \`site/\`"
[[ -n $VERSION ]] || fail "VERSION names no version"
releases=${prefix}_releases/
# Newest first. Only what was uploaded as a whole has a record.
records=$(aws s3api list-objects-v2 --output json --bucket "$BUCKET" --prefix "$releases" |
  jq -r --arg releases "$releases" '[.Contents[]? | {path: .Key[($releases | length):], LastModified}
    | select(.path | test("^[A-Za-z0-9][A-Za-z0-9._-]*\\.json$"))] | sort_by(.LastModified) | reverse[].path') ||
  fail "the releases in $BUCKET cannot be listed"
found=''
while read -r record; do
  [[ -n $record ]] || continue
  version=$(aws s3 cp "s3://$BUCKET/$releases$record" - < /dev/null | jq -r .version) || fail "the record $record cannot be read"
  if [[ $version == "$VERSION" ]]; then found=${record%.json}; break; fi
done <<< "$records"
[[ -n $found ]] || fail "no release of version $VERSION is left in $BUCKET: deploy that version again"
echo "release=$found" | tee -a "$GITHUB_OUTPUT"
