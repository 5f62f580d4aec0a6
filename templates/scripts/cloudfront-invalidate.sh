#!/usr/bin/env bash
# Makes CloudFront forget what it keeps of a site, and waits until it has.
#
# in DISTRIBUTION_ID?: id of the distribution (default: nothing is done)
# in PATHS?: paths, one per line, `*` only at the end (default `/*`)
# in MAX_WAIT?: seconds until it must be done (default 1200)
# in INTERVAL?: seconds between two looks (default 15)
set -euo pipefail
max_wait=${MAX_WAIT:-1200} interval=${INTERVAL:-15} paths=${PATHS:-/*}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws cloudfront "$1" --output json --cli-input-json "file://$input"; }

if [[ -z ${DISTRIBUTION_ID:-} ]]; then
  echo "::notice::no cache to empty: DISTRIBUTION_ID is not set"
  exit 0
fi
[[ "$max_wait $interval" =~ ^[0-9]+\ [0-9.]+$ ]] || fail "MAX_WAIT and INTERVAL must be numbers"
[[ $DISTRIBUTION_ID =~ ^[A-Z0-9]+$ ]] || fail "\`$DISTRIBUTION_ID\` is not the id of a distribution"
items=$(jq -cn --arg paths "$paths" '[$paths | splits("\r?\n") | select(test("\\S"))]')
wrong=$(jq -r 'map(select(test("^/[^\\s*]*\\*?\\z") | not))[0] // empty' <<< "$items")
[[ -z $wrong && $items != '[]' ]] || fail "\`$wrong\` is not a path such as \`/*\`"

# To a reference that it knows CloudFront answers with the old invalidation, so each try of ours has its own.
request=$(jq -n --arg reference "$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT-$(date +%s%N)" --argjson items "$items" '{
  DistributionId: env.DISTRIBUTION_ID,
  InvalidationBatch: {CallerReference: $reference, Paths: {Quantity: ($items | length), Items: $items}}}')
errors=$(mktemp -p "$RUNNER_TEMP")
until answer=$(ask create-invalidation <<< "$request" 2> "$errors"); do
  if [[ $(< "$errors") != *'(TooManyInvalidationsInProgress)'* ]] || (( SECONDS >= max_wait )); then
    fail "the invalidation is refused: $(< "$errors")"
  fi
  echo "other invalidations are under way"
  sleep "$interval"
done
id=$(jq -r '.Invalidation.Id' <<< "$answer")
echo "started invalidation $id"

while true; do
  status=$(jq -n --arg id "$id" '{DistributionId: env.DISTRIBUTION_ID, Id: $id}' | ask get-invalidation | jq -r '.Invalidation.Status') || status=unknown
  [[ $status != Completed ]] || break
  (( SECONDS < max_wait )) || fail "invalidation $id is $status after $max_wait seconds"
  sleep "$interval"
done
echo "invalidation $id is completed"
