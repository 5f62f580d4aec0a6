#!/usr/bin/env bash
# Makes an uploaded release of a site in S3 the live one, to deploy or to go back: assets first, pages last.
# Nothing is deleted, so that pages that are open somewhere still find their assets.
#
# in BUCKET: bucket
# in PREFIX?: folder of the site in the bucket, ending with a slash (default: the bucket itself)
# in RELEASE: release to make live, as `s3-upload` made it
# in ASSETS?: patterns of the files with a hash in their name, one per line, `*` for anything (default: those of Vite, Next.js, SvelteKit and Astro)
# out version: version of the release
set -euo pipefail
assets=${ASSETS:-$'assets/*\n_next/static/*\n_app/immutable/*\n_astro/*'} prefix=${PREFIX:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $BUCKET =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || fail "\`$BUCKET\` is not the name of a bucket"
[[ $prefix =~ ^([A-Za-z0-9][A-Za-z0-9._-]*/)*$ ]] || fail "PREFIX \`$prefix\` is not a folder such as \`site/\`"
[[ -n $RELEASE ]] || fail "nothing was deployed before, so there is nothing to go back to"
[[ $RELEASE =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "RELEASE has other characters than A-Z a-z 0-9 . _ -"
hashed=() rest=()
while read -r pattern; do
  [[ -n $pattern ]] || continue
  [[ $pattern =~ ^[A-Za-z0-9._*?/-]+$ ]] || fail "\`$pattern\` is not a pattern of files"
  hashed+=("--include=$pattern") rest+=("--exclude=$pattern")
done <<< "$assets"
releases=s3://$BUCKET/${prefix}_releases

# The record is written last, so a release with one is whole.
record=$(aws s3 cp "$releases/$RELEASE.json" -) || fail "there is no release $RELEASE in $releases"
version=$(jq -r '.version' <<< "$record")
[[ -n $version && $version != *[[:cntrl:]]* ]] || fail "the record of release $RELEASE names no version"

# `sync` would leave out files of the same size that are older, such as the pages to go back to.
copy() {
  aws s3 cp "$releases/$RELEASE/" "s3://$BUCKET/$prefix" --recursive --only-show-errors "$@" ||
    fail "the site in $BUCKET is not whole: switch again to this release or to the one before"
}
(( ${#hashed[@]} == 0 )) || copy '--exclude=*' "${hashed[@]}"
copy "${rest[@]}" '--exclude=*.html'
copy '--exclude=*' '--include=*.html' "${rest[@]}"
printf '%s' "$RELEASE" | aws s3 cp - "$releases/live" --content-type=text/plain || fail "release $RELEASE is live, but cannot be recorded as such"
echo "version=$version" >> "$GITHUB_OUTPUT"
echo "release $RELEASE, version $version, is live"
