#!/usr/bin/env bash
# Gives the domains of a Vercel project back to an earlier deployment and looks whether they show it.
#
# in PREVIOUS_VERSION: deployment to go back to, from vercel-record.sh or vercel-find.sh
# in ATTEMPTS?: how often to ask what the domain shows (default 30)
# in INTERVAL?: seconds between two questions (default 2)
# in VERCEL_DOMAIN: production domain of the project, such as `www.example.com`
# in VERCEL?: words that run the Vercel CLI, 50.28 or later, which reads VERCEL_TOKEN (default `npx --yes vercel@latest`)
# in VERCEL_TOKEN: token of an account that may deploy the project
# in VERCEL_ORG_ID: team or account of the project
# in VERCEL_PROJECT_ID: the project
# in VERCEL_API_URL?: address of the API (default `https://api.vercel.com`)
# out version: deployment that the domain shows afterwards
set -euo pipefail
read -ra vercel <<< "${VERCEL:-npx --yes vercel@latest}"
attempts=${ATTEMPTS:-30} interval=${INTERVAL:-2}

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
[[ "$attempts $interval" =~ ^[1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS and INTERVAL must be numbers"
[[ -n $PREVIOUS_VERSION ]] || fail "no deployment was live before, so there is none to go back to: deploy a version that works"
[[ $PREVIOUS_VERSION =~ ^dpl_[A-Za-z0-9]+$ ]] || fail "\`$PREVIOUS_VERSION\` is not the id of a deployment"

read_live || live=unknown
if [[ $live == "$PREVIOUS_VERSION" ]]; then
  echo "nothing to undo"
else
  "${vercel[@]}" rollback "$PREVIOUS_VERSION" --yes --timeout=5m < /dev/null ||
    fail "the project cannot be rolled back to $PREVIOUS_VERSION; the Hobby plan goes back by one deployment only"
fi
for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  read_live || live=unknown
  [[ $live != "$PREVIOUS_VERSION" ]] || break
done
[[ $live == "$PREVIOUS_VERSION" ]] || fail "deployment $PREVIOUS_VERSION was rolled back to, but $VERCEL_DOMAIN shows ${live:-nothing}"
echo "version=$PREVIOUS_VERSION" >> "$GITHUB_OUTPUT"
echo "$VERCEL_DOMAIN shows deployment $PREVIOUS_VERSION"
