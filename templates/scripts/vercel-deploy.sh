#!/usr/bin/env bash
# Builds a project here and deploys what was built to Vercel, without a domain in production.
#
# in VERCEL_ENVIRONMENT: `production` or `preview`
# in VERSION: name of the release, kept with the deployment
# in VERCEL?: words that run the Vercel CLI, 50.28 or later, which reads VERCEL_TOKEN (default `npx --yes vercel@latest`)
# in VERCEL_TOKEN: token of an account that may deploy the project
# in VERCEL_ORG_ID: team or account of the project
# in VERCEL_PROJECT_ID: the project
# in VERCEL_API_URL?: address of the API (default `https://api.vercel.com`)
# out new_version: id of the deployment
# out url: its own address
set -euo pipefail
read -ra vercel <<< "${VERCEL:-npx --yes vercel@latest}"

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
team=
[[ $VERCEL_ORG_ID != team_* ]] || team="teamId=$VERCEL_ORG_ID"
# shellcheck source=parts/vercel.sh
source "${BASH_SOURCE%/*}/parts/vercel.sh"

[[ $VERCEL_ORG_ID$VERCEL_PROJECT_ID =~ ^[A-Za-z0-9_-]+$ ]] || fail "VERCEL_ORG_ID and VERCEL_PROJECT_ID must be ids"
answer=$(mktemp -p "$RUNNER_TEMP")

case $VERCEL_ENVIRONMENT in
  production) build=(--prod) deploy=(--prod --skip-domain) ;;
  preview) build=() deploy=() ;;
  *) fail "VERCEL_ENVIRONMENT must be \`production\` or \`preview\`, not \`$VERCEL_ENVIRONMENT\`" ;;
esac
# The variables that `pull` fetches are secrets and not meant for later steps.
trap 'rm -f .vercel/.env.*.local; exit 143' TERM
trap 'rm -f .vercel/.env.*.local; exit 130' INT
trap 'rm -f .vercel/.env.*.local' EXIT
"${vercel[@]}" pull --yes "--environment=$VERCEL_ENVIRONMENT" < /dev/null || fail "the settings of the project cannot be fetched"
"${vercel[@]}" build --yes "${build[@]}" < /dev/null || fail "the project cannot be built"
printed=$("${vercel[@]}" deploy --prebuilt --yes "${deploy[@]}" "--meta=release=$VERSION" < /dev/null) || fail "the build cannot be deployed"
url=$(grep -Eo 'https://[A-Za-z0-9.-]+' <<< "$printed" | tail -n 1) || fail "the Vercel CLI does not name the deployment it made"

status=$(api "v13/deployments/${url#https://}?$team")
[[ $status == 200 ]] || fail "the deployment at $url cannot be read: $status"
new=$(jq -r .id "$answer")
[[ $new =~ ^dpl_[A-Za-z0-9]+$ ]] || fail "\`$new\` is not the id of a deployment"
printf 'new_version=%s\nurl=%s\n' "$new" "$url" >> "$GITHUB_OUTPUT"
state=$(jq -r .readyState "$answer")
[[ $state == READY ]] || fail "deployment $new is not ready: $state"
echo "deployment $new is ready at $url"
