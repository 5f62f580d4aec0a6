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
checks=${CHECKS:-10} interval=${INTERVAL:-30} timeout=${TIMEOUT:-10}
max_percent=${MAX_ERROR_PERCENT:-5} max_consecutive=${MAX_CONSECUTIVE:-3} limit=${PROMETHEUS_LIMIT:-0.05}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$checks $timeout $max_consecutive $max_percent $interval $limit" =~ ^([1-9][0-9]*\ ){3}(0|[1-9][0-9]?|100)\ [0-9.]+\ [0-9.]+$ ]] ||
  fail "CHECKS, TIMEOUT, MAX_CONSECUTIVE, MAX_ERROR_PERCENT, INTERVAL and PROMETHEUS_LIMIT must be numbers"
mapfile -t urls < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$HEALTH_URLS")
(( ${#urls[@]} )) || fail "HEALTH_URLS names no address"
request() { curl --silent --globoff --proto '=http,https' --max-time "$timeout" "$@"; }

# Each prints what is wrong, and nothing if all is well.
probe() {
  local status url
  for url in "${urls[@]}"; do
    status=$(request --output /dev/null --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$url" || true)
    [[ $status == 2?? ]] || { echo "$url answers $status"; return; }
  done
}
ask_prometheus() {
  local reply value
  reply=$(request --show-error --fail --header @<(printf '%s' "${PROMETHEUS_TOKEN:+Authorization: Bearer $PROMETHEUS_TOKEN}") \
    --get --data-urlencode "query=$PROMETHEUS_QUERY" --url "${PROMETHEUS_URL%/}/api/v1/query" 2>&1) || { echo "Prometheus: $reply"; return; }
  value=$(jq -r 'if .status == "success" and (.data.result | length) == 1 then .data.result[0].value[1] else empty end' <<< "$reply" 2>&1) || value=
  [[ $value =~ ^-?[0-9.]+(e[-+]?[0-9]+)?$ ]] || { echo "Prometheus has no data"; return; }
  awk -v value="$value" -v limit="$limit" 'BEGIN { if (value + 0 > limit + 0) print "Prometheus: " value " is above " limit }'
}

printf '| Check | Time | Result |\n| --- | --- | --- |\n' >> "$GITHUB_STEP_SUMMARY"
failed=0 consecutive=0 check=0
while (( check < checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )); do
  (( check == 0 )) || sleep "$interval"
  check=$((check + 1))
  problem=$(probe)
  if [[ -z $problem && -n ${PROMETHEUS_URL:-} ]]; then problem=$(ask_prometheus); fi
  if [[ -z $problem ]]; then consecutive=0; else failed=$((failed + 1)) consecutive=$((consecutive + 1)); fi
  result=$(escape "${problem:-ok}")
  echo "check $check of $checks: $result"
  printf '| %s | %(%H:%M:%S)T | %s |\n' "$check" -1 "${result//|/ }" >> "$GITHUB_STEP_SUMMARY"
done

percent=$(( (failed * 100 + checks - 1) / checks ))
printf 'checks=%s\nfailed=%s\nfailed_percent=%s\n' "$check" "$failed" "$percent" >> "$GITHUB_OUTPUT"
(( check == checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )) ||
  fail "$failed of $check checks failed, $max_percent % of $checks are allowed; the last one: ${problem:-ok}"
