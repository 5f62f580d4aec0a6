#!/usr/bin/env bash
# Shows a warning for each new line in SQL migrations that the release before may not survive:
# a column that is dropped or renamed, and data that is deleted.
#
# in FOLDER: folder of the migrations, from the root of the repository
# in BASE?: commit before the change (default: nothing is compared, as for a new branch)
# in HEAD: commit with the change
# in GH_TOKEN: token with `contents: read`
# out found: how many such lines are new
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three, and two more in properties.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
property() { local text; text=$(escape "$1"); text=${text//:/%3A}; printf '%s' "${text//,/%2C}"; }

found=0
if [[ ${BASE:-} =~ ^[0-9a-f]{40,64}$ && ! $BASE =~ ^0+$ ]]; then
  [[ $HEAD =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$HEAD\` is not a full commit SHA"
  # shellcheck disable=SC2016
  lines=$(gh api "repos/$GITHUB_REPOSITORY/compare/$BASE...$HEAD" --jq '.files[]
    | select(.filename | startswith(env.FOLDER + "/") and endswith(".sql")) | .filename as $file
    | (.patch // "") | splits("\n") | select(startswith("+") and (startswith("+++") | not))
    | select(test("\\b(DROP\\s+COLUMN|RENAME\\s+COLUMN|DROP\\s+TABLE|DELETE\\s+FROM|TRUNCATE)\\b"; "i")) | "\($file)\t\(.[1:])"') ||
    fail "the change cannot be read"
  while IFS=$'\t' read -r file line; do
    [[ -n $file ]] || continue
    found=$((found + 1))
    printf '::warning file=%s::%s\n' "$(property "$file")" "$(escape "the release before must work with this: $line")"
  done <<< "$lines"
fi
echo "found=$found" | tee -a "$GITHUB_OUTPUT"
