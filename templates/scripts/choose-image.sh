#!/usr/bin/env bash
# Chooses one of several images; of one for several platforms, that for one of them.
#
# in IMAGES: lines `NAME=registry/image@sha256:...`
# in WANTED: the NAME that is wanted
# in PLATFORM?: the platform that is wanted, such as `linux/arm64` (default: the list of all)
# out image: the image, `registry/image@sha256:...`
# out name: its part before the `@`
# out digest: its part behind it
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

image=''
while IFS='=' read -r name reference; do
  [[ $name != "$WANTED" ]] || image=$reference
done <<< "$IMAGES"
[[ $image =~ ^[a-z0-9][^@[:space:]]*@sha256:[0-9a-f]{64}$ ]] || fail "$WANTED is not among the images"
name=${image%@*} digest=${image#*@}
if [[ -n ${PLATFORM:-} ]]; then
  digest=$(docker buildx imagetools inspect --raw "$image" | jq -er '
    [.manifests[] | select("\(.platform.os)/\(.platform.architecture)" == env.PLATFORM).digest] | if length == 1 then .[0] else empty end') ||
    fail "$image has no image for $PLATFORM"
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "$image has no digest for $PLATFORM"
fi
printf '%s\n' "image=$name@$digest" "name=$name" "digest=$digest" >> "$GITHUB_OUTPUT"
echo "$WANTED is $name@$digest${PLATFORM:+ for $PLATFORM}"
