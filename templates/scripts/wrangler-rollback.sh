#!/usr/bin/env bash
# Gives all traffic of a Worker back to an earlier version and looks whether it has it.
#
# in PREVIOUS_VERSION: version to go back to, from wrangler-record.sh or wrangler-find.sh
# in REASON?: why, for the list of deployments (default: the run that rolls back)
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# out version: version that is live afterwards
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})
reason=${REASON:-rolled back by $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/wrangler.sh
source "${BASH_SOURCE%/*}/parts/wrangler.sh"

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
[[ -n $PREVIOUS_VERSION ]] || fail "no version was live before, so there is none to go back to: delete the Worker, or deploy a version that works"
[[ $PREVIOUS_VERSION =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$PREVIOUS_VERSION\` is not the id of a version"

live=$(traffic) || live=
if [[ $live == "$PREVIOUS_VERSION 100" ]]; then
  echo "nothing to undo"
else
  # `versions deploy` refuses a version from before a change of secrets; this command takes it back all the same.
  CI=true "${wrangler[@]}" rollback "$PREVIOUS_VERSION" "${worker[@]}" --yes "--message=${reason:0:120}" < /dev/null ||
    fail "the Worker cannot be rolled back; live is: ${live:-unknown}"
  live=$(traffic) || fail "the Worker was rolled back, but the live version cannot be read"
  [[ $live == "$PREVIOUS_VERSION 100" ]] || fail "the Worker was rolled back, but now the traffic is: $live"
fi
echo "version=$PREVIOUS_VERSION" >> "$GITHUB_OUTPUT"
echo "version $PREVIOUS_VERSION has all traffic"
