#!/usr/bin/env bash
# Puts the platforms of an image together: one list in the registry that names each by its digest,
# and has the tags of the image.
#
# in TAGS: the whole names of the image, `registry/image:tag`, one per line
# in PLATFORMS: the platforms that it was built for, as `linux/amd64 linux/arm64`
# in DIGESTS: folder with a file for each processor, such as `amd64`, that holds the digest for it
# out digest: digest of the list
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

mapfile -t names < <(sed '/^[[:space:]]*$/d' <<< "$TAGS")
(( ${#names[@]} )) || fail "TAGS names no tag"
repository=${names[0]%:*}
for name in "${names[@]}"; do
  [[ $name =~ ^[a-z0-9][a-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || fail "\`$name\` is not an image with its tag"
  [[ ${name%:*} == "$repository" ]] || fail "$name is not in $repository"
done
read -ra all <<< "$PLATFORMS"
(( ${#all[@]} )) || fail "PLATFORMS names no platform"
sources=()
for platform in "${all[@]}"; do
  [[ $platform =~ ^linux/[a-z0-9]+$ ]] || fail "\`$platform\` is not a platform"
  file=$DIGESTS/${platform#linux/}
  [[ -f $file ]] || fail "no job has left the digest of $repository for $platform"
  digest=$(< "$file")
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "$repository has no digest for $platform: \`$digest\`"
  sources+=("$repository@$digest")
done

docker buildx imagetools create "${names[@]/#/--tag=}" "${sources[@]}" || fail "the platforms of $repository cannot be put together"
list=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "${names[0]}") || fail "${names[0]} cannot be found in the registry"
[[ $list =~ ^sha256:[0-9a-f]{64}$ ]] || fail "${names[0]} has no digest"
# What came with the images, such as their provenance, stands in the list without a platform.
found=$(docker buildx imagetools inspect --raw "$repository@$list" |
  jq -er '[.manifests[].platform | "\(.os)/\(.architecture)" | select(. != "unknown/unknown")] | sort | join(" ")') ||
  fail "$repository@$list is no list of platforms"
wanted=$(printf '%s\n' "${all[@]}" | sort -u | paste -sd ' ')
[[ $found == "$wanted" ]] || fail "$repository@$list is for $found instead of $wanted"
echo "digest=$list" >> "$GITHUB_OUTPUT"
echo "$repository@$list is for $found: ${names[*]}"
