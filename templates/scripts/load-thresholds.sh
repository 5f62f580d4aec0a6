#!/usr/bin/env bash
# Compares what a load test measured with its limits. Only limits that are set are checked; a missing measurement fails.
#
# in K6_SUMMARY?: file written by `k6 run --summary-export` (default: none)
# in MAX_P95_MS?: limit of the 95th percentile of request durations, needs K6_SUMMARY (default: not checked)
# in MAX_ERROR_PERCENT?: limit of failed requests, needs K6_SUMMARY (default: not checked)
# in MIN_REQUESTS?: least requests in a second, needs K6_SUMMARY (default: not checked)
# in MAX_QUERY_MS?: limit of the slowest statement's mean time in pg_stat_statements (default: not checked)
# in DB_SERVICE?: Compose service of the database (default `db`)
# in DB_USER?: database user (default `postgres`)
# in DB_NAME?: database (default: the name of the user)
# in COMPOSE_FILE?: read by `docker compose` (default: its own)
# in STATS_FILE?: file written by sample-stats.sh (default: none)
# in MAX_MEMORY_MB?: limit of the peak of each container, 1024-based as Docker prints it, needs STATS_FILE (default: not checked)
# in MAX_CPU_PERCENT?: limit of the mean of each container, needs STATS_FILE (default: not checked)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

checked=0 wrong=0
printf '| Measured | Value | Limit | |\n| --- | --- | --- | --- |\n' >> "$GITHUB_STEP_SUMMARY"
check() {
  local what=$1 value=$2 limit=$3 side=${4:-most} verdict=ok
  [[ $limit =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "the limit of $what must be a number, not \`$limit\`"
  if [[ ! $value =~ ^[0-9.]+(e[-+]?[0-9]+)?$ ]]; then verdict='not measured'
  elif [[ $side == most ]] && awk -v value="$value" -v limit="$limit" 'BEGIN { exit !(value + 0 > limit + 0) }'; then verdict='over the limit'
  elif [[ $side == least ]] && awk -v value="$value" -v limit="$limit" 'BEGIN { exit !(value + 0 < limit + 0) }'; then verdict='under the limit'
  fi
  printf '| %s | %s | %s | %s |\n' "$what" "${value:-none}" "$limit" "$verdict" >> "$GITHUB_STEP_SUMMARY"
  checked=$((checked + 1))
  if [[ $verdict == ok ]]; then
    echo "$what: $value, at $side $limit"
  else
    wrong=$((wrong + 1))
    printf '::error::%s\n' "$(escape "$what: $verdict (${value:-none}, at $side $limit)")"
  fi
}
# `--summary-export` writes the values flat, `handleSummary` under `values`.
k6() { jq -r ".metrics.$1 | (.values // .) | $2 // empty" "${K6_SUMMARY:-/dev/null}" 2> /dev/null || true; }
slowest_query() {
  docker compose exec -T "${DB_SERVICE:-db}" psql --username="${DB_USER:-postgres}" --dbname="${DB_NAME:-${DB_USER:-postgres}}" -qAtX \
    -c 'SELECT max(mean_exec_time) FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())' < /dev/null
}
# Lines NAME, peak of the memory in MB, mean of the CPU in percent.
containers() {
  awk -F '\t' '
    match($3, /^[0-9.]+/) && $2 ~ /^[0-9.]+%$/ {
      unit = substr($3, RLENGTH + 1, 1)
      memory = substr($3, 1, RLENGTH) * (unit == "G" ? 1024 : unit == "M" ? 1 : unit ~ /[kK]/ ? 1 / 1024 : 1 / 1048576)
      if (memory > peak[$1]) peak[$1] = memory
      cpu[$1] += $2; samples[$1]++
    }
    END { for (name in samples) printf "%s %.1f %.1f\n", name, peak[name], cpu[name] / samples[name] }' "${STATS_FILE:-/dev/null}" | sort
}

[[ -z ${MAX_P95_MS:-} ]] || check 'P95 of requests (ms)' "$(k6 http_req_duration '.["p(95)"]')" "$MAX_P95_MS"
[[ -z ${MAX_ERROR_PERCENT:-} ]] || check 'failed requests (%)' "$(k6 http_req_failed '((.rate // .value) * 100)')" "$MAX_ERROR_PERCENT"
[[ -z ${MIN_REQUESTS:-} ]] || check 'requests in a second' "$(k6 http_reqs .rate)" "$MIN_REQUESTS" least
[[ -z ${MAX_QUERY_MS:-} ]] || check 'slowest query, mean (ms)' "$(slowest_query || true)" "$MAX_QUERY_MS"
if [[ -n ${MAX_MEMORY_MB:-}${MAX_CPU_PERCENT:-} ]]; then
  measured=$(containers) || fail "the samples in ${STATS_FILE:-} cannot be read"
  while read -r name memory cpu; do
    [[ -z ${MAX_MEMORY_MB:-} ]] || check "memory of ${name:-containers}, peak (MB)" "$memory" "$MAX_MEMORY_MB"
    [[ -z ${MAX_CPU_PERCENT:-} ]] || check "CPU of ${name:-containers}, mean (%)" "$cpu" "$MAX_CPU_PERCENT"
  done <<< "$measured"
fi
(( checked )) || fail "no limit is set"
(( wrong == 0 )) || fail "$wrong of $checked limits are not kept"
