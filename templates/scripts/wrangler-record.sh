#!/usr/bin/env bash
# Records which version of a Worker is live, before a deployment changes it.
#
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# out previous_version: version with the most traffic; empty if the Worker does not exist yet
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
answer=$(mktemp -d -p "$RUNNER_TEMP")
if ! WRANGLER_OUTPUT_FILE_PATH=$answer/session "${wrangler[@]}" deployments status --json "${worker[@]}" < /dev/null > "$answer/status"; then
  # Only these say that there is no Worker; all else says that we do not know.
  jq -es 'any(.[]; .type == "command-failed" and (.code == 10007 or .code == 10090 or (.message | test("has no deployments"))))' \
    "$answer/session" > /dev/null 2>&1 || fail "the live version of the Worker cannot be read"
  echo "previous_version=" >> "$GITHUB_OUTPUT"
  echo "::notice::the Worker does not exist yet, so there is no version to go back to"
  exit
fi
version=$(jq -er '.versions | max_by(.percentage).version_id' "$answer/status") || fail "the live version of the Worker is not in the answer of wrangler"
[[ $version =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$version\` is not the id of a version"
echo "previous_version=$version" >> "$GITHUB_OUTPUT"
echo "version $version is live"
jq -e '.versions | length == 1' "$answer/status" > /dev/null ||
  echo "::warning::the traffic is split between versions, as an unfinished deployment leaves it; a roll-back gives all of it to $version"
