#!/usr/bin/env bash
# Scales the colour that was live before down to nothing; it stays, so that a roll-back can start it.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: lines such as `deployment/shop`, without a colour
# in SERVICE: Service that leads to the live colour
# in PREVIOUS_COLOUR: colour to retire (output of kube-record.sh); nothing happens if it is empty
# in SLOT_LABEL?: label of the pods that tells the colours apart (default slot)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

if [[ -z $PREVIOUS_COLOUR ]]; then
  echo "there is no previous colour"
  exit
fi
live=$(object "service/$SERVICE" | jq -r --arg slot "${SLOT_LABEL:-slot}" '.spec.selector[$slot] // empty')
[[ -n $live && $live != "$PREVIOUS_COLOUR" ]] || fail "service/$SERVICE leads to ${live:-no colour}, so $PREVIOUS_COLOUR stays"
names=$(workloads "$PREVIOUS_COLOUR")
while read -r workload; do
  kube scale "$workload" --replicas=0 < /dev/null | bar || fail "$workload was not scaled down"
done <<< "$names"
echo "$PREVIOUS_COLOUR is scaled down, traffic goes to $live"
