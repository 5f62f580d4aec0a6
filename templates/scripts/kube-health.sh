#!/usr/bin/env bash
# Asks a workload for its health through a port of its own, before any traffic reaches it, and then
# runs a command against that port.
#
# in NAMESPACE: namespace of the application
# in WORKLOAD: such as `deployment/shop`, without a colour
# in PORT: port of its container
# in COLOUR?: colour or track of the workload (default: none)
# in HEALTH_PATH?: path that must answer 2xx (default /)
# in EXPECTED_VERSION?: version that the answer must name (default: not compared)
# in SMOKE_COMMAND?: shell command to run with the address in BASE_URL (default: none)
# in ATTEMPTS?: how many tries before giving up (default 10)
# in INTERVAL?: seconds between two tries (default 6)
# in TIMEOUT?: seconds per request (default 10)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"
attempts=${ATTEMPTS:-10} interval=${INTERVAL:-6} timeout=${TIMEOUT:-10}

[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"
[[ $PORT =~ ^[0-9]{1,5}$ ]] || fail "PORT is no port number"
[[ ${HEALTH_PATH:-/} =~ ^/[^[:space:]]*$ ]] || fail "HEALTH_PATH is no path"
target=$(WORKLOADS=$WORKLOAD workloads "${COLOUR:-}")
folder=$(mktemp -d -p "$RUNNER_TEMP")
forward=''
trap '[[ -z $forward ]] || kill "$forward" 2> /dev/null || true' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# Opens the port if it is not open: forwarding ends with the pod that it leads to.
open_port() {
  [[ -z $forward ]] || ! kill -0 "$forward" 2> /dev/null || return 0
  kubectl --namespace="$NAMESPACE" port-forward --address=127.0.0.1 "$target" ":$PORT" > "$folder/forward" 2>&1 &
  forward=$!
  local tries=100
  while ((tries--)); do
    BASE_URL=$(sed -nE 's|^Forwarding from (127\.0\.0\.1:[0-9]+) -> .*|http://\1|p' "$folder/forward")
    [[ -z $BASE_URL ]] || return 0
    kill -0 "$forward" 2> /dev/null || return 1
    pause 0.1
  done
  return 1
}
# A whole word of the answer, since v1.2 is not v1.2.10; a leading `v` does not matter.
names_version() { tr -c 'A-Za-z0-9._+-' '\n' < "$folder/body" | sed 's/^v//' | grep -xF -e "${EXPECTED_VERSION#v}" > /dev/null; }

healthy=''
for attempt in $(seq "$attempts"); do
  [[ $attempt == 1 ]] || pause "$interval"
  if ! open_port; then
    problem="no port to $target: $(tail -n 1 "$folder/forward")"
  else
    status=$(curl --silent --noproxy '*' --globoff --max-time "$timeout" --output "$folder/body" \
      --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$BASE_URL${HEALTH_PATH:-/}") || true
    if [[ $status != 2?? ]]; then problem="answers $status"
    elif [[ -n ${EXPECTED_VERSION:-} ]] && ! names_version; then problem="does not name version $EXPECTED_VERSION"
    else healthy=1; break
    fi
  fi
  printf 'attempt %s of %s: %s\n' "$attempt" "$attempts" "$(escape "$problem")"
done
[[ -n $healthy ]] || fail "$target is not healthy: $problem"
echo "$target is healthy"
if [[ -n ${SMOKE_COMMAND:-} ]]; then
  open_port || fail "no port to $target: $(tail -n 1 "$folder/forward")"
  export BASE_URL
  bash -euo pipefail -c "$SMOKE_COMMAND" < /dev/null & wait "$!" || fail "the smoke test of $target failed"
  echo "the smoke test of $target passed"
fi
