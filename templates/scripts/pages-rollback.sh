#!/usr/bin/env bash
# Makes an earlier production deployment of a Pages project live again and looks whether it is.
#
# in PREVIOUS_VERSION: deployment to go back to, from pages-record.sh or pages-find.sh
# in ATTEMPTS?: how often to ask whether it is live (default 15)
# in INTERVAL?: seconds between two questions (default 2)
# in PAGES_PROJECT: name of the Pages project
# in CLOUDFLARE_API_TOKEN: token with `Cloudflare Pages: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the project
# in CLOUDFLARE_API_BASE_URL?: address of the API (default `https://api.cloudflare.com/client/v4`)
# out version: deployment that is live afterwards
set -euo pipefail
attempts=${ATTEMPTS:-15} interval=${INTERVAL:-2}
project=accounts/$CLOUDFLARE_ACCOUNT_ID/pages/projects/$PAGES_PROJECT

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/cloudflare.sh
source "${BASH_SOURCE%/*}/parts/cloudflare.sh"

[[ $PAGES_PROJECT =~ ^[a-z0-9][a-z0-9-]*$ ]] || fail "\`$PAGES_PROJECT\` is not the name of a Pages project"
[[ $CLOUDFLARE_ACCOUNT_ID =~ ^[A-Za-z0-9]+$ ]] || fail "CLOUDFLARE_ACCOUNT_ID is not the id of an account"
[[ "$attempts $interval" =~ ^[1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS and INTERVAL must be numbers"
[[ -n $PREVIOUS_VERSION ]] || fail "no deployment was live before, so there is none to go back to: deploy a version that works"
[[ $PREVIOUS_VERSION =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$PREVIOUS_VERSION\` is not the id of a deployment"
live() { api GET "$project" | jq -r '.canonical_deployment.id'; }

if [[ $(live) == "$PREVIOUS_VERSION" ]]; then
  echo "nothing to undo"
else
  api POST "$project/deployments/$PREVIOUS_VERSION/rollback" > /dev/null || fail "$PAGES_PROJECT cannot be rolled back to $PREVIOUS_VERSION"
  for attempt in $(seq 1 "$attempts"); do
    [[ $attempt == 1 ]] || sleep "$interval"
    now=$(live) || now=unknown
    [[ $now != "$PREVIOUS_VERSION" ]] || break
  done
  [[ $now == "$PREVIOUS_VERSION" ]] || fail "$PAGES_PROJECT was rolled back to $PREVIOUS_VERSION, but $now is live"
fi
echo "version=$PREVIOUS_VERSION" >> "$GITHUB_OUTPUT"
echo "deployment $PREVIOUS_VERSION is live"
