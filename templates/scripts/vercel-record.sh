#!/usr/bin/env bash
# Records which deployment a domain of a Vercel project shows, before a deployment changes it.
#
# in VERCEL_DOMAIN: production domain of the project, such as `www.example.com`
# in VERCEL_TOKEN: token of an account that may deploy the project
# in VERCEL_ORG_ID: team or account of the project
# in VERCEL_PROJECT_ID: the project
# in VERCEL_API_URL?: address of the API (default `https://api.vercel.com`)
# out previous_version: id of the live deployment; empty if there is none
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
[[ $VERCEL_DOMAIN =~ ^[A-Za-z0-9.-]+$ ]] || fail "\`$VERCEL_DOMAIN\` is not a domain"
# Leaves in `live` what the domain shows.
read_live() {
  local status
  live=''
  status=$(api "v4/aliases/$VERCEL_DOMAIN?$team")
  [[ $status != 404 ]] || return 0
  [[ $status == 200 ]] || { printf '::error::Vercel answered %s\n' "$(escape "$status")"; return 1; }
  live=$(jq -er 'select(.projectId == env.VERCEL_PROJECT_ID) | .deploymentId' "$answer") ||
    fail "$VERCEL_DOMAIN does not belong to the project $VERCEL_PROJECT_ID"
}

read_live || fail "what $VERCEL_DOMAIN shows cannot be read"
[[ -z $live || $live =~ ^dpl_[A-Za-z0-9]+$ ]] || fail "\`$live\` is not the id of a deployment"
echo "previous_version=$live" >> "$GITHUB_OUTPUT"
if [[ -n $live ]]; then echo "deployment $live is live"; else echo "::notice::$VERCEL_DOMAIN shows nothing yet, so there is no deployment to go back to"; fi
