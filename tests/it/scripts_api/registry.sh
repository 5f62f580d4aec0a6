#!/usr/bin/env bash
# Stands in for docker and a registry, which is a folder: `blobs/DIGEST` holds the text of each
# image or list, `tags/NAME` the digest that a tag names. A call that matches the pattern in
# `fail` fails.
set -euo pipefail
registry=${0%/*}/../registry
mkdir -p "$registry/blobs" "$registry/tags"
if [[ -s $registry/fail && $* =~ $(< "$registry/fail") ]]; then echo "docker: told to fail" >&2; exit 3; fi

place() { printf '%s' "$registry/tags/${1//\//%}"; }
digest_of() {
  if [[ $1 == *@* ]]; then printf '%s' "${1#*@}"; else cat "$(place "$1")"; fi
}

[[ "$1 $2" == 'buildx imagetools' ]] || exit 64
case $3 in
  create)
    shift 3
    tags=() sources=()
    for word; do
      if [[ $word == --tag=* ]]; then tags+=("${word#--tag=}"); else sources+=("$word"); fi
    done
    for source in "${sources[@]}"; do cat "$registry/blobs/$(digest_of "$source")"; done |
      jq -s '{mediaType: "application/vnd.oci.image.index.v1+json", manifests: map(.manifests[])}' > "$registry/list"
    digest=sha256:$(sha256sum < "$registry/list" | cut -d ' ' -f 1)
    mv "$registry/list" "$registry/blobs/$digest"
    for tag in "${tags[@]}"; do printf '%s' "$digest" > "$(place "$tag")"; done
    ;;
  inspect)
    case $4 in
      --raw) cat "$registry/blobs/$(digest_of "$5")" ;;
      --format) [[ $5 == '{{.Manifest.Digest}}' ]] && digest_of "$6" && echo ;;
      *) exit 64 ;;
    esac
    ;;
  *) exit 64 ;;
esac
