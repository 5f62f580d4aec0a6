#!/usr/bin/env bash
# Looks how long the statements of a PostgreSQL database take, by what pg_stat_statements has seen: 95 of 100 calls, as the mean
# and the deviation tell it. Slow ones are a warning.
#
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`
# in MAX_MS: milliseconds within which 95 of 100 calls of each statement should end
# in MIN_CALLS?: statements that were called less often say nothing (default 20)
# out slow: how many statements are slower; empty if nothing is known
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
unknown() { echo "slow=" >> "$GITHUB_OUTPUT"; printf '::warning::%s\n' "$(escape "nothing is known of the time that statements take: $1")"; exit 0; }
# shellcheck source=parts/postgres.sh
source "${BASH_SOURCE%/*}/parts/postgres.sh"

[[ "$MAX_MS ${MIN_CALLS:-20}" =~ ^[0-9]+\ [0-9]+$ ]] || fail "MAX_MS and MIN_CALLS must be numbers"
connect
there=$(query "select count(*) from pg_extension where extname = 'pg_stat_statements'") || unknown "the database cannot be asked"
[[ $there == 1 ]] || unknown "the extension pg_stat_statements is not there"
rows=$(query "select round((mean_exec_time + 1.645 * stddev_exec_time)::numeric, 1) || ' ms: ' || regexp_replace(left(query, 120), '\s+', ' ', 'g')
  from pg_stat_statements join pg_database on pg_database.oid = dbid
  where datname = current_database() and calls >= ${MIN_CALLS:-20} and mean_exec_time + 1.645 * stddev_exec_time > $MAX_MS
  order by mean_exec_time + 1.645 * stddev_exec_time desc limit 10") || unknown "the statistics cannot be read"
slow=$(grep -c . <<< "$rows" || true)
echo "slow=$slow" >> "$GITHUB_OUTPUT"
[[ $slow != 0 ]] || { echo "95 of 100 calls of each statement end within $MAX_MS ms"; exit 0; }
# shellcheck disable=SC2016
{ printf '### Statements slower than %s ms\n\n' "$MAX_MS"; sed 's/`//g; s/^/- `/; s/$/`/' <<< "$rows"; } >> "$GITHUB_STEP_SUMMARY"
printf '::warning::%s\n' "$(escape "$slow statements are slower than $MAX_MS ms, the slowest: $(head -n 1 <<< "$rows")")"
