#!/usr/bin/env bash
# Validates the schema of Prisma and applies the migrations that the database does not have.
#
# in DATABASE_URL: secret, as the schema or configuration of Prisma reads it
# in PRISMA_SCHEMA?: path of the schema, for releases of Prisma without `prisma.config.ts` (default: as Prisma finds it)
# in PRISMA?: words that run Prisma (default `npx --no-install prisma`)
# in DRY_RUN?: 1 only validates (default 0)
set -euo pipefail
read -ra prisma <<< "${PRISMA:-npx --no-install prisma}"
schema=(${PRISMA_SCHEMA:+"--schema=$PRISMA_SCHEMA"})

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
"${prisma[@]}" validate "${schema[@]}" < /dev/null || fail "the schema is not valid"
[[ ${DRY_RUN:-0} != 1 ]] || { echo "dry run: nothing was applied"; exit 0; }
"${prisma[@]}" migrate deploy "${schema[@]}" < /dev/null ||
  fail "Prisma could not migrate: a migration that failed half-way blocks all later ones until it is mended and marked with \`prisma migrate resolve\`"
echo "all migrations are applied"
