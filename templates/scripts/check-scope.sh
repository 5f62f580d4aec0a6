#!/usr/bin/env bash
# Refuses to roll back what an environment does not have: the form offers what any of them has.
#
# in ENVIRONMENT: the environment
# in SCOPE: what is to go back
# in OFFERED: what can go back there, separated by spaces
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }

read -ra all <<< "$OFFERED"
for one in "${all[@]}"; do
  [[ $one != "$SCOPE" ]] || { echo "$ENVIRONMENT: $SCOPE goes back"; exit 0; }
done
printf '::error::%s\n' "$(escape "\`$SCOPE\` cannot go back on $ENVIRONMENT: choose one of ${all[*]}")"
exit 1
