#!/usr/bin/env bash
# Takes the newest migrations back with SQL files of the project, all or none; drizzle-kit itself only goes forward.
#
# in DOWN_FOLDER: folder with `NAME.sql` for each migration, which undoes it
# in STEPS?: how many to take back (default 1)
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`, other databases are not supported
# in MIGRATIONS?: folder of the migrations (default `drizzle`)
# in MIGRATIONS_TABLE?: table of the applied ones (default `drizzle.__drizzle_migrations`)
# out previous_version: name of the newest applied migration before
# out version: name of the newest afterwards; empty if none is
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

steps=${STEPS:-1}
[[ $steps =~ ^[1-9][0-9]?$ ]] || fail "STEPS must be a number from 1 to 99, not \`$steps\`"
mapfile -t stamps < <(sed '/^$/d' <<< "$applied")
(( ${#stamps[@]} >= steps )) || fail "$steps migrations are to be taken back, but the database has ${#stamps[@]}"

names=() undo=() missing=()
for stamp in "${stamps[@]:0:steps+1}"; do
  name=$(jq -er --argjson when "$stamp" '.entries | map(select(.when == $when))[0].tag' < "$journal") ||
    fail "the database has a migration of $stamp that is not in $journal: check out the release that is deployed"
  [[ $name =~ ^[A-Za-z0-9_.-]+$ ]] || fail "\`$name\` is not the name of a migration"
  names+=("$name")
  (( ${#names[@]} <= steps )) || break
  [[ -f $DOWN_FOLDER/$name.sql ]] || missing+=("$DOWN_FOLDER/$name.sql")
  undo+=("--file=$DOWN_FOLDER/$name.sql" "--command=delete from $table where created_at = $stamp")
done
# Half a way back would be worse than none.
(( ${#missing[@]} == 0 )) || fail "nothing was changed, there is no SQL to go back with: ${missing[*]}; write these files, or restore the backup"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction "${undo[@]}" < /dev/null || fail "the migrations were not taken back, the database is as it was"
printf 'previous_version=%s\nversion=%s\n' "${names[0]}" "${names[steps]:-}" >> "$GITHUB_OUTPUT"
now=$(query "select coalesce(max(created_at)::text, '') from $table") || fail "the migrations were taken back, but the database cannot be asked"
[[ $now == "${stamps[steps]:-}" ]] || fail "the migrations were taken back, but the newest is that of ${now:-nothing}"
echo "taken back: ${names[*]:0:steps}; the newest migration is ${names[steps]:-none}"
