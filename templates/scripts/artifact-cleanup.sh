#!/usr/bin/env bash
# Deletes old artifacts whose names begin alike, the newest left out. What cannot be deleted is a warning.
#
# in PREFIX: how the names begin
# in KEEP: how many of the newest stay
# in GH_TOKEN: token with `actions: write`
# out deleted: how many are gone
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $KEEP =~ ^[1-9][0-9]{0,3}$ ]] || fail "KEEP must be a number from 1 to 9999, not \`$KEEP\`"
[[ ${#PREFIX} -ge 3 ]] || fail "PREFIX is too short: everything would be deleted"
found=$(gh api --paginate "repos/$GITHUB_REPOSITORY/actions/artifacts?per_page=100" \
  --jq '.artifacts[] | select(.expired | not) | select(.name | startswith(env.PREFIX)) | "\(.created_at) \(.id)"') || fail "the artifacts cannot be read"
deleted=0
while read -r _ id; do
  [[ $id =~ ^[0-9]+$ ]] || continue
  if gh api --method DELETE "repos/$GITHUB_REPOSITORY/actions/artifacts/$id"; then
    deleted=$((deleted + 1))
  else
    printf '::warning::artifact %s cannot be deleted\n' "$id"
  fi
done < <(sort -r <<< "$found" | tail -n "+$((KEEP + 1))")
echo "deleted=$deleted" | tee -a "$GITHUB_OUTPUT"
