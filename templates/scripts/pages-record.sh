#!/usr/bin/env bash
# Records which deployment of a Pages project is live, before a deployment changes it.
#
# in PAGES_PROJECT: name of the Pages project
# in CLOUDFLARE_API_TOKEN: token with `Cloudflare Pages: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the project
# in CLOUDFLARE_API_BASE_URL?: address of the API (default `https://api.cloudflare.com/client/v4`)
# out previous_version: id of the live production deployment; empty if there is none
# out production_branch: branch whose deployments are for production
set -euo pipefail
project=accounts/$CLOUDFLARE_ACCOUNT_ID/pages/projects/$PAGES_PROJECT

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/cloudflare.sh
source "${BASH_SOURCE%/*}/parts/cloudflare.sh"

[[ $PAGES_PROJECT =~ ^[a-z0-9][a-z0-9-]*$ ]] || fail "\`$PAGES_PROJECT\` is not the name of a Pages project"
[[ $CLOUDFLARE_ACCOUNT_ID =~ ^[A-Za-z0-9]+$ ]] || fail "CLOUDFLARE_ACCOUNT_ID is not the id of an account"

answer=$(api GET "$project") || fail "the project $PAGES_PROJECT cannot be read"
branch=$(jq -er '.production_branch' <<< "$answer") || fail "the project $PAGES_PROJECT has no production branch"
live=$(jq -r '.canonical_deployment.id // empty' <<< "$answer")
[[ -z $live || $live =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$live\` is not the id of a deployment"
[[ $branch != *[[:cntrl:]]* ]] || fail "the name of the production branch holds a control character"
printf 'previous_version=%s\nproduction_branch=%s\n' "$live" "$branch" >> "$GITHUB_OUTPUT"
if [[ -n $live ]]; then echo "deployment $live is live"; else echo "::notice::nothing was deployed to production yet, so there is no deployment to go back to"; fi
