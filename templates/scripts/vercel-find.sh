#!/usr/bin/env bash
# Finds the production deployment of a Vercel project that was made for a release, for a roll-back by hand.
#
# in VERSION: name of the release, as vercel-deploy.sh kept it
# in VERCEL_TOKEN: token of an account that may deploy the project
# in VERCEL_ORG_ID: team or account of the project
# in VERCEL_PROJECT_ID: the project
# in VERCEL_API_URL?: address of the API (default `https://api.vercel.com`)
# out previous_version: id of the newest such deployment that is ready
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
team=
[[ $VERCEL_ORG_ID != team_* ]] || team="teamId=$VERCEL_ORG_ID"
# shellcheck source=parts/vercel.sh
source "${BASH_SOURCE%/*}/parts/vercel.sh"

[[ $VERCEL_ORG_ID$VERCEL_PROJECT_ID =~ ^[A-Za-z0-9_-]+$ ]] || fail "VERCEL_ORG_ID and VERCEL_PROJECT_ID must be ids"
answer=$(mktemp -p "$RUNNER_TEMP")

status=$(api "v6/deployments?projectId=$VERCEL_PROJECT_ID&target=production&state=READY&limit=100&$team")
[[ $status == 200 ]] || fail "the deployments of the project cannot be read: $status"
found=$(jq -r '.deployments | map(select(.meta.release == env.VERSION)) | max_by(.created).uid // empty' "$answer")
[[ -n $found ]] || fail "no deployment of release \`$VERSION\` is among the last 100 of the project: deploy that release again"
[[ $found =~ ^dpl_[A-Za-z0-9]+$ ]] || fail "\`$found\` is not the id of a deployment"
echo "previous_version=$found" | tee -a "$GITHUB_OUTPUT"
