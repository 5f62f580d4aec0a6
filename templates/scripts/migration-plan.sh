#!/usr/bin/env bash
# Shows what a run would do to a database, and writes the SQL into a folder, so that people can read it first.
#
# in ENVIRONMENT: whose database it is
# in DIRECTION?: `forward`, or `rollback` by STEPS (default forward)
# in PENDING?: names of the migrations that are to be applied, separated by spaces (default: none)
# in NEWEST?: name of the newest migration that is applied (default: none)
# in STEPS?: how many a roll-back takes back (default 1)
# in MIGRATIONS: folder of the migrations: `NAME.sql`, `NAME.up.sql` or `NAME/migration.sql`
# out path: folder with the plan
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ ${DIRECTION:-forward} =~ ^(forward|rollback)$ ]] || fail "DIRECTION must be \`forward\` or \`rollback\`, not \`$DIRECTION\`"
[[ ${PENDING:-}${NEWEST:-} =~ ^[A-Za-z0-9_.\ -]*$ ]] || fail "the names of the migrations have other characters than A-Z a-z 0-9 _ . -"
[[ ${STEPS:-1} =~ ^[1-9][0-9]?$ ]] || fail "the number of steps must be from 1 to 99, not \`$STEPS\`"
folder=$RUNNER_TEMP/migration-plan
mkdir -p "$folder"
plan=$folder/plan.sql
: > "$plan"
echo "path=$folder" >> "$GITHUB_OUTPUT"
if [[ ${DIRECTION:-forward} == rollback ]]; then
  printf -- '-- take back %s migration(s), the newest is %s\n' "${STEPS:-1}" "${NEWEST:-not known}" | tee "$plan"
  # shellcheck disable=SC2016
  printf '### %s: go back\n\nThe newest %s of the applied migrations are taken back, from `%s` on.\n' \
    "$ENVIRONMENT" "${STEPS:-1}" "${NEWEST:-none}" >> "$GITHUB_STEP_SUMMARY"
  exit 0
fi
read -ra names <<< "${PENDING:-}"
for name in "${names[@]}"; do
  printf -- '-- %s\n' "$name" >> "$plan"
  for file in "$MIGRATIONS/$name.sql" "$MIGRATIONS/$name.up.sql" "$MIGRATIONS/$name/migration.sql"; do
    [[ ! -f $file ]] || { cat -- "$file"; echo; } >> "$plan"
  done
done
if (( ${#names[@]} == 0 )); then
  printf '### %s: nothing to migrate\n' "$ENVIRONMENT" | tee -a "$GITHUB_STEP_SUMMARY"
  exit 0
fi
{
  printf '### %s: %s to apply\n\n' "$ENVIRONMENT" "${#names[@]}"
  # shellcheck disable=SC2016
  printf -- '- `%s`\n' "${names[@]}"
  # A fence that the SQL cannot end; a summary holds a megabyte.
  printf '\n~~~~~~sql\n'
  head --bytes=500000 "$plan" | sed 's/~~~~~~/~~~~~ ~/g'
  printf '\n~~~~~~\n'
} >> "$GITHUB_STEP_SUMMARY"
echo "to be applied: ${names[*]}"
