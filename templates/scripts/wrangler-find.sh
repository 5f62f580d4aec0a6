#!/usr/bin/env bash
# Finds the version of a Worker that was uploaded for a release, for a roll-back by hand.
#
# in VERSION: name of the release, as the deployment tagged its version
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# out previous_version: id of the version, the newest if the release was deployed more than once
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
versions=$("${wrangler[@]}" versions list --json "${worker[@]}" < /dev/null) || fail "the versions of the Worker cannot be read"
found=$(jq -r 'map(select(.annotations["workers/tag"] == env.VERSION)) | max_by(.metadata.created_on).id // empty' <<< "$versions") ||
  fail "the versions of the Worker are not in the answer of wrangler"
[[ -n $found ]] || fail "no version of release \`$VERSION\` is among the last $(jq length <<< "$versions") that wrangler lists: deploy that release again"
[[ $found =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$found\` is not the id of a version"
echo "previous_version=$found" | tee -a "$GITHUB_OUTPUT"
