#!/usr/bin/env bash
# Finds the production deployment of a Pages project that was made for a release, for a roll-back by hand.
#
# in VERSION: name of the release, as pages-deploy.sh kept it
# in PAGES_PROJECT: name of the Pages project
# in CLOUDFLARE_API_TOKEN: token with `Cloudflare Pages: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the project
# in CLOUDFLARE_API_BASE_URL?: address of the API (default `https://api.cloudflare.com/client/v4`)
# out previous_version: id of the newest such deployment that succeeded
set -euo pipefail
project=accounts/$CLOUDFLARE_ACCOUNT_ID/pages/projects/$PAGES_PROJECT

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/cloudflare.sh
source "${BASH_SOURCE%/*}/parts/cloudflare.sh"

[[ $PAGES_PROJECT =~ ^[a-z0-9][a-z0-9-]*$ ]] || fail "\`$PAGES_PROJECT\` is not the name of a Pages project"
[[ $CLOUDFLARE_ACCOUNT_ID =~ ^[A-Za-z0-9]+$ ]] || fail "CLOUDFLARE_ACCOUNT_ID is not the id of an account"
[[ -n $VERSION ]] || fail "VERSION names no release"

found='' page=1
while [[ -z $found ]] && (( page <= 40 )); do
  answer=$(api GET "$project/deployments?env=production&per_page=25&page=$page") || fail "the deployments of $PAGES_PROJECT cannot be read"
  [[ $(jq length <<< "$answer") != 0 ]] || break
  found=$(jq -r 'map(select(.deployment_trigger.metadata.commit_message == env.VERSION
    and .latest_stage.name == "deploy" and .latest_stage.status == "success"))[0].id // empty' <<< "$answer")
  page=$((page + 1))
done
[[ -n $found ]] || fail "no successful production deployment of release $VERSION is left in $PAGES_PROJECT: deploy that release again"
[[ $found =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$found\` is not the id of a deployment"
echo "previous_version=$found" | tee -a "$GITHUB_OUTPUT"
