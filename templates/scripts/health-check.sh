#!/usr/bin/env bash
# Waits until every address answers 2xx and, if asked, until the deployed version is the one that answers.
#
# in HEALTH_URLS: addresses, one per line
# in ATTEMPTS?: how many rounds before giving up (default 10)
# in INTERVAL?: seconds between two rounds (default 6)
# in TIMEOUT?: seconds per request (default 10)
# in EXPECTED_VERSION?: version that the first address must report; a leading `v` does not matter (default: not compared)
# in VERSION_FROM?: where it reports it, a jq filter on the body or `header:NAME` (default `.version`)
set -euo pipefail
attempts=${ATTEMPTS:-10} interval=${INTERVAL:-6} timeout=${TIMEOUT:-10} version_from=${VERSION_FROM:-.version}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"
mapfile -t urls < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$HEALTH_URLS")
(( ${#urls[@]} )) || fail "HEALTH_URLS names no address"
answer=$(mktemp -d -p "$RUNNER_TEMP")

# Prints the status, and why if there is no whole answer. Redirects are not followed: a login page would answer 200.
request() {
  curl --silent --globoff --proto '=http,https' --max-time "$timeout" --output "$answer/body" \
    --dump-header "$answer/headers" --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$1" || true
}
reported_version() {
  case $version_from in
    header:*) tr -d '\r' < "$answer/headers" | name=${version_from#header:} awk -F: \
      'tolower($1) == tolower(ENVIRON["name"]) { sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t]+$/, ""); print }' ;;
    *) jq -r "($version_from) // empty" "$answer/body" 2> /dev/null ;;
  esac
}
problem_of() {
  local status version
  status=$(request "$1")
  [[ $status == 2?? ]] || { echo "answers $status"; return; }
  [[ -n ${EXPECTED_VERSION:-} && $1 == "${urls[0]}" ]] || return 0
  version=$(reported_version) || version=
  [[ "${version#v}" == "${EXPECTED_VERSION#v}" ]] || echo "reports version \`${version:-none}\`, not \`$EXPECTED_VERSION\`"
}

for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  problems=()
  for url in "${urls[@]}"; do
    problem=$(problem_of "$url")
    [[ -z $problem ]] || problems+=("$(escape "$url $problem")")
  done
  (( ${#problems[@]} )) || { echo "all ${#urls[@]} addresses are healthy${EXPECTED_VERSION:+ with version $EXPECTED_VERSION}"; exit 0; }
  for problem in "${problems[@]}"; do echo "attempt $attempt of $attempts: $problem"; done
done
printf '::error::not healthy after %s attempts: %s\n' "$attempts" "${problems[0]}"
exit 1
