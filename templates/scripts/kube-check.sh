#!/usr/bin/env bash
# Checks that a cluster can take a release: its nodes are ready and not short of anything, and the
# quotas of the namespace leave room. Pods that crash are only named, since the release may mend them.
#
# in NAMESPACE: namespace of the application
# in WAIT_SECONDS?: time in which a node may come back (default 60)
# in POLL_SECONDS?: pause between two looks (default 3)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-60}
[[ $wait =~ ^[0-9]+$ ]] || fail "WAIT_SECONDS must be a number"

# Prints what is wrong with the nodes, a line each. A cordoned node takes no pods, and does not count.
trouble_of_nodes() {
  local nodes
  nodes=$(kube get nodes --output=json) || { echo "the nodes cannot be read: these credentials need the right to list them"; return; }
  # An empty answer is an error, too: `input` finds nothing.
  jq -rn 'input
    | if (.items | type) != "array" then error("no list") else . end
    | [.items[] | select(.spec.unschedulable != true)] as $nodes
    | if $nodes == [] then "no node takes pods" else empty end,
      ($nodes[] | .metadata.name as $name | (.status.conditions // []) as $conditions
        | (if any($conditions[]; .type == "Ready" and .status == "True") then empty else "node \($name) is not ready" end),
          ($conditions[] | select((.type | endswith("Pressure")) and .status == "True") | "node \($name) has \(.type)"))' <<< "$nodes" ||
    echo "the nodes cannot be read"
}

deadline=$((SECONDS + wait))
until trouble=$(trouble_of_nodes) && [[ -z $trouble ]]; do
  ((SECONDS < deadline)) || fail "the cluster is not well: ${trouble//$'\n'/, }"
  pause "${POLL_SECONDS:-3}"
done
echo "all nodes that take pods are ready"

# What stops pods when it is used up: `2`, `500m`, `1.5Gi`, `1e3`.
quotas=$(kube get resourcequotas --output=json) || fail "the quotas of $NAMESPACE cannot be read"
full=$(jq -rn '
  def number: (capture("^(?<number>[0-9.]+(e[0-9]+)?)(?<unit>[mkMGTPE]|[KMGTPE]i|)$") // error("no quantity"))
    | (.number | tonumber) * ({"": 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
        Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776, Pi: 1125899906842624, Ei: 1152921504606846976}[.unit]);
  input | [.items[] | .metadata.name as $name | .status as $status | $status.hard // {} | to_entries[]
    | select(.key | test("^(pods|count/pods|((requests|limits)\\.)?(cpu|memory))$"))
    | .value as $hard | ($status.used[.key] // "0") as $used
    | select(($used | number) >= ($hard | number)) | "\($name): \(.key) \($used) of \($hard)"] | join(", ")' <<< "$quotas") ||
  fail "the quotas of $NAMESPACE cannot be read"
[[ -z $full ]] || fail "quotas of $NAMESPACE are used up: $full"
echo "the quotas of $NAMESPACE leave room"

pods=$(kube get pods --output=json) || fail "the pods of $NAMESPACE cannot be read"
crashing=$(jq -rn 'input | [.items[] | select(any(.status | .initContainerStatuses[]?, .containerStatuses[]?;
  .state.waiting.reason == "CrashLoopBackOff")).metadata.name] | join(", ")' <<< "$pods") || fail "the pods of $NAMESPACE cannot be read"
[[ -z $crashing ]] || printf '::warning::%s\n' "$(escape "pods crash again and again in $NAMESPACE: $crashing")"
