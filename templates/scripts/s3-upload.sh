#!/usr/bin/env bash
# Uploads a built site to S3 as a release of its own, beside what is live, and records which release that is.
#
# in SOURCE: folder of the built site
# in BUCKET: bucket
# in PREFIX?: folder of the site in the bucket, ending with a slash (default: the bucket itself)
# in RELEASE: id of this deployment, unique for each attempt, such as run id and attempt
# in VERSION: version to deploy
# in ASSETS?: patterns of the files with a hash in their name, one per line, `*` for anything (default: those of Vite, Next.js, SvelteKit and Astro)
# out release: RELEASE, once it is there as a whole
# out previous_release: release that is live now; empty at the first deployment
# out previous_version: its version
set -euo pipefail
assets=${ASSETS:-$'assets/*\n_next/static/*\n_app/immutable/*\n_astro/*'} prefix=${PREFIX:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $BUCKET =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || fail "\`$BUCKET\` is not the name of a bucket"
[[ $prefix =~ ^([A-Za-z0-9][A-Za-z0-9._-]*/)*$ ]] || fail "PREFIX \`$prefix\` is not a folder such as \`site/\`"
[[ $RELEASE =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "RELEASE has other characters than A-Z a-z 0-9 . _ -"
[[ -n $VERSION && $VERSION != *[[:cntrl:]]* ]] || fail "VERSION is empty or holds a control character"
folder=$(cd -- "$SOURCE" 2> /dev/null && pwd) || fail "there is no folder \`$SOURCE\`"
files=$(find "$folder" ! -type d -printf x | wc -c)
(( files )) || fail "\`$SOURCE\` holds no file"
[[ ! -e $folder/_releases ]] || fail "\`$SOURCE\` holds \`_releases\`, which is where releases are kept"
hashed=() rest=()
while read -r pattern; do
  [[ -n $pattern ]] || continue
  [[ $pattern =~ ^[A-Za-z0-9._*?/-]+$ ]] || fail "\`$pattern\` is not a pattern of files"
  hashed+=("--include=$pattern") rest+=("--exclude=$pattern")
done <<< "$assets"
releases=s3://$BUCKET/${prefix}_releases

# Prints a small object, or nothing if there is none; that it cannot be read is another matter.
read_object() {
  local listed
  listed=$(aws s3api list-objects-v2 --output json --bucket "$BUCKET" --prefix "${prefix}_releases/$1" --max-items 1 |
    jq -rs --arg key "${prefix}_releases/$1" '.[0].Contents // [] | .[] | select(.Key == $key) | .Key') || return 1
  [[ -z $listed ]] || aws s3 cp "$releases/$1" -
}
live=$(read_object live) || fail "the live release cannot be read from $BUCKET"
previous_version=
if [[ -n $live ]]; then
  [[ $live =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "$releases/live names no release"
  [[ $live != "$RELEASE" ]] || fail "release $RELEASE is live already"
  previous_version=$(read_object "$live.json" | jq -r '.version // ""') || fail "the record of release $live cannot be read"
fi

# The headers are set here; switching copies them along.
upload() { aws s3 cp "$folder" "$releases/$RELEASE/" --recursive --only-show-errors "$@" || fail "release $RELEASE cannot be uploaded"; }
(( ${#hashed[@]} == 0 )) || upload --cache-control='public, max-age=31536000, immutable' '--exclude=*' "${hashed[@]}"
upload --cache-control='no-cache' "${rest[@]}"
jq -cn --argjson files "$files" '{release: env.RELEASE, version: env.VERSION, commit: env.GITHUB_SHA, files: $files}' |
  aws s3 cp - "$releases/$RELEASE.json" --content-type=application/json || fail "release $RELEASE cannot be recorded"

printf '%s\n' "release=$RELEASE" "previous_release=$live" "previous_version=$previous_version" >> "$GITHUB_OUTPUT"
echo "uploaded $files files as release $RELEASE; live is ${live:-nothing}${previous_version:+, version $previous_version}"
