#!/usr/bin/env bash
# Points the Service at the colour of this release and checks where its endpoints lead. If that
# fails, or the job is stopped meanwhile, it points at the colour before.
#
# in NAMESPACE: namespace of the application
# in SERVICE: Service that leads to the live colour
# in COLOUR: colour of this release
# in SLOT_LABEL?: label of the pods that tells the colours apart (default slot)
# in WAIT_SECONDS?: time for the endpoints to follow (default 60)
# in POLL_SECONDS?: pause between two looks at them (default 3)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-60} label=${SLOT_LABEL:-slot}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
[[ $COLOUR =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || fail "COLOUR has other characters than a-z 0-9 -"
json=$(object "service/$SERVICE")
[[ -n $json ]] || fail "service/$SERVICE does not exist"
before=$(jq -r --arg slot "$label" '.spec.selector[$slot] // empty' <<< "$json")
[[ -n $before ]] || fail "service/$SERVICE does not select by \`$label\`"

undo() {
  [[ $before != "$COLOUR" ]] || return 0
  if select_slot "$SERVICE" "$before"; then warn "service/$SERVICE leads to $before, as before"
  else warn "service/$SERVICE may still lead to $COLOUR"; fi
}
trap undo EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
select_slot "$SERVICE" "$COLOUR" || fail "service/$SERVICE was not changed"
wait_for_endpoints "$SERVICE" "$COLOUR" "$wait"
trap - EXIT
echo "traffic goes to $COLOUR"
