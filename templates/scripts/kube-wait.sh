#!/usr/bin/env bash
# Waits until the workloads are rolled out, and checks that their pods run the images of this release.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: lines such as `deployment/shop`, without a colour
# in IMAGES: lines `NAME=image@sha256:...`, each of which a workload must run
# in COLOUR?: colour or track of the workloads (default: none)
# in WAIT_SECONDS?: time for each workload (default 300)
# in POLL_SECONDS?: pause between two looks at the pods (default 3)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-300}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
digests=$(images "$IMAGES")
[[ $digests != "{}" ]] || fail "IMAGES names none"
names=$(workloads "${COLOUR:-}")
running='[]'
while read -r workload; do
  runs=$(wait_for "$workload" "$wait" < /dev/null)
  running=$(jq -c --argjson running "$running" '$running + [.[]]' <<< "$runs")
  echo "$workload is ready with $(jq -r '[.[]] | join(", ")' <<< "$runs")"
done <<< "$names"
missing=$(jq -r --argjson running "$running" '[.[]] - $running | join(", ")' <<< "$digests")
[[ -z $missing ]] || fail "no workload runs $missing"
