#!/usr/bin/env bash
# Looks whether a commit has been deployed with success to other environments before.
#
# in ENVIRONMENTS: the earlier environments, such as `staging`, one per line
# in SHA: the commit
# in ON_MISSING?: `warn` or `fail` (default warn)
# in GH_TOKEN: token with `deployments: read`
# out deployed: `true` or `false`
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ ${ON_MISSING:-warn} =~ ^(warn|fail)$ ]] || fail "ON_MISSING must be \`warn\` or \`fail\`, not \`$ON_MISSING\`"
mapfile -t wanted < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$ENVIRONMENTS")
(( ${#wanted[@]} )) || fail "ENVIRONMENTS names no environment"

# A later deployment makes an earlier one inactive, which says nothing about how it went.
last='map(select(.state != "inactive")) | max_by(.id) | .state // "none"'
missing=()
for environment in "${wanted[@]}"; do
  query=$(jq -rn --arg environment "$environment" '"sha=\(env.SHA | @uri)&environment=\($environment | @uri)&per_page=100"')
  ids=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[].id') || fail "the deployments cannot be read"
  found=false
  for id in $ids; do
    state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" --jq "$last") ||
      fail "the statuses of deployment $id cannot be read"
    [[ $state != success ]] || found=true
  done
  [[ $found == true ]] || missing+=("$environment")
done
deployed=true
(( ${#missing[@]} == 0 )) || deployed=false
echo "deployed=$deployed" | tee -a "$GITHUB_OUTPUT"

[[ $deployed == false ]] || exit 0
list=${missing[*]}
message="commit $SHA has not been deployed to ${list// /, } with success"
[[ ${ON_MISSING:-warn} == warn ]] || fail "$message"
printf '::warning::%s\n' "$(escape "$message")"
