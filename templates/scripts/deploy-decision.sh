#!/usr/bin/env bash
# Decides whether a commit must be deployed: not if nothing but paths that need no deployment differs from what is deployed.
#
# in ENVIRONMENT: environment on GitHub whose newest good deployment is compared with
# in SHA: the commit
# in SKIP: patterns of paths that need no deployment, one per line; `*` stops at a slash, `**` does not
# in FORCE?: `true` deploys whatever changed (default false)
# in GH_TOKEN: token with `contents: read` and `deployments: read`
# out should_deploy: `true` or `false`
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
decide() {
  echo "should_deploy=$1" >> "$GITHUB_OUTPUT"
  printf '%s\n' "$2" | tee -a "$GITHUB_STEP_SUMMARY"
  exit 0
}

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
[[ ${FORCE:-false} != true ]] || decide true "Deployed whatever changed, as this run was told."

query=$(jq -rn '"environment=\(env.ENVIRONMENT | @uri)&per_page=30"')
known=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[] | "\(.id) \(.sha)"') || fail "the deployments cannot be read"
# What came before a good deployment is inactive, what came after it and failed is not live.
base=
while read -r id sha; do
  [[ -n $id ]] || continue
  state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" --jq 'max_by(.id).state // "none"') ||
    fail "the statuses of deployment $id cannot be read"
  if [[ $state == success ]]; then base=$sha; break; fi
done <<< "$known"
[[ -n $base ]] || decide true "Nothing is known to be deployed to $ENVIRONMENT, so this is."
[[ $base != "$SHA" ]] || decide false "Commit $SHA is deployed to $ENVIRONMENT already."

# GitHub names up to 300 files, and both names of one that was moved.
compared=$(gh api "repos/$GITHUB_REPOSITORY/compare/$base...$SHA?per_page=1" --jq '[.files[]? | .filename, .previous_filename // empty]') ||
  decide true "What is deployed to $ENVIRONMENT cannot be compared with this commit, so it is deployed."
matter=$(jq -c 'def expression: gsub("\\."; "\\.") | gsub("\\*\\*/"; "\u0001") | gsub("\\*\\*"; "\u0002") | gsub("\\*"; "[^/]*") | gsub("\\?"; "[^/]")
      | gsub("\u0001"; "(.*/)?") | gsub("\u0002"; ".*") | "^\(.)$";
    [env.SKIP | split("\n")[] | gsub("^\\s+|\\s+$"; "") | select(. != "") | expression] as $skip
    | if length >= 300 then [.[0]] else map(select(. as $path | any($skip[]; . as $one | $path | test($one)) | not)) end' <<< "$compared") ||
  fail "SKIP has something other than patterns of paths"
[[ $matter != '[]' ]] || decide false "Nothing that needs a deployment differs from what is deployed to $ENVIRONMENT ($base)."
decide true "Deployed, since $(jq 'length' <<< "$matter") of the changed files matter, such as $(jq -r '.[0] | gsub("[\r\n`]"; " ") | "`\(.)`"' <<< "$matter")."
