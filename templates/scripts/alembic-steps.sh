#!/usr/bin/env bash
# Counts the revisions of Alembic that a database has and an earlier release did not.
#
# in SHA: commit of the earlier release, which the checked-out repository has
# in DATABASE_URL: secret, as the project's `env.py` reads it
# in ALEMBIC?: words that run Alembic (default `python -m alembic`)
# out steps: how many are to be taken back
# out needed: `true` or `false`, whether some are
set -euo pipefail
read -ra alembic <<< "${ALEMBIC:-python -m alembic}"

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
git rev-parse --quiet --verify "$SHA^{commit}" > /dev/null || fail "commit $SHA is not in the repository: check out its history"
top=$(git rev-parse --show-toplevel)
current=$("${alembic[@]}" current < /dev/null | sed -nE 's/^([A-Za-z0-9_.-]+)( \(.*)?$/\1/p') || fail "Alembic cannot read the state of the database"
[[ $current != *$'\n'* ]] || fail "the database is at several revisions, which cannot be counted: ${current//$'\n'/ }"
steps=0
if [[ -n $current ]]; then
  # Blocks that begin with `Rev: ae10 (head)` and name the file, newest first.
  history=$("${alembic[@]}" history --verbose --rev-range="base:$current" < /dev/null) || fail "Alembic cannot read the migrations"
  mapfile -t files < <(sed -n 's/^Path: //p' <<< "$history")
  ((${#files[@]} > 0)) || fail "the database is at revision $current, which the project does not have: it belongs to another branch or release"
  for file in "${files[@]}"; do
    file=$(realpath --relative-to="$top" -- "$file")
    ! git cat-file -e "$SHA:$file" 2> /dev/null || break
    steps=$((steps + 1))
  done
  for file in "${files[@]:steps}"; do
    file=$(realpath --relative-to="$top" -- "$file")
    git cat-file -e "$SHA:$file" 2> /dev/null ||
      fail "$SHA has migrations that are newer than ${file##*/}, which it does not have, so that one cannot be taken back alone"
  done
fi
needed=false
((steps == 0)) || needed=true
printf 'steps=%s\nneeded=%s\n' "$steps" "$needed" >> "$GITHUB_OUTPUT"
echo "$steps revisions are newer than $SHA; the database is at ${current:-none}"
