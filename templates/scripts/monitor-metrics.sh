#!/usr/bin/env bash
# Watches a fresh deployment for a while and fails when too many checks of its health or its metrics do.
#
# in HEALTH_URLS: addresses that must answer 2xx, one per line
# in CHECKS?: how many checks, the first at once (default 10)
# in INTERVAL?: seconds between two checks (default 30)
# in TIMEOUT?: seconds per request (default 10)
# in MAX_ERROR_PERCENT?: largest share of failed checks (default 5)
# in MAX_CONSECUTIVE?: failed checks in a row that end the watch at once (default 3)
# in METRICS?: JSON list of `{"name", "source", "query", "warn_above", "fail_above", "warn_below", "fail_below"}`; without data a check fails; the source is `prometheus`, `datadog`, `cloudwatch` with a list of MetricDataQueries, or `cloudwatch-alarm` with a name (default: none)
# in PROMETHEUS_URL?: server to ask at each check (default: none)
# in PROMETHEUS_QUERY?: one more query, which must give one number (default: none)
# in PROMETHEUS_LIMIT?: a check fails above this value or without data (default 0.05)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# in DATADOG_URL?: address of the API for the site (default `https://api.datadoghq.com`)
# in DATADOG_API_KEY?: key for Datadog (default: none)
# in DATADOG_APP_KEY?: application key for Datadog (default: none)
# out checks: checks made
# out failed: checks failed
# out failed_percent: share of failed checks among those planned, rounded up
set -euo pipefail
checks=${CHECKS:-10} interval=${INTERVAL:-30} timeout=${TIMEOUT:-10}
max_percent=${MAX_ERROR_PERCENT:-5} max_consecutive=${MAX_CONSECUTIVE:-3} limit=${PROMETHEUS_LIMIT:-0.05}
datadog=${DATADOG_URL:-https://api.datadoghq.com}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$checks $timeout $max_consecutive $max_percent $interval $limit" =~ ^([1-9][0-9]*\ ){3}(0|[1-9][0-9]?|100)\ [0-9.]+\ [0-9.]+$ ]] ||
  fail "CHECKS, TIMEOUT, MAX_CONSECUTIVE, MAX_ERROR_PERCENT, INTERVAL and PROMETHEUS_LIMIT must be numbers"
metrics=$(jq -cn --arg list "${METRICS:-[]}" --arg url "${PROMETHEUS_URL:-}" --arg query "${PROMETHEUS_QUERY:-}" --arg limit "$limit" '
  ($list | fromjson) + if $url != "" and $query != "" then [{name: "Prometheus", source: "prometheus", query: $query, fail_above: ($limit | tonumber)}] else [] end
  | if all((.name | type == "string") and (.query | type | . == "string" or . == "array")
      and (.source | IN("prometheus", "datadog", "cloudwatch", "cloudwatch-alarm"))
      and ([.warn_above, .fail_above, .warn_below, .fail_below] | all(type == "null" or type == "number"))) then .[]
    else error("a metric is not whole") end' 2> /dev/null) || fail "METRICS is not a list of metrics with name, source, query and limits"
input=$(mktemp -p "$RUNNER_TEMP")
mapfile -t urls < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$HEALTH_URLS")
(( ${#urls[@]} )) || fail "HEALTH_URLS names no address"
request() { curl --silent --globoff --proto '=http,https' --max-time "$timeout" "$@"; }

# Prints what is wrong, and nothing if all is well.
probe() {
  local status url
  for url in "${urls[@]}"; do
    status=$(request --output /dev/null --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$url" || true)
    [[ $status == 2?? ]] || { echo "$url answers $status"; return; }
  done
}
# What is not the expected JSON has no value.
first_of() { jq -r "($1) // empty" 2> /dev/null || true; }
# Each prints the newest value of a query, if there is exactly one series. Keys do not stand on the command line.
ask_prometheus() {
  request --show-error --fail --header @<(printf '%s' "${PROMETHEUS_TOKEN:+Authorization: Bearer $PROMETHEUS_TOKEN}") \
    --get --data-urlencode "query=$1" --url "${PROMETHEUS_URL%/}/api/v1/query" |
    first_of 'select(.status == "success" and (.data.result | length) == 1) | .data.result[0].value[1]'
}
ask_datadog() {
  local now
  now=$(date +%s)
  request --show-error --fail --header @<(printf 'DD-API-KEY: %s\nDD-APPLICATION-KEY: %s\n' "${DATADOG_API_KEY:-}" "${DATADOG_APP_KEY:-}") \
    --get --data "from=$((now - 600))" --data "to=$now" --data-urlencode "query=$1" \
    --url "${datadog%/}/api/v1/query" |
    first_of 'select(.status == "ok" and (.series | length) == 1) | [.series[0].pointlist[][1] | values][-1]'
}
ask_cloudwatch() {
  jq -n --argjson queries "$1" --arg from "$(date --utc --date '-10 minutes' +%FT%TZ)" --arg to "$(date --utc +%FT%TZ)" \
    '{MetricDataQueries: $queries, StartTime: $from, EndTime: $to, ScanBy: "TimestampDescending"}' > "$input"
  aws cloudwatch get-metric-data --output json --cli-input-json "file://$input" |
    first_of '.MetricDataResults | select(length == 1 and (.[0].StatusCode | IN("Complete", "PartialData"))) | .[0].Values[0]'
}
# An alarm counts as 1; one that has too little data has none.
ask_cloudwatch_alarm() {
  jq -n --arg name "$1" '{AlarmNames: [$name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"]}' > "$input"
  aws cloudwatch describe-alarms --output json --cli-input-json "file://$input" |
    first_of '[.MetricAlarms[]?, .CompositeAlarms[]?][0].StateValue | {OK: 0, ALARM: 1}[. // ""]'
}
# Prints `fail` or `warn` and what is wrong with a metric.
judge() {
  local name source query value errors
  name=$(jq -r '.name | gsub("\\s+"; " ")' <<< "$1") source=$(jq -r .source <<< "$1")
  query=$(jq -r '.query | if type == "string" then . else tojson end' <<< "$1")
  errors=$(mktemp -p "$RUNNER_TEMP")
  value=$("ask_${source//-/_}" "$query" 2> "$errors") || { echo "fail $name: $(< "$errors")"; return; }
  [[ $value =~ ^-?[0-9.]+([eE][-+]?[0-9]+)?$ ]] || { echo "fail $name has no data"; return; }
  jq -r --arg value "$value" --arg name "$name" '($value | tonumber) as $number
    | def above($level): .[$level + "_above"] | values | select($number > .) | "\($level) \($name): \($value) is above \(.)";
      def below($level): .[$level + "_below"] | values | select($number < .) | "\($level) \($name): \($value) is below \(.)";
      if .source == "cloudwatch-alarm" then if $number > 0 then "fail \($name) is in alarm" else empty end
      else first(("fail", "warn") as $level | above($level), below($level)) end' <<< "$1"
}

printf '| Check | Time | Result |\n| --- | --- | --- |\n' >> "$GITHUB_STEP_SUMMARY"
failed=0 consecutive=0 check=0
while (( check < checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )); do
  (( check == 0 )) || sleep "$interval"
  check=$((check + 1))
  problem=$(probe) warning=''
  while [[ -z $problem ]] && read -r metric; do
    [[ -n $metric ]] || continue
    verdict=$(judge "$metric")
    case $verdict in
      fail*) problem=${verdict#fail } ;;
      warn*) warning=${verdict#warn } ;;
    esac
  done <<< "$metrics"
  if [[ -z $problem ]]; then consecutive=0; else failed=$((failed + 1)) consecutive=$((consecutive + 1)); fi
  [[ -n $problem || -z $warning ]] || printf '::warning::%s\n' "$(escape "$warning")"
  result=$(escape "${problem:-${warning:-ok}}")
  echo "check $check of $checks: $result"
  printf '| %s | %(%H:%M:%S)T | %s |\n' "$check" -1 "${result//|/ }" >> "$GITHUB_STEP_SUMMARY"
done

percent=$(( (failed * 100 + checks - 1) / checks ))
printf 'checks=%s\nfailed=%s\nfailed_percent=%s\n' "$check" "$failed" "$percent" >> "$GITHUB_OUTPUT"
(( check == checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )) ||
  fail "$failed of $check checks failed, $max_percent % of $checks are allowed; the last one: ${problem:-ok}"
