#!/usr/bin/env bash
# Starts an Argo rollout with the images of this release and promotes it from pause to pause, with
# checks at each. If they fail, or the job is stopped, the rollout is aborted.
#
# in NAMESPACE: namespace of the application
# in ROLLOUT: name of the Rollout
# in IMAGES: lines `NAME=image@sha256:...`; a container is found by that name, as `backend` by `BACKEND_IMAGE`, or by its image's repository
# in WAIT_SECONDS?: time to get to the next pause or to the end (default 600)
# in STEP_SECONDS?: time to watch at each pause (default 60)
# in INTERVAL?: seconds before each check (default 10)
# in MAX_CONSECUTIVE?: failed checks in a row that end it (default 2)
# in HEALTH_URL?: address that must answer with success at each check (default: none)
# in CHECK_COMMAND?: shell command that fails if the new version does badly (default: none)
# in PROMETHEUS_URL?: server to ask at each check (default: none)
# in PROMETHEUS_QUERY?: its query, which must give one number (default: none)
# in PROMETHEUS_LIMIT?: a check fails above this value or without data (default 0.05)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# in POLL_SECONDS?: pause between two looks at the rollout (default 3)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-600} seconds=${STEP_SECONDS:-60}
[[ "$wait $seconds" =~ ^[1-9][0-9]*\ [0-9]+$ ]] || fail "WAIT_SECONDS and STEP_SECONDS must be numbers"
workload=$(WORKLOADS=rollout/$ROLLOUT workloads)
digests=$(images "$IMAGES")
[[ $digests != "{}" ]] || fail "IMAGES names none"
json=$(object "$workload")
[[ -n $json ]] || fail "$workload does not exist"
wanted=$(images_for "$json" "$digests")
missing=$(jq -r --argjson wanted "$wanted" '[.[]] - [$wanted[]] | join(", ")' <<< "$digests")
[[ -z $missing ]] || fail "no container of $workload is for $missing"

abort() {
  trap '' INT TERM
  kill "$!" 2> /dev/null || true
  if argo abort "$ROLLOUT"; then warn "$workload is aborted"
  else warn "$workload may still go on"; fi
}
position() { object "$workload" | jq -r '"\(.status.currentStepIndex) \(.status.phase)"'; }

trap abort EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
set_images "$workload" "$wanted" || fail "$workload was not changed"
while true; do
  # In the background, so that a signal is answered at once.
  wait_for_rollout "$workload" "$wait" 'Healthy Paused' > "$RUNNER_TEMP/kube-phase" & wait "$!"
  phase=$(< "$RUNNER_TEMP/kube-phase")
  [[ $phase == Paused ]] || break
  before=$(position)
  echo "paused after step ${before%% *}"
  watch_release "$seconds"
  argo promote "$ROLLOUT" || fail "$workload was not promoted"
  # The controller takes a moment to leave the pause.
  deadline=$((SECONDS + wait))
  until [[ $(position) != "$before" ]]; do
    ((SECONDS < deadline)) || fail "$workload does not go on"
    pause "${POLL_SECONDS:-3}"
  done
done
wait_for "$workload" "$wait" > /dev/null & wait "$!"
trap - EXIT
echo "$workload is healthy with $(jq -r '[.[]] | join(", ")' <<< "$wanted")"
