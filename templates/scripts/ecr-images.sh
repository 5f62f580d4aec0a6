#!/usr/bin/env bash
# Finds the digest behind each image in ECR, so that what was built is what is deployed.
#
# in IMAGES: lines `NAME=ACCOUNT.dkr.ecr.REGION.amazonaws.com/repository:tag`, or `@sha256:...` instead of the tag
# out images: the same lines as `NAME=.../repository@sha256:...`
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

registry='^([0-9]{12})\.(dkr\.ecr|dkr\.ecr-fips|dkr-ecr)\.([a-z0-9-]+)\.(amazonaws\.com|amazonaws\.com\.cn|on\.aws)$'
name_of='^[a-z0-9]+([._/-]+[a-z0-9]+)*$'
# The request is JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
found=
while IFS='=' read -r name reference; do
  [[ -n $name$reference ]] || continue
  [[ $name =~ ^[A-Za-z0-9_-]+$ ]] || fail "\`$name\` is not the name of an image"
  host=${reference%%/*} repository=${reference#*/} tag='' digest=''
  if [[ $repository == *@* ]]; then
    digest=${repository#*@} repository=${repository%%@*}
  else
    tag=${repository#*:} repository=${repository%%:*}
  fi
  [[ $repository =~ $name_of && ( $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ || $digest =~ ^sha256:[0-9a-f]{64}$ ) ]] ||
    fail "$name: \`$reference\` is not an image with tag or digest"
  [[ $host =~ $registry ]] || fail "$name: \`$host\` is not a registry of ECR"
  region=$(sed -E "s/$registry/\\3/" <<< "$host")
  jq -n --arg account "${host%%.*}" --arg repository "$repository" --arg tag "$tag" --arg digest "$digest" \
    '{registryId: $account, repositoryName: $repository, imageIds: [if $tag != "" then {imageTag: $tag} else {imageDigest: $digest} end]}' > "$input"
  answer=$(aws ecr batch-get-image --region "$region" --output json --cli-input-json "file://$input") ||
    fail "ECR does not answer for $reference"
  digest=$(jq -r '.images[0].imageId.imageDigest // empty' <<< "$answer")
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] ||
    fail "$reference is not in the registry: $(jq -r '.failures[0].failureReason // "no answer"' <<< "$answer")"
  found+="$name=$host/$repository@$digest"$'\n'
  echo "$reference is $digest"
done <<< "$IMAGES"
[[ -n $found ]] || fail "IMAGES names no image"

# No line can be taken for the delimiter, since each has its equals sign.
printf '%s<<END\n%sEND\n' "images" "$found" >> "$GITHUB_OUTPUT"
