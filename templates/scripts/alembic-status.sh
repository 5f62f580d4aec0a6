#!/usr/bin/env bash
# Compares the migrations of Alembic with those that the database has.
#
# in DATABASE_URL: secret, as the project's `env.py` reads it
# in ALEMBIC?: words that run Alembic (default `python -m alembic`)
# in REQUIRE_CURRENT?: 1 fails when a migration is missing, as after migrating (default 0)
# out has_migrations: `true` or `false`, whether some are to be applied
# out pending: their revisions, separated by spaces, oldest first
# out previous_version: revisions of the database, separated by spaces; empty if it has none
set -euo pipefail
read -ra alembic <<< "${ALEMBIC:-python -m alembic}"

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Prints the revisions that a question is answered with, one per line; the log of Alembic goes elsewhere.
revisions() { "${alembic[@]}" "$@" < /dev/null | sed -nE 's/^([A-Za-z0-9_.-]+)( \(.*)?$/\1/p'; }

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
current=$(revisions current) || fail "Alembic cannot read the state of the database"
heads=$(revisions heads) || fail "Alembic cannot read the migrations"
[[ -n $heads ]] || fail "the project has no migrations of Alembic"
pending=''
if [[ $(sort <<< "$current") != "$(sort <<< "$heads")" ]]; then
  # Lines such as `ae10 -> 27c6 (head), add a column`, newest first.
  history=$("${alembic[@]}" history --rev-range=current: < /dev/null) || fail "Alembic cannot read the migrations"
  pending=$(sed -nE 's/^.* -> ([A-Za-z0-9_.-]+)( \(.*\))?,.*$/\1/p' <<< "$history" | tac | grep -vxF -e "${current:-/}") || true
  [[ -n $pending ]] || fail "the database is at a revision that is not before ${heads//$'\n'/ }: it belongs to another branch or release"
fi
has=false
[[ -z $pending ]] || has=true
printf 'has_migrations=%s\npending=%s\nprevious_version=%s\n' "$has" "${pending//$'\n'/ }" "${current//$'\n'/ }" >> "$GITHUB_OUTPUT"
echo "the database is at ${current:-no revision}; to be applied: ${pending:-none}"
[[ ${REQUIRE_CURRENT:-0} != 1 || $has == false ]] || fail "migrations are missing in the database: ${pending//$'\n'/ }"
