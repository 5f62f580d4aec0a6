#!/usr/bin/env bash
# Finds the digest behind each image tag, so that what was built is what is deployed.
# in IMAGES: lines `NAME=registry/image:tag`, NAME being the variable that the compose file reads
# in WAIT_MINUTES?: longest wait for an image that is still being built (default 0)
# in INTERVAL?: seconds between two looks (default 20)
# out images: the same lines as `NAME=registry/image@sha256:…`
set -euo pipefail

fail() {
  local text="$*"
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  echo "::error::${text//$'\n'/%0A}" >&2
  exit 1
}

wait=${WAIT_MINUTES:-0} interval=${INTERVAL:-20}
[[ "$wait $interval" =~ ^[0-9]+\ [0-9.]+$ ]] || fail "WAIT_MINUTES and INTERVAL must be numbers"
# All images wait for the same time, from the start of the script.
digest_of() {
  until docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1"; do
    (( SECONDS < wait * 60 )) || return 1
    sleep "$interval"
  done
}

resolved=''
while IFS='=' read -r name reference; do
  [[ -n $name ]] || continue
  [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "$name is no name of a variable"
  [[ $reference =~ ^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$ ]] || fail "$name: $reference is no image"
  # Registries know only small letters, GitHub's names of repositories also others.
  path=${reference%/*}
  [[ $reference != */* ]] || reference=${path,,}/${reference##*/}
  digest=$(digest_of "$reference") ||
    fail "$reference cannot be found in the registry"
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "$reference has no digest"
  # The tag goes; a port of the registry stays.
  repository=${reference%@*}
  [[ ${repository##*/} != *:* ]] || repository=${repository%:*}
  resolved+="$name=$repository@$digest"$'\n'
  echo "$reference is $digest"
done <<<"$IMAGES"

# No line can be taken for the delimiter, since each has its equals sign.
printf 'images<<END\n%sEND\n' "$resolved" >>"$GITHUB_OUTPUT"
