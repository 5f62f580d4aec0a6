#!/usr/bin/env bash
# Counts the migrations of drizzle-kit that a database has and an earlier release did not, for drizzle-rollback.sh.
#
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`, other databases are not supported
# in SHA: commit of the earlier release, which the checked-out repository has
# in MIGRATIONS?: folder of the migrations (default `drizzle`)
# in MIGRATIONS_TABLE?: table of the applied ones (default `drizzle.__drizzle_migrations`)
# out steps: how many are to be taken back
# out needed: `true` or `false`, whether some are
set -euo pipefail
migrations=${MIGRATIONS:-drizzle} table=${MIGRATIONS_TABLE:-drizzle.__drizzle_migrations}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/postgres.sh
source "${BASH_SOURCE%/*}/parts/postgres.sh"

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
[[ $table =~ ^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "MIGRATIONS_TABLE must be \`schema.table\`, not \`$table\`"
git rev-parse --quiet --verify "$SHA^{commit}" > /dev/null || fail "commit $SHA is not in the repository: check out its history"
# A release without a journal had no migrations.
newest=$({ git show "$SHA:./$migrations/meta/_journal.json" 2> /dev/null || echo '{"entries": []}'; } | jq -e '[.entries[].when] | max // 0') ||
  fail "the journal of $SHA cannot be read"
[[ $newest =~ ^[0-9]+$ ]] || fail "the journal of $SHA has no times"
connect
exists=$(query "select to_regclass('$table') is not null") || fail "the database cannot be asked"
steps=0
[[ $exists == f ]] || steps=$(query "select count(*) from $table where created_at > $newest") || fail "the applied migrations cannot be read"
needed=false
(( steps == 0 )) || needed=true
printf 'steps=%s\nneeded=%s\n' "$steps" "$needed" >> "$GITHUB_OUTPUT"
echo "$steps migrations are newer than $SHA"
