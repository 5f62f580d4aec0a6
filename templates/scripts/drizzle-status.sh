#!/usr/bin/env bash
# Compares the migrations of drizzle-kit with those that a PostgreSQL database has.
#
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`, other databases are not supported
# in MIGRATIONS?: folder of the migrations (default `drizzle`)
# in MIGRATIONS_TABLE?: table of the applied ones (default `drizzle.__drizzle_migrations`)
# in REQUIRE_CURRENT?: 1 fails when a migration is missing, as after migrating (default 0)
# out has_migrations: `true` or `false`, whether some are to be applied
# out pending: their names, separated by spaces
# out previous_version: name of the newest that is applied; empty if none is
set -euo pipefail
migrations=${MIGRATIONS:-drizzle} table=${MIGRATIONS_TABLE:-drizzle.__drizzle_migrations}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/postgres.sh
source "${BASH_SOURCE%/*}/parts/postgres.sh"

[[ $table =~ ^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "MIGRATIONS_TABLE must be \`schema.table\`, not \`$table\`"
journal=$migrations/meta/_journal.json
jq -e '.entries | type == "array"' 2> /dev/null < "$journal" > /dev/null || fail "there is no journal of drizzle-kit in \`$journal\`"
connect
exists=$(query "select to_regclass('$table') is not null") || fail "the database cannot be asked"
applied=''
[[ $exists == f ]] || applied=$(query "select created_at from $table order by created_at desc") || fail "the applied migrations cannot be read"

state=$(jq -c --argjson applied "$(jq -s . <<< "$applied")" '
  def names: map(.tag) | join(" ");
  ($applied | max) as $newest
  | {unknown: ($applied - (.entries | map(.when)) | length),
     pending: (.entries | map(select($newest == null or .when > $newest)) | names),
     skipped: (.entries | map(select($newest != null and .when < $newest and ([.when] - $applied | length > 0))) | names),
     newest: (.entries | map(select(.when == $newest))[0].tag // "")}' < "$journal") || fail "the journal in \`$journal\` cannot be read"
get() { jq -r --arg name "$1" '.[$name]' <<< "$state"; }

[[ $(get unknown) == 0 ]] || fail "the database has $(get unknown) migrations that are not in $journal: it belongs to another branch or release"
# drizzle-kit looks at the newest one only and would never apply these.
[[ -z $(get skipped) ]] || fail "older than the newest applied migration, so drizzle-kit leaves them out: $(get skipped); generate them again"
pending=$(get pending) newest=$(get newest)
[[ $pending$newest =~ ^[A-Za-z0-9_.\ -]*$ ]] || fail "the names of the migrations have other characters than A-Z a-z 0-9 _ . -"
has=false
[[ -z $pending ]] || has=true
printf 'has_migrations=%s\npending=%s\nprevious_version=%s\n' "$has" "$pending" "$newest" >> "$GITHUB_OUTPUT"
echo "newest applied migration: ${newest:-none}; to be applied: ${pending:-none}"
[[ ${REQUIRE_CURRENT:-0} != 1 || $has == false ]] || fail "migrations are missing in the database: $pending"
