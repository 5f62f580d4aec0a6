#!/usr/bin/env bash
# Checks that an address answers with metrics in the Prometheus text format.
#
# in METRICS_URL: the address
# in ATTEMPTS?: how many tries before giving up (default 5)
# in INTERVAL?: seconds between two tries (default 6)
# in TIMEOUT?: seconds per request (default 10)
# in ON_FAILURE?: `fail` or `warn` (default fail)
set -euo pipefail
attempts=${ATTEMPTS:-5} interval=${INTERVAL:-6} timeout=${TIMEOUT:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"
[[ ${ON_FAILURE:-fail} =~ ^(warn|fail)$ ]] || fail "ON_FAILURE must be \`warn\` or \`fail\`, not \`$ON_FAILURE\`"
body=$(mktemp -p "$RUNNER_TEMP")

# Prints the status, and why if there is no whole answer.
request() {
  curl --silent --globoff --proto '=http,https' --max-time "$timeout" --header 'Accept: text/plain' \
    --output "$body" --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$METRICS_URL" || true
}
# Every line is a comment or `name{labels} value [timestamp]`, and there is at least one value.
is_metrics() {
  awk '{ sub(/\r$/, "") }
    /^#/ || /^[ \t]*$/ { next }
    /^[a-zA-Z_:][a-zA-Z0-9_:]*([{].*[}])?[ \t]+([-+]?([0-9.]+([eE][-+]?[0-9]+)?|Inf)|NaN)([ \t]+-?[0-9.]+)?$/ { samples++; next }
    { garbage++ }
    END { exit !(samples && !garbage) }' "$body"
}

for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  status=$(request)
  if [[ $status != 2?? ]]; then problem="answers $status"
  elif ! is_metrics; then problem="does not answer in the Prometheus text format"
  else echo "$METRICS_URL answers with metrics"; exit 0
  fi
  printf 'attempt %s of %s: %s\n' "$attempt" "$attempts" "$(escape "$problem")"
done
[[ ${ON_FAILURE:-fail} == warn ]] || fail "$METRICS_URL $problem"
printf '::warning::%s\n' "$(escape "$METRICS_URL $problem")"
