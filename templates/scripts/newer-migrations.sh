#!/usr/bin/env bash
# Counts the migrations of a folder that a database has and an earlier release did not, by their names: folders with a
# `migration.sql`, or files `NAME.up.sql`.
#
# in SHA: commit of the earlier release, which the checked-out repository has
# in MIGRATIONS: folder of the migrations
# in PENDING?: names of those that the database does not have, separated by spaces (default: it has all)
# out steps: how many are to be taken back
# out needed: `true` or `false`, whether some are
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Prints the names that a commit has, oldest first.
names() {
  local files
  files=$(git ls-tree -r --name-only "$1" -- "$MIGRATIONS") || return 1
  sed -nE 's|^(.*/)?([^/]+)/migration\.sql$|\2|p; s|^(.*/)?([^/]+)\.up\.[a-z]+$|\2|p' <<< "$files" | LC_ALL=C sort -V
}

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
git rev-parse --quiet --verify "$SHA^{commit}" > /dev/null || fail "commit $SHA is not in the repository: check out its history"
now=$(names HEAD) || fail "the migrations cannot be read"
[[ -n $now ]] || fail "there are no migrations in \`$MIGRATIONS\`"
before=$(names "$SHA") || fail "the migrations of $SHA cannot be read"
applied=$(grep -vxF -f <(tr ' ' '\n' <<< "${PENDING:-/}") <<< "$now" || true)
newer=$(grep -vxF -e "${before:-/}" <<< "$applied" || true)
steps=$(grep -c . <<< "$newer" || true)
# They are taken back from the newest on: one that is older than what the release had would take that along.
[[ $steps == 0 || $(tail -n "$steps" <<< "$applied") == "$newer" ]] ||
  fail "$SHA has migrations that are newer than some that it does not have, so these cannot be taken back alone: ${newer//$'\n'/ }"
needed=false
((steps == 0)) || needed=true
printf 'steps=%s\nneeded=%s\n' "$steps" "$needed" >> "$GITHUB_OUTPUT"
echo "$steps migrations are newer than $SHA: ${newer//$'\n'/ }"
