#!/usr/bin/env bash
# Makes sure that images were built by a workflow of this repository: each must have a signed
# attestation that says so. An image without one is not deployed.
#
# in IMAGES: lines `NAME=image@sha256:...`
# in GH_TOKEN: may read the repository's attestations; the registry is logged in to already
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

checked=0
while read -r line; do
  [[ -n $line ]] || continue
  image=${line#*=}
  # A tag may move between this check and the deployment.
  [[ $line == *=* && $image =~ ^[a-z0-9][^@[:space:]]*@sha256:[0-9a-f]{64}$ ]] || fail "\`$line\` names no image by its digest"
  found=$(gh attestation verify "oci://$image" --repo "$GITHUB_REPOSITORY" --format json) ||
    fail "$image has no valid attestation of $GITHUB_REPOSITORY"
  jq -e 'length > 0' <<< "$found" > /dev/null || fail "$image has no attestation of $GITHUB_REPOSITORY"
  echo "$image was built by a workflow of $GITHUB_REPOSITORY"
  checked=$((checked + 1))
done <<< "$IMAGES"
(( checked )) || fail "no image is named"
