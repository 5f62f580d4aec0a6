#!/usr/bin/env bash
# Bundles a Worker and checks its configuration, and deploys nothing. No token is needed for it.
#
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

log=$(mktemp -d -p "$RUNNER_TEMP")
"${wrangler[@]}" deploy --dry-run "--outdir=$log/bundle" "${worker[@]}" < /dev/null 2>&1 | tee "$log/output" ||
  fail "the Worker cannot be built with this configuration"
# Wrangler deploys to the top level, with a warning only, where it does not know the environment.
unknown='No environment found in configuration with name'
! grep -qF "$unknown" "$log/output" || fail "the configuration has no environment \`$WORKER_ENV\`"
[[ -n $(find "$log/bundle" -type f -print -quit 2> /dev/null) ]] || fail "wrangler made no bundle"
echo "the Worker can be deployed with this configuration"
