#!/usr/bin/env bash
# Finds the version before the one that is deployed, in the records of deployments.
#
# in ENVIRONMENT: the environment
# in VERSION_INPUT?: the version that was asked for (default: what DEFAULT says)
# in DEFAULT?: `previous`, the one before the present one, or `current`, the present one (default previous)
# in GH_TOKEN: token with `deployments: read`
# out current: the version that is deployed
# out version: the one to go back to
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

query=$(jq -rn '"environment=\(env.ENVIRONMENT | @uri)&per_page=100"')
# Only our own records name a version; the newest is the first.
# shellcheck disable=SC2016
list=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[]
  | (.payload | if type == "string" then (try fromjson catch {}) else . end | if type == "object" then . else {} end) as $payload
  | select($payload.version | type == "string" and test("^\\S+$")) | "\(.id) \($payload.version) \($payload.rollback == true)"') ||
  fail "the deployments cannot be read"

current='' origin='' version=''
# A later deployment makes an earlier one inactive, which says nothing about how it went.
last='map(select(.state != "inactive")) | max_by(.id) | .state // "none"'
while read -r id name rollback; do
  [[ -n $id ]] || continue
  state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" --jq "$last" < /dev/null) ||
    fail "the statuses of deployment $id cannot be read"
  [[ $state == success ]] || continue
  [[ -n $current ]] || current=$name
  # What was rolled back to counts from when it was deployed: later ones were gone back from.
  if [[ -z $origin && $name == "$current" && $rollback == false ]]; then origin=$id; fi
  if [[ -n $origin && $name != "$current" && $rollback == false ]]; then version=$name; break; fi
done <<< "$list"

echo "current=$current" | tee -a "$GITHUB_OUTPUT"
if [[ -n ${VERSION_INPUT:-} ]]; then
  version=$VERSION_INPUT
  [[ $version != "$current" || ${DEFAULT:-previous} == current ]] || printf '::warning::%s\n' "$(escape "$version is deployed already")"
elif [[ ${DEFAULT:-previous} == current ]]; then
  version=$current
fi
[[ -n $version ]] || fail "no release before ${current:-the present one} is known of $ENVIRONMENT; name one"
[[ $version =~ ^[A-Za-z0-9._/+-]+$ ]] || fail "\`$version\` is no version"
echo "version=$version" | tee -a "$GITHUB_OUTPUT"
