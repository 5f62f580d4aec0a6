#!/usr/bin/env bash
# Checks the migrations of drizzle-kit against each other and applies those that the database does not have.
#
# in DATABASE_URL: secret, as the configuration of drizzle-kit reads it
# in DRIZZLE_CONFIG?: path of that configuration (default: as drizzle-kit finds it)
# in DRIZZLE_KIT?: words that run drizzle-kit (default `npx --no-install drizzle-kit`)
# in DRY_RUN?: 1 only checks (default 0)
set -euo pipefail
read -ra drizzle <<< "${DRIZZLE_KIT:-npx --no-install drizzle-kit}"
config=(${DRIZZLE_CONFIG:+"--config=$DRIZZLE_CONFIG"})

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
"${drizzle[@]}" check "${config[@]}" < /dev/null || fail "the migrations do not fit together"
[[ ${DRY_RUN:-0} != 1 ]] || { echo "dry run: nothing was applied"; exit 0; }
# It says nothing about why; all migrations of a run are one transaction in PostgreSQL.
"${drizzle[@]}" migrate "${config[@]}" < /dev/null ||
  fail "drizzle-kit could not migrate: the database cannot be reached, or a statement failed and PostgreSQL took all of this run back"
echo "all migrations are applied"
