#!/usr/bin/env bash
# Gives the workloads the images that kube-images.sh found for them, and leaves all else as it is.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: what is deployed, lines such as `deployment/shop`
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

names=$(workloads)
while read -r workload; do
  wanted=$(jq -c --arg workload "$workload" 'first(.[] | select("\(.kind | ascii_downcase)/\(.metadata.name)" == $workload))
    | [.spec.template.spec.containers[] | {key: .name, value: .image}] | from_entries' "$RUNNER_TEMP/kube-manifests.json")
  [[ -n $wanted ]] || fail "nothing is known of $workload"
  set_images "$workload" "$wanted" < /dev/null || fail "$workload was not changed"
  echo "$workload gets $(jq -r '[.[]] | join(", ")' <<< "$wanted")"
done <<< "$names"
