#!/usr/bin/env bash
# Asks one version of a Worker itself, whatever its share of the traffic, and waits until each address answers 2xx.
#
# in NEW_VERSION: the version, which must be part of the deployment, if only with 0 percent
# in CHECK_URLS: addresses, one per line; not those of workers.dev previews
# in WORKER_SCRIPT: full name of the Worker, with its environment
# in ATTEMPTS?: how many rounds before giving up (default 10)
# in INTERVAL?: seconds between two rounds (default 6)
# in TIMEOUT?: seconds per request (default 10)
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})
attempts=${ATTEMPTS:-10} interval=${INTERVAL:-6} timeout=${TIMEOUT:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/wrangler.sh
source "${BASH_SOURCE%/*}/parts/wrangler.sh"

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"
[[ $NEW_VERSION =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$NEW_VERSION\` is not the id of a version"
[[ $WORKER_SCRIPT =~ ^[A-Za-z0-9_-]+$ ]] || fail "\`$WORKER_SCRIPT\` is not the name of a Worker"
mapfile -t urls < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$CHECK_URLS")
(( ${#urls[@]} )) || fail "CHECK_URLS names no address"

# A version that is not deployed would be answered for by another one.
live=$(traffic) || fail "the live version cannot be read"
grep -q "^$NEW_VERSION " <<< "$live" || fail "version $NEW_VERSION is not part of the deployment: $live"
problem_of() {
  local status
  status=$(curl --silent --globoff --proto '=http,https' --max-time "$timeout" --output /dev/null --write-out '%{http_code}%{onerror}: %{errormsg}' \
    --header "Cloudflare-Workers-Version-Overrides: $WORKER_SCRIPT=\"$NEW_VERSION\"" --url "$1" || true)
  [[ $status == 2?? ]] || echo "$1 answers $status"
}
for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  problems=
  for url in "${urls[@]}"; do problems+=$(problem_of "$url"); done
  [[ -n $problems ]] || { echo "version $NEW_VERSION answers at ${#urls[@]} addresses"; exit 0; }
  echo "attempt $attempt of $attempts: $(escape "$problems")"
done
fail "version $NEW_VERSION is not healthy after $attempts attempts: $problems"
