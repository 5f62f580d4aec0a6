#!/usr/bin/env bash
# Opens an issue for an incident, or comments on the one that is still open for the same marker.
#
# in MARKER: what the incident is about, such as `deploy-production`; one open issue each
# in TITLE: title of the issue
# in ENVIRONMENT?: row of the issue (default: left out)
# in VERSION?: row of the issue (default: left out)
# in PREVIOUS_VERSION?: row of the issue (default: left out)
# in REASON?: row of the issue (default: left out)
# in CHECKLIST?: what to do next, one line each (default: none)
# in LABEL?: label, made if missing (default `incident`)
# in GH_TOKEN: token with `issues: write`
# out url: address of the issue or comment
set -euo pipefail
label=${LABEL:-incident}
export GH_REPO=$GITHUB_REPOSITORY

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
row() { [[ -z $2 ]] || jq -rn --arg name "$1" --arg value "$2" '"| \($name) | \($value | gsub("\\s+"; " ") | gsub("\\|"; "\\|")) |"'; }

[[ $MARKER =~ ^[A-Za-z0-9._/-]+$ ]] || fail "\`$MARKER\` is not a marker of letters, digits and \`._/-\`"
mark="<!-- incident: $MARKER -->"
body=$(mktemp -p "$RUNNER_TEMP")
{
  printf '%s\n| | |\n| --- | --- |\n' "$mark"
  row Environment "${ENVIRONMENT:-}"
  row Version "${VERSION:-}"
  row 'Previous version' "${PREVIOUS_VERSION:-}"
  row Reason "${REASON:-}"
  row 'Started by' "$GITHUB_ACTOR"
  row 'Workflow run' "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  printf '\n'
  sed '/^[[:space:]]*$/d; s/^/- [ ] /' <<< "${CHECKLIST:-}"
} > "$body"

open=$(gh issue list --label="$label" --state=open --limit=200 --json=number,body) || fail "the issues cannot be read"
number=$(jq -r --arg mark "$mark" '[.[] | select(.body | startswith($mark)) | .number] | min // empty' <<< "$open")
if [[ -n $number ]]; then
  url=$(gh issue comment "$number" --body-file="$body") || fail "issue $number cannot be commented on"
else
  # Fails if the label is there already; if it could not be made, opening the issue fails.
  gh label create "$label" --color=B60205 --description='Needs attention now' || true
  url=$(gh issue create --title="$TITLE" --label="$label" --body-file="$body") || fail "the issue cannot be opened"
fi
echo "url=${url##*$'\n'}" | tee -a "$GITHUB_OUTPUT"
