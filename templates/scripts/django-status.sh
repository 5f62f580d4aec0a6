#!/usr/bin/env bash
# Compares the migrations of Django with those that the database has.
#
# in DATABASE_URL: secret, as the project's settings read it
# in DJANGO?: words that run Django's commands (default `python manage.py`)
# in REQUIRE_CURRENT?: 1 fails when a migration is missing, as after migrating (default 0)
# out has_migrations: `true` or `false`, whether some are to be applied
# out pending: their names as `app.name`, separated by spaces, in order
# out previous_version: name of the one that comes before them; empty if none is applied
set -euo pipefail
read -ra django <<< "${DJANGO:-python manage.py}"

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
# Lines such as `[X]  auth.0001_initial`.
plan=$("${django[@]}" showmigrations --plan --no-color < /dev/null) || fail "Django cannot read the state of the database"
pending=$(sed -nE 's/^\[ \]  ?([A-Za-z0-9_.]+).*$/\1/p' <<< "$plan" | tr '\n' ' ')
newest=$(sed -nE 's/^\[X\]  ?([A-Za-z0-9_.]+).*$/\1/p' <<< "$plan" | tail -n 1)
pending=${pending% }
has=false
[[ -z $pending ]] || has=true
printf 'has_migrations=%s\npending=%s\nprevious_version=%s\n' "$has" "$pending" "$newest" >> "$GITHUB_OUTPUT"
echo "newest applied migration: ${newest:-none}; to be applied: ${pending:-none}"
[[ ${REQUIRE_CURRENT:-0} != 1 || $has == false ]] || fail "migrations are missing in the database: $pending"
