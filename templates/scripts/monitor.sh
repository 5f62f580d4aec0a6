#!/usr/bin/env bash
# Watches a fresh deployment for a while and fails when too many checks do.
#
# in HEALTH_URLS: addresses that must answer 2xx, one per line
# in CHECKS?: how many checks, the first at once (default 10)
# in INTERVAL?: seconds between two checks (default 30)
# in TIMEOUT?: seconds per request (default 10)
# in MAX_ERROR_PERCENT?: largest share of failed checks (default 5)
# in MAX_CONSECUTIVE?: failed checks in a row that end the watch at once (default 3)
# in PROMETHEUS_URL?: server to ask at each check (default: none)
# in PROMETHEUS_QUERY?: its query, which must give one number (default: none)
# in PROMETHEUS_LIMIT?: a check fails above this value or without data (default 0.05)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# out checks: checks made
# out failed: checks failed
# out failed_percent: share of failed checks among those planned, rounded up
set -euo pipefail
# shellcheck source=parts/watch.sh
source "${BASH_SOURCE%/*}/parts/watch.sh"
limit=${PROMETHEUS_LIMIT:-0.05}
[[ $limit =~ ^[0-9.]+$ ]] || fail "PROMETHEUS_LIMIT must be a number"

# Prints what is wrong, and nothing if all is well.
ask_prometheus() {
  local reply value
  reply=$(request --show-error --fail --header @<(printf '%s' "${PROMETHEUS_TOKEN:+Authorization: Bearer $PROMETHEUS_TOKEN}") \
    --get --data-urlencode "query=$PROMETHEUS_QUERY" --url "${PROMETHEUS_URL%/}/api/v1/query" 2>&1) || { echo "Prometheus: $reply"; return; }
  value=$(jq -r 'if .status == "success" and (.data.result | length) == 1 then .data.result[0].value[1] else empty end' <<< "$reply" 2>&1) || value=
  [[ $value =~ ^-?[0-9.]+(e[-+]?[0-9]+)?$ ]] || { echo "Prometheus has no data"; return; }
  awk -v value="$value" -v limit="$limit" 'BEGIN { if (value + 0 > limit + 0) print "Prometheus: " value " is above " limit }'
}
look() {
  probe
  if [[ -z $problem && -n ${PROMETHEUS_URL:-} ]]; then problem=$(ask_prometheus); fi
}
watch
