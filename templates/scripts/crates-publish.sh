#!/usr/bin/env bash
# Publishes the crate of a folder on crates.io, by which run this is: a token for half an hour, given back at the end.
#
# in VERSION: tag of the release, whose version the crate must have
# in CRATES_URL?: address of the registry (default https://crates.io)
# in CRATES_INDEX?: address of its index (default https://index.crates.io)
# out previous_version: newest release before; empty if there is none
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/registry.sh
source "${BASH_SOURCE%/*}/parts/registry.sh"
# shellcheck source=parts/crate.sh
source "${BASH_SOURCE%/*}/parts/crate.sh"
registry=${CRATES_URL:-https://crates.io}
index=${CRATES_INDEX:-https://index.crates.io}

find_crate
file=${name,,}
case ${#file} in
  1 | 2) file=${#file}/$file ;;
  3) file=3/${file:0:1}/$file ;;
  *) file=${file:0:2}/${file:2:2}/$file ;;
esac
answer=$(mktemp -p "$RUNNER_TEMP")
is_published() {
  ask "$answer" "$index/$file" text/plain
  jq -es 'all(.vers | type == "string")' "$answer" > /dev/null || fail "$index does not list the versions of $name"
  jq -es --arg number "$number" 'any(.vers == $number)' "$answer" > /dev/null
}
published=yes
is_published || published=''
previous=$(jq -r --arg number "$number" '.vers | select(test("^[0-9]+[.][0-9]+[.][0-9]+$") and . != $number)' "$answer" | sort -V | tail -n 1)
echo "previous_version=$previous" >> "$GITHUB_OUTPUT"
if [[ -n $published ]]; then
  echo "::notice::$name $number is on crates.io already"
  exit
fi

# Prints the answer. What is secret is told by the lines of `--config`, not on the command line.
call() {
  curl --config - --silent --show-error --fail-with-body --globoff --proto '=http,https' --retry 2 --retry-delay 1 --max-time 60 \
    --user-agent "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$@"
}
bearer() { jq -Rr '"header = \("Authorization: Bearer " + . | @json)"' <<< "$1"; }
[[ -n ${ACTIONS_ID_TOKEN_REQUEST_URL:-} ]] || fail "the job may not say which run it belongs to: it needs \`id-token: write\`"
identity=$(bearer "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" | call --url "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${registry#*://}") ||
  fail "GitHub does not say which run this is"
granted=$(jq -r '"data = \({jwt: .value} | tojson | @json)"' <<< "$identity" |
  call --header 'Content-Type: application/json' --url "$registry/api/v1/trusted_publishing/tokens") || granted=${granted:-'no answer'}
token=$(jq -r '.token | strings' <<< "$granted" 2> /dev/null) && [[ -n $token ]] ||
  fail "crates.io gives no token: $granted; the settings of $name there must name this repository and ${GITHUB_WORKFLOW_REF:-the workflow} as its trusted publisher, and its first version is published by hand"
echo "::add-mask::$token"
trap 'bearer "$token" | call --request DELETE --url "$registry/api/v1/trusted_publishing/tokens" > /dev/null ||
  echo "::warning::the token could not be given back; it ends by itself within half an hour"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# It was built before, in a job that has no token: no code of others runs here.
if ! CARGO_REGISTRY_TOKEN=$token cargo publish --no-verify "${locked[@]}" < /dev/null; then
  # An answer may have got lost on its way.
  is_published || fail "crates.io did not take $name $number"
fi
echo "$name $number is on crates.io"
