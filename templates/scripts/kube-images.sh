#!/usr/bin/env bash
# Reads the workloads as they are in the cluster and writes them to `$RUNNER_TEMP/kube-manifests.json` with the
# images of this release, for kube-migrate.sh and kube-set-image.sh. Nothing is changed.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: what is deployed, lines such as `deployment/shop`
# in IMAGES: lines `NAME=image@sha256:...`; a container is found by that name, as `backend` by `BACKEND_IMAGE`, or by its image's repository
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

digests=$(images "$IMAGES")
[[ $digests != "{}" ]] || fail "IMAGES names none"
names=$(workloads)
found='[]'
while read -r workload; do
  json=$(object "$workload")
  [[ -n $json ]] || fail "$workload does not exist in namespace $NAMESPACE: apply its manifests first"
  wanted=$(images_for "$json" "$digests")
  found=$(jq -c --argjson wanted "$wanted" --argjson found "$found" '
    .spec.template.spec.containers |= map(.name as $name | .image = ($wanted[$name] // .image)) | $found + [.]' <<< "$json")
  jq -r --arg workload "$workload" 'to_entries[] | "\($workload): \(.key) gets \(.value)"' <<< "$wanted"
done <<< "$names"
missing=$(jq -r --argjson digests "$digests" '[.[].spec.template.spec.containers[].image] as $used | [$digests[]] - $used | join(", ")' <<< "$found")
[[ -z $missing ]] || fail "no container is for $missing"
printf '%s\n' "$found" > "$RUNNER_TEMP/kube-manifests.json"
