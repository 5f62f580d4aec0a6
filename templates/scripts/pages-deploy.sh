#!/usr/bin/env bash
# Deploys a built folder to a Pages project and waits until the deployment is finished and, in production, live.
#
# in FOLDER: folder with the built site
# in BRANCH: branch to deploy as; the project's production branch is production, every other a preview
# in PAGES_ENVIRONMENT: `production` or `preview`, which BRANCH must lead to
# in VERSION: name of the release, which becomes the commit message of the deployment
# in COMMIT?: commit that it is made from (default: that of the event)
# in ATTEMPTS?: how often to ask whether it is finished (default 60)
# in INTERVAL?: seconds between two questions (default 2)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# in PAGES_PROJECT: name of the Pages project
# in CLOUDFLARE_API_TOKEN: token with `Cloudflare Pages: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the project
# in CLOUDFLARE_API_BASE_URL?: address of the API (default `https://api.cloudflare.com/client/v4`)
# out new_version: id of the deployment
# out url: its own address, which stays
# out alias: address of the branch; empty if there is none
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
attempts=${ATTEMPTS:-60} interval=${INTERVAL:-2} commit=${COMMIT:-$GITHUB_SHA}
project=accounts/$CLOUDFLARE_ACCOUNT_ID/pages/projects/$PAGES_PROJECT

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/cloudflare.sh
source "${BASH_SOURCE%/*}/parts/cloudflare.sh"

[[ $PAGES_PROJECT =~ ^[a-z0-9][a-z0-9-]*$ ]] || fail "\`$PAGES_PROJECT\` is not the name of a Pages project"
[[ $CLOUDFLARE_ACCOUNT_ID =~ ^[A-Za-z0-9]+$ ]] || fail "CLOUDFLARE_ACCOUNT_ID is not the id of an account"
[[ "$attempts $interval" =~ ^[1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS and INTERVAL must be numbers"
[[ $PAGES_ENVIRONMENT =~ ^(production|preview)$ ]] || fail "PAGES_ENVIRONMENT must be \`production\` or \`preview\`, not \`$PAGES_ENVIRONMENT\`"
[[ $commit =~ ^[0-9a-f]{40}$ ]] || fail "\`$commit\` is not the full hash of a commit"
[[ -d $FOLDER ]] && [[ -n $(find "$(cd -- "$FOLDER" && pwd)" -type f -print -quit) ]] || fail "there is no built site in \`$FOLDER\`"

answer=$(api GET "$project") || fail "the project $PAGES_PROJECT cannot be read"
production=$(jq -er '.production_branch' <<< "$answer") || fail "the project $PAGES_PROJECT has no production branch"
leads_to=preview
[[ $BRANCH != "$production" ]] || leads_to=production
[[ $PAGES_ENVIRONMENT == "$leads_to" ]] ||
  fail "branch \`$BRANCH\` leads to $leads_to, not to $PAGES_ENVIRONMENT: the production branch of $PAGES_PROJECT is \`$production\`"

session=$(mktemp -d -p "$RUNNER_TEMP")
WRANGLER_OUTPUT_FILE_PATH=$session/output "${wrangler[@]}" pages deploy "$(cd -- "$FOLDER" && pwd)" "--project-name=$PAGES_PROJECT" \
  "--branch=$BRANCH" "--commit-hash=$commit" "--commit-message=$VERSION" --commit-dirty=true < /dev/null || fail "the site cannot be deployed"
deployed=$(jq -es 'map(select(.type == "pages-deploy-detailed" or .type == "pages-deploy"))[-1]' "$session/output") ||
  fail "wrangler does not name the deployment it made"
new=$(jq -r '.deployment_id' <<< "$deployed")
[[ $new =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$new\` is not the id of a deployment"
jq -r --arg id "$new" 'def address: . // "" | if test("^https://\\S+$") then . else "" end;
  "new_version=\($id)", "url=\(.url | address)", "alias=\(.alias | address)"' <<< "$deployed" >> "$GITHUB_OUTPUT"

# Wrangler takes a deployment whose end it did not see for a success.
for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  stage=$(api GET "$project/deployments/$new" | jq -r '"\(.latest_stage.name) \(.latest_stage.status)"') || stage=unknown
  case $stage in
    "deploy success") break ;;
    *" failure" | *" canceled") fail "deployment $new ended with: $stage" ;;
  esac
done
[[ $stage == "deploy success" ]] || fail "deployment $new is not finished after $attempts questions: $stage"
[[ $PAGES_ENVIRONMENT == production ]] || { echo "deployment $new is ready"; exit 0; }
live=$(api GET "$project" | jq -r '.canonical_deployment.id') || fail "deployment $new is finished, but the live one cannot be read"
[[ $live == "$new" ]] || fail "deployment $new is finished, but $live is live"
echo "deployment $new is live"
