#!/usr/bin/env bash
# Takes the newest migrations back with the `down.sql` beside each, in one transaction; Prisma itself only goes forward.
#
# in STEPS?: how many to take back (default 1)
# in MIGRATIONS?: folder of the migrations (default `prisma/migrations`)
# in DATABASE_URL: secret, as the schema or configuration of Prisma reads it
# in PRISMA_SCHEMA?: path of the schema, for releases of Prisma without `prisma.config.ts` (default: as Prisma finds it)
# in PRISMA?: words that run Prisma (default `npx --no-install prisma`)
# out previous_version: name of the newest applied migration before
# out version: name of the newest afterwards; empty if none is
set -euo pipefail
read -ra prisma <<< "${PRISMA:-npx --no-install prisma}"
schema=(${PRISMA_SCHEMA:+"--schema=$PRISMA_SCHEMA"})
migrations=${MIGRATIONS:-prisma/migrations} steps=${STEPS:-1}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/prisma.sh
source "${BASH_SOURCE%/*}/parts/prisma.sh"

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
[[ -d $migrations ]] || fail "there is no folder \`$migrations\`"
[[ $steps =~ ^[1-9][0-9]?$ ]] || fail "STEPS must be a number from 1 to 99, not \`$steps\`"
read_state
mapfile -t names < <(tac <<< "$applied" | sed '/^$/d')
(( ${#names[@]} >= steps )) || fail "$steps migrations are to be taken back, but the database has ${#names[@]}"
missing=()
for name in "${names[@]:0:steps}"; do
  [[ -f $migrations/$name/down.sql ]] || missing+=("$migrations/$name/down.sql")
done
# Half a way back would be worse than none.
(( ${#missing[@]} == 0 )) ||
  fail "nothing was changed, there is no SQL to go back with: ${missing[*]}; write it with \`prisma migrate diff --script\`, or restore the backup"

{
  echo 'BEGIN;'
  for name in "${names[@]:0:steps}"; do
    cat -- "$migrations/$name/down.sql"
    printf "\n;DELETE FROM _prisma_migrations WHERE migration_name = '%s';\n" "$name"
  done
  echo 'COMMIT;'
} | "${prisma[@]}" db execute --stdin "${schema[@]}" || fail "the migrations were not taken back; look at the database before the next try"
printf 'previous_version=%s\nversion=%s\n' "${names[0]}" "${names[steps]:-}" >> "$GITHUB_OUTPUT"

before=$applied
read_state
[[ $applied == "$(head -n "-$steps" <<< "$before")" ]] || fail "the migrations were taken back, but Prisma still has: ${applied//$'\n'/ }"
echo "taken back: ${names[*]:0:steps}; the newest migration is ${names[steps]:-none}"
