#!/usr/bin/env bash
# Goes back to what kube-record.sh found: the traffic first, then revisions and images, and checks
# that this is what runs.
#
# in NAMESPACE: namespace of the application
# in RECORD_NAME: ConfigMap with the record of the last deployment
# in RECORD?: record of the deployment to undo (output of kube-record.sh) (default: the one in RECORD_NAME)
# in SERVICE?: Service that leads to the live colour (default: one colour)
# in SLOT_LABEL?: label of the pods that tells the colours apart (default slot)
# in HTTP_ROUTE?: HTTPRoute that may give a canary traffic (default: none)
# in STABLE_SERVICE?: Service of the version that was live (default: none)
# in CANARY_SERVICE?: Service of the canary (default: none)
# in COLOUR?: track of the canary (default canary)
# in WAIT_SECONDS?: time for each workload (default 300)
# in POLL_SECONDS?: pause between two looks at the pods (default 3)
# out version: version that is live afterwards; empty if it was not known
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-300} track=${COLOUR:-canary}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
record=${RECORD:-}
if [[ -z $record ]]; then
  kept=$(object "configmap/$RECORD_NAME")
  [[ -n $kept ]] || fail "configmap/$RECORD_NAME does not exist: nothing was deployed to namespace $NAMESPACE yet"
  record=$(jq -r .data.record <<< "$kept")
fi
record=$(jq -ce 'select(.workloads and .version and .colour)' <<< "$record" 2> /dev/null) || fail "the record cannot be read"
version=$(jq -r .version <<< "$record") colour=$(jq -r .colour <<< "$record")
all=$(WORKLOADS=$(jq -r '.workloads[].workload' <<< "$record") workloads)
[[ $colour =~ ^(blue|green)?$ ]] || fail "the record names colour $colour"
[[ -z $colour || -n ${SERVICE:-} ]] || fail "$colour was live, and SERVICE does not say what leads there"

was() { jq -c --arg workload "$1" '.workloads[] | select(.workload == $workload)'"$2" <<< "$record"; }
scale_down() {
  local found
  found=$(object "$1")
  [[ -z $found ]] || kube scale "$1" --replicas=0 < /dev/null | bar || warn "$1 still runs"
}
# Restores what only a set of images can, if they are others, and waits.
restore_images() {
  local now
  now=$(object "$1" | jq -c '[.spec.template.spec.containers[] | {key: .name, value: .image}] | from_entries')
  if ! jq -e --argjson now "$now" '. == $now' <<< "$2" > /dev/null; then set_images "$1" "$2" || fail "$1 was not changed"; fi
  now=$(wait_for "$1" "$wait" < /dev/null)
  jq -e --argjson now "$now" '. == $now' <<< "$2" > /dev/null || fail "$1 runs $now instead of $2"
  echo "$1 is ready with $(jq -r '[.[]] | join(", ")' <<< "$2")"
}
restore_revision() {
  local revision name=${1#*/}
  revision=$(was "$1" '.revision | select(test("^[0-9]+$"))' | jq -r .)
  if [[ $1 == rollout/* ]]; then
    argo abort "$name" || true
    [[ -z $revision ]] || argo undo "$name" --to-revision="$revision" || revision=''
  else
    [[ -z $revision ]] || kube rollout undo "$1" --to-revision="$revision" 2>&1 | bar || revision=''
  fi
  # The revision has another number if it was restored before, or is gone from the history.
  [[ -n $revision ]] || echo "$1: no revision to restore, only its images"
}

if [[ -n ${HTTP_ROUTE:-} ]]; then
  weigh_canary 0 || fail "the weights were not changed"
  echo "all traffic goes to $STABLE_SERVICE"
fi
jq -e 'any(.workloads[]; .images)' <<< "$record" > /dev/null || fail "nothing was deployed before, so there is nothing to go back to"

while read -r workload; do
  images=$(was "$workload" '.images // empty')
  if [[ -z $images ]]; then
    warn "$workload is new and stays: nothing of it was deployed before"
  elif [[ -n $colour ]]; then
    replicas=$(was "$workload" .replicas)
    kube scale "$workload-$colour" --replicas="$replicas" < /dev/null | bar || fail "$workload-$colour was not scaled"
    restore_images "$workload-$colour" "$images"
  else
    restore_revision "$workload" < /dev/null
    restore_images "$workload" "$images"
  fi
done <<< "$all"

if [[ -n $colour ]]; then
  select_slot "$SERVICE" "$colour" || fail "service/$SERVICE was not changed"
  wait_for_endpoints "$SERVICE" "$colour" "$wait"
  track=blue
  [[ $colour != blue ]] || track=green
fi
if [[ -n $colour || -n ${HTTP_ROUTE:-} ]]; then
  while read -r workload; do scale_down "$workload-$track"; done <<< "$all"
fi
echo "version=$version" >> "$GITHUB_OUTPUT"
echo "version ${version:-before this deployment} is live"
