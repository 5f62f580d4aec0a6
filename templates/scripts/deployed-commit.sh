#!/usr/bin/env bash
# Finds the commit that was deployed to an environment last with success, before this run.
#
# in ENVIRONMENT: environment
# in GH_TOKEN: token with `deployments: read`
# out previous_version: the commit; empty if there is none
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

query=$(jq -rn '"environment=\(env.ENVIRONMENT | @uri)&per_page=50"')
deployments=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[] | "\(.id) \(.sha)"') || fail "the deployments cannot be read"
# A later deployment makes an earlier one inactive, which says nothing about how it went.
last='map(select(.state != "inactive")) | max_by(.id) | .state // "none"'
previous=''
while read -r id sha; do
  [[ -n $id ]] || continue
  state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" --jq "$last" < /dev/null) ||
    fail "the statuses of deployment $id cannot be read"
  [[ $state == success ]] || continue
  previous=$sha
  break
done <<< "$deployments"
[[ -z $previous || $previous =~ ^[0-9a-f]{40}$ ]] || fail "\`$previous\` is not the full hash of a commit"
echo "previous_version=$previous" >> "$GITHUB_OUTPUT"
if [[ -n $previous ]]; then echo "commit $previous is live"; else echo "::notice::nothing was deployed to $(escape "$ENVIRONMENT") yet, so there is no commit to go back to"; fi
