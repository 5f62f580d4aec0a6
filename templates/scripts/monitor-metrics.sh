#!/usr/bin/env bash
# Watches a fresh deployment for a while: its health, and measurements with two limits each, one to warn and one to fail.
#
# in HEALTH_URLS: addresses that must answer 2xx, one per line
# in CHECKS?: how many checks, the first at once (default 10)
# in INTERVAL?: seconds between two checks (default 30)
# in TIMEOUT?: seconds per request (default 10)
# in MAX_ERROR_PERCENT?: largest share of failed checks (default 5)
# in MAX_CONSECUTIVE?: failed checks in a row that end the watch at once (default 3)
# in METRICS: JSON list of `{"name", "source", "query", "warn_above", "fail_above", "warn_below", "fail_below"}`; without data a check fails; the source is `probes` or `endpoint`, counted over the whole watch, with the query `errors`, `availability`, `p95`, `p99` or `cache-hits` (for `endpoint` with names of counters or a histogram behind it), or `prometheus`, `datadog`, `cloudwatch` with a list of MetricDataQueries, or `cloudwatch-alarm` with a name
# in METRICS_URL?: metrics in the Prometheus text format, for the source `endpoint` (default: none)
# in PROMETHEUS_URL?: server for the source `prometheus` (default: none)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# in DATADOG_URL?: address of the API for the site (default `https://api.datadoghq.com`)
# in DATADOG_API_KEY?: key for Datadog (default: none)
# in DATADOG_APP_KEY?: application key for Datadog (default: none)
# out checks: checks made
# out failed: checks failed
# out failed_percent: share of failed checks among those planned, rounded up
set -euo pipefail
# shellcheck source=parts/watch.sh
source "${BASH_SOURCE%/*}/parts/watch.sh"
datadog=${DATADOG_URL:-https://api.datadoghq.com}
wanted=$(jq -cn --arg list "$METRICS" '$list | fromjson
  | if type == "array" and all((.name | type == "string") and (.query | type | . == "string" or . == "array")
      and (.source | IN("probes", "endpoint", "prometheus", "datadog", "cloudwatch", "cloudwatch-alarm"))
      and ([.warn_above, .fail_above, .warn_below, .fail_below] | all(type == "null" or type == "number"))) then .[]
    else error("a metric is not whole") end' 2> /dev/null) || fail "METRICS is not a list of metrics with name, source, query and limits"
input=$(mktemp -p "$RUNNER_TEMP") before=$(mktemp -p "$RUNNER_TEMP") now=$(mktemp -p "$RUNNER_TEMP") total=$(mktemp -p "$RUNNER_TEMP")
declare -A warned=()

# Adds to the totals by how much each counter of the endpoint has grown since the look before.
# One that is smaller than before began anew, with a restart of the application.
read_endpoint() {
  request --show-error --fail --output "$input" --url "$METRICS_URL" 2>&1 || return
  sed -nE 's/^([A-Za-z_:][A-Za-z0-9_:]*(\{.*\})?)[[:space:]]+([-+0-9.eE]+|[-+]?Inf|NaN)([[:space:]]+[0-9]+)?[[:space:]]*$/\3 \1/p' "$input" > "$now"
  [[ -s $now ]] || { echo "the metrics at $METRICS_URL are not in the Prometheus text format"; return 1; }
  awk '{ key = $0; sub(/^[^ ]+ /, "", key) }
    FILENAME == ARGV[1] { sum[key] = $1; next }
    FILENAME == ARGV[2] { seen[key] = $1; any = 1; next }
    { if (any) sum[key] += $1 >= seen[key] ? $1 - seen[key] : $1; else sum[key] += 0 }
    END { for (key in sum) printf "%.9g %s\n", sum[key], key }' "$total" "$before" "$now" > "$input"
  cp "$input" "$total"
  cp "$now" "$before"
}
# Each prints the newest value of a query, and nothing without data. Keys do not stand on the command line.
ask_endpoint() {
  local kind names
  read -r kind names <<< "$1"
  awk -v kind="$kind" -v names="${names:-}" '
    function has(name) { return index(" " names " ", " " name " ") }
    { value = $1; key = $0; sub(/^[^ ]+ /, "", key); name = key; sub(/\{.*/, "", name)
      bucket = name; sub(/_bucket$/, "", bucket) }
    kind ~ /^(errors|availability)$/ && has(name) { found = 1; all += value
      if (key ~ /[{,](status|code|status_code|statusCode|http_status)="5/) bad += value }
    kind ~ /^p9/ && name != bucket && has(bucket) && match(key, /[{,]le="[^"]*"/) { found = 1
      le = substr(key, RSTART + 5, RLENGTH - 6)
      if (le == "+Inf") all += value; else { count[le] += value } }
    kind == "cache-hits" { split(names, pair, " ")
      if (name == pair[1]) { found = 1; bad += value; all += value } else if (name == pair[2]) all += value }
    END {
      if (!found) exit
      if (all <= 0) { print "idle"; exit }
      if (kind == "errors" || kind == "cache-hits") print 100 * bad / all
      else if (kind == "availability") print 100 - 100 * bad / all
      else { rank = all * substr(kind, 2) / 100; best = "Inf"; least = 0; at_least = 0
        for (le in count) if (count[le] >= rank) { if (best == "Inf" || le + 0 < best + 0) best = le }
          else if (le + 0 > least) { least = le + 0; at_least = count[le] }
        # Within a bucket, requests are taken to lie evenly; above the last one, at least there.
        if (best == "Inf") print least
        else print least + (best - least) * (rank - at_least) / (count[best] - at_least) }
    }' "$total"
}
ask_probes() {
  sort -k 2,2n "$samples" | awk -v kind="$1" '{ time[NR] = $2; if ($1 !~ /^2/) bad += 1 }
    END { if (kind == "errors") print 100 * bad / NR
      else if (kind == "availability") print 100 - 100 * bad / NR
      else { rank = int((NR * substr(kind, 2) + 99) / 100); print time[rank] } }'
}
# What is not the expected JSON has no value.
first_of() { jq -r "($1) // empty" 2> /dev/null || true; }
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
  [[ $value != idle ]] || { echo "warn $name: nothing was counted yet"; return; }
  [[ $value =~ ^-?[0-9.]+([eE][-+]?[0-9]+)?$ ]] || { echo "fail $name has no data"; return; }
  jq -r --arg value "$value" --arg name "$name" '($value | tonumber) as $number
    | def above($level): .[$level + "_above"] | values | select($number > .) | "\($level) \($name): \($value) is above \(.)";
      def below($level): .[$level + "_below"] | values | select($number < .) | "\($level) \($name): \($value) is below \(.)";
      if .source == "cloudwatch-alarm" then if $number > 0 then "fail \($name) is in alarm" else empty end
      else first(("fail", "warn") as $level | above($level), below($level)) end' <<< "$1"
}
look() {
  local metric verdict reading=''
  probe
  if [[ -n ${METRICS_URL:-} ]]; then reading=$(read_endpoint) || problem=${problem:-$reading}; fi
  # The counters of an endpoint have grown by nothing at the first look.
  [[ $check != 1 || -z ${METRICS_URL:-} || $checks == 1 ]] || return 0
  while [[ -z $problem ]] && read -r metric; do
    [[ -n $metric ]] || continue
    verdict=$(judge "$metric")
    case $verdict in
      fail*)
        problem=${verdict#fail }
        [[ $(jq -r .source <<< "$metric") != @(probes|endpoint) ]] || lasting=$problem ;;
      warn*) warn "${verdict#warn }" ;;
    esac
  done <<< "$wanted"
}
# Says the first warning of each metric aloud.
warn() {
  warning=$1
  [[ -z ${warned[${1%%:*}]:-} ]] || return 0
  warned[${1%%:*}]=1
  printf '::warning::%s\n' "$(escape "$1")"
}
watch
