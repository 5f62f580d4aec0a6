#!/usr/bin/env bash
# Gives all traffic to the stable Service, whose pods run the new version by now, and scales the
# canary down to nothing.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS?: lines such as `deployment/shop`, without the track (default: nothing is scaled down)
# in COLOUR?: track of the canary (default canary)
# in HTTP_ROUTE: HTTPRoute with both Services as backends of a rule
# in STABLE_SERVICE: Service of the workloads
# in CANARY_SERVICE: Service of the canary
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

names=''
[[ -z ${WORKLOADS:-} ]] || names=$(workloads "${COLOUR:-canary}")
weigh_canary 0 || fail "the weights were not changed"
while read -r workload; do
  [[ -n $workload ]] || continue
  kube scale "$workload" --replicas=0 < /dev/null | bar || fail "$workload was not scaled down"
done <<< "$names"
echo "all traffic goes to $STABLE_SERVICE"
