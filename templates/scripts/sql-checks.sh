#!/usr/bin/env bash
# Runs the queries of a folder, each of which finds what must not be there: a row is a mistake in the data.
#
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`
# in CHECKS: folder with the queries, a file `NAME.sql` each
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/postgres.sh
source "${BASH_SOURCE%/*}/parts/postgres.sh"

mapfile -t files < <(compgen -G "$CHECKS/*.sql" | sort || true)
(( ${#files[@]} > 0 )) || fail "there are no queries in \`$CHECKS\`"
connect
[[ $(query 'select 1') == 1 ]] || fail "the database cannot be asked"
# A check only looks.
export PGOPTIONS="${PGOPTIONS:-} -c default_transaction_read_only=on"
wrong=()
for file in "${files[@]}"; do
  name=$(basename -- "$file" .sql)
  if ! rows=$(psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --file="$file" < /dev/null 2>&1); then
    wrong+=("$name cannot be run: $(head -n 1 <<< "$rows")")
  elif [[ -n $rows ]]; then
    wrong+=("$name finds $(wc -l <<< "$rows") rows, such as $(head -n 1 <<< "$rows")")
  else
    echo "$name finds nothing"
  fi
done
(( ${#wrong[@]} == 0 )) || fail "$(printf '%s; ' "${wrong[@]}")"
