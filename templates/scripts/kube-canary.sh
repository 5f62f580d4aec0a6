#!/usr/bin/env bash
# Gives the canary more and more of the traffic by the weights of an HTTPRoute, with checks at each
# step. If they fail, or the job is stopped, the canary gets none, before anything else is done.
#
# in NAMESPACE: namespace of the application
# in HTTP_ROUTE: HTTPRoute with both Services as backends of a rule
# in STABLE_SERVICE: Service of the version that is live
# in CANARY_SERVICE: Service of the new one
# in STEPS?: percentages of the traffic (default 5,25,50,100)
# in STEP_SECONDS?: time at each step (default 60)
# in INTERVAL?: seconds before each check (default 10)
# in MAX_CONSECUTIVE?: failed checks in a row that end it (default 2)
# in HEALTH_URL?: address that must answer with success at each check (default: none)
# in CHECK_COMMAND?: shell command that fails if the new version does badly (default: none)
# in PROMETHEUS_URL?: server to ask at each check (default: none)
# in PROMETHEUS_QUERY?: its query, which must give one number (default: none)
# in PROMETHEUS_LIMIT?: a check fails above this value or without data (default 0.05)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# out weight: percentage that the canary has now
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

seconds=${STEP_SECONDS:-60} last=0
[[ ${STEPS:-5,25,50,100} =~ ^[0-9]+(,[0-9]+)*$ ]] || fail "STEPS must be percentages such as 5,25,100"
[[ $seconds =~ ^[0-9]+$ ]] || fail "STEP_SECONDS must be a number"
IFS=, read -ra steps <<< "${STEPS:-5,25,50,100}"
for step in "${steps[@]}"; do
  [[ $step =~ ^(100|[1-9][0-9]?)$ ]] || fail "STEPS must rise from 1 to 100"
  ((step > last)) || fail "STEPS must rise from 1 to 100"
  last=$step
done

abort() {
  trap '' INT TERM
  if weigh_canary 0; then
    echo "weight=0" >> "$GITHUB_OUTPUT"
    warn "all traffic goes to $STABLE_SERVICE, as before"
  else
    warn "$CANARY_SERVICE may still get traffic"
  fi
}
trap abort EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
for step in "${steps[@]}"; do
  weigh_canary "$step" || fail "the weights were not changed"
  echo "$step % of the traffic goes to $CANARY_SERVICE"
  watch_release "$seconds"
done
trap - EXIT
echo "weight=$last" >> "$GITHUB_OUTPUT"
