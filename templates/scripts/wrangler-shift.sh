#!/usr/bin/env bash
# Gives a new version of a Worker a share of the traffic and leaves the rest with the version before.
#
# in NEW_VERSION: version to give it to, from wrangler-deploy.sh
# in PREVIOUS_VERSION?: version that keeps the rest, from wrangler-record.sh (default: none, so the new one has all)
# in PERCENT?: share in percent; with 0 only requests that name the version reach it (default 100)
# in TRIGGERS?: 1 applies routes and schedules of the configuration after it (default 0)
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# out percent: share that the new version has
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})
percent=${PERCENT:-100}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/wrangler.sh
source "${BASH_SOURCE%/*}/parts/wrangler.sh"

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
[[ $NEW_VERSION =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$NEW_VERSION\` is not the id of a version"
[[ ${PREVIOUS_VERSION:-$NEW_VERSION} =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$PREVIOUS_VERSION\` is not the id of a version"
[[ $percent =~ ^(0|[1-9][0-9]?|100)$ ]] || fail "PERCENT must be a number from 0 to 100, not \`$percent\`"
previous=${PREVIOUS_VERSION:-}
[[ -n $previous && $previous != "$NEW_VERSION" ]] || percent=100

live=$(traffic) || fail "the live version cannot be read"
# Whoever deployed meanwhile would lose their version without a word.
other=$(grep -vE "^($NEW_VERSION|${previous:-$NEW_VERSION}) " <<< "$live") && fail "another version went live meanwhile: $other"
wanted="$NEW_VERSION 100"
specs=("$NEW_VERSION@100%")
if (( percent < 100 )); then
  wanted=$(printf '%s\n' "$NEW_VERSION $percent" "$previous $((100 - percent))" | sort)
  specs=("$NEW_VERSION@$percent%" "$previous@$((100 - percent))%")
fi
if [[ $(sort <<< "$live") != "$wanted" ]]; then
  "${wrangler[@]}" versions deploy "${specs[@]}" "${worker[@]}" --yes \
    "--message=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" < /dev/null || fail "the traffic cannot be shifted"
  live=$(traffic) || fail "the live version cannot be read"
  [[ $(sort <<< "$live") == "$wanted" ]] || fail "the traffic was shifted, but now it is: $live"
fi
echo "percent=$percent" >> "$GITHUB_OUTPUT"
if [[ ${TRIGGERS:-0} == 1 ]]; then
  "${wrangler[@]}" triggers deploy "${worker[@]}" < /dev/null || fail "routes and schedules cannot be applied"
fi
echo "version $NEW_VERSION has $percent % of the traffic"
