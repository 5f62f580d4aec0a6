#!/usr/bin/env bash
# Gives images in ECR further tags, without pulling them: the same manifest under another name.
#
# in IMAGES: lines `NAME=ACCOUNT.dkr.ecr.REGION.amazonaws.com/repository@sha256:...`
# in TAGS: tags to give, one per line
# in MOVE?: `yes` lets a tag move that names another image by now (default no)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ ${MOVE:-no} =~ ^(yes|no)$ ]] || fail "MOVE must be \`yes\` or \`no\`"
mapfile -t new_tags < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$TAGS")
(( ${#new_tags[@]} )) || fail "TAGS names no tag"
for tag in "${new_tags[@]}"; do
  [[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || fail "\`$tag\` is not a tag"
done

# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws ecr "$1" --region "$region" --output json --cli-input-json "file://$input"; }
# The manifest as it was pushed, be it of one image or of one for several architectures.
image_of() {
  jq -n --arg account "$account" --arg repository "$repository" --argjson id "$1" '{
    registryId: $account, repositoryName: $repository, imageIds: [$id],
    acceptedMediaTypes: ["docker.distribution.manifest.v2", "docker.distribution.manifest.list.v2",
      "oci.image.manifest.v1", "oci.image.index.v1" | "application/vnd.\(.)+json"]
  }' | ask batch-get-image
}

reference_of='^[A-Za-z0-9_-]+=(([0-9]{12})\.(dkr\.ecr|dkr\.ecr-fips|dkr-ecr)\.([a-z0-9-]+)\.[a-z.]+/([a-z0-9]+([._/-]+[a-z0-9]+)*))@(sha256:[0-9a-f]{64})$'
while read -r line; do
  [[ -n $line ]] || continue
  [[ $line =~ $reference_of ]] || fail "\`$line\` is not a line \`NAME=...amazonaws.com/repository@sha256:...\`"
  IFS=' ' read -r image account region repository digest < <(sed -E "s,$reference_of,\\1 \\2 \\4 \\5 \\7," <<< "$line")
  source=$(image_of "{\"imageDigest\": \"$digest\"}") || fail "ECR does not answer for $image@$digest"
  [[ $(jq -r '.images[0].imageId.imageDigest // empty' <<< "$source") == "$digest" ]] || fail "$image@$digest is not in the registry"
  for tag in "${new_tags[@]}"; do
    before=$(image_of "{\"imageTag\": \"$tag\"}" | jq -r '.images[0].imageId.imageDigest // empty') || fail "ECR does not answer for $image:$tag"
    if [[ $before == "$digest" ]]; then echo "$image:$tag is $digest already"; continue; fi
    [[ -z $before || ${MOVE:-no} == yes ]] || fail "$image:$tag names $before by now and must not move"
    jq --arg tag "$tag" '.images[0] | {registryId, repositoryName, imageManifest, imageManifestMediaType, imageTag: $tag,
      imageDigest: .imageId.imageDigest}' <<< "$source" | ask put-image > /dev/null || fail "$image:$tag cannot be set"
    echo "$image:$tag is $digest now${before:+, and was $before}"
  done
done <<< "$IMAGES"
