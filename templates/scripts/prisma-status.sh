#!/usr/bin/env bash
# Compares the migrations of Prisma with those that the database has.
#
# in MIGRATIONS?: folder of the migrations (default `prisma/migrations`)
# in DATABASE_URL: secret, as the schema or configuration of Prisma reads it
# in PRISMA_SCHEMA?: path of the schema, for releases of Prisma without `prisma.config.ts` (default: as Prisma finds it)
# in PRISMA?: words that run Prisma (default `npx --no-install prisma`)
# in REQUIRE_CURRENT?: 1 fails when a migration is missing, as after migrating (default 0)
# out has_migrations: `true` or `false`, whether some are to be applied
# out pending: their names, separated by spaces
# out previous_version: name of the newest that is applied; empty if none is
set -euo pipefail
read -ra prisma <<< "${PRISMA:-npx --no-install prisma}"
schema=(${PRISMA_SCHEMA:+"--schema=$PRISMA_SCHEMA"})
migrations=${MIGRATIONS:-prisma/migrations}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/prisma.sh
source "${BASH_SOURCE%/*}/parts/prisma.sh"

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
[[ -d $migrations ]] || fail "there is no folder \`$migrations\`"
read_state
has=false
[[ -z $pending ]] || has=true
newest=$(tail -n 1 <<< "$applied")
printf 'has_migrations=%s\npending=%s\nprevious_version=%s\n' "$has" "${pending//$'\n'/ }" "$newest" >> "$GITHUB_OUTPUT"
echo "newest applied migration: ${newest:-none}; to be applied: ${pending:-none}"
[[ ${REQUIRE_CURRENT:-0} != 1 || $has == false ]] || fail "migrations are missing in the database: ${pending//$'\n'/ }"
