#!/usr/bin/env bash
# Publishes the GitHub release of a deployed tag with a changelog, or updates the deployment section of the existing one.
#
# in TAG: an existing tag
# in ENVIRONMENT: where it was deployed
# in STATUS: how that ended
# in SERVICES?: what was deployed, one service per line (default: left out)
# in GH_TOKEN: token with `contents: write`
# out url: address of the release
set -euo pipefail
export GH_REPO=$GITHUB_REPOSITORY

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
row() { [[ -z $2 ]] || jq -rn --arg name "$1" --arg value "$2" '"| \($name) | \($value | gsub("\\s+"; " ") | gsub("\\|"; "\\|")) |"'; }

[[ $TAG == [A-Za-z0-9]* ]] || fail "\`$TAG\` is not the name of a tag"
export MARK="deployment: ${ENVIRONMENT//[^A-Za-z0-9._ -]/_}"
section=$(
  printf '<!-- %s -->\n### Deployment\n\n| | |\n| --- | --- |\n' "$MARK"
  row Environment "$ENVIRONMENT"
  row Status "$STATUS"
  row Services "${SERVICES:-}"
  row Time "$(date -u '+%Y-%m-%d %H:%M UTC')"
  row 'Workflow run' "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  printf '<!-- /%s -->' "$MARK"
)

notes=$(mktemp -p "$RUNNER_TEMP")
if old=$(gh release view "$TAG" --json=body --jq=.body 2> /dev/null); then
  # All that stands around our section was written by others and stays.
  awk '{ sub(/\r$/, "") }
    $0 == "<!-- " ENVIRON["MARK"] " -->" { ours = 1 }
    !ours { print }
    $0 == "<!-- /" ENVIRON["MARK"] " -->" { ours = 0 }' <<< "$old" > "$notes"
  printf '%s\n' "$section" >> "$notes"
  url=$(gh release edit "$TAG" --draft=false --notes-file="$notes") || fail "the release of $TAG cannot be changed"
else
  changelog=$(gh api "repos/$GITHUB_REPOSITORY/releases/generate-notes" --raw-field "tag_name=$TAG" --jq .body) ||
    fail "the changelog of $TAG cannot be made"
  printf '%s\n\n%s\n' "$changelog" "$section" > "$notes"
  url=$(gh release create "$TAG" --verify-tag --title="$TAG" --notes-file="$notes") || fail "the release of $TAG cannot be made"
fi
echo "url=${url##*$'\n'}" | tee -a "$GITHUB_OUTPUT"
