#!/usr/bin/env bash
# Requests some paths of a deployed application and compares the status of each with the one expected.
#
# in BASE_URL: address of the application
# in SMOKE_PATHS: lines `PATH [STATUS]`, status 200 unless named; redirects are not followed
# in ATTEMPTS?: tries per path (default 3)
# in INTERVAL?: seconds between two tries (default 5)
# in TIMEOUT?: seconds per request (default 10)
set -euo pipefail
attempts=${ATTEMPTS:-3} interval=${INTERVAL:-5} timeout=${TIMEOUT:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"

# Prints the status, and why if there is no whole answer.
request() {
  curl --silent --globoff --proto '=http,https' --max-time "$timeout" \
    --output /dev/null --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$1" || true
}

checked=0 failed=0
while read -r path expected rest; do
  [[ -n $path ]] || continue
  expected=${expected:-200}
  [[ $path == /* && $expected =~ ^[1-5][0-9][0-9]$ && -z $rest ]] || fail "\`$path $expected $rest\` is not a line \`PATH [STATUS]\`"
  for attempt in $(seq 1 "$attempts"); do
    [[ $attempt == 1 ]] || sleep "$interval"
    status=$(request "${BASE_URL%/}$path")
    [[ $status != "$expected" ]] || break
  done
  checked=$((checked + 1))
  if [[ $status == "$expected" ]]; then
    echo "ok: $path answers $status"
  else
    failed=$((failed + 1))
    printf '::error::%s\n' "$(escape "$path answers $status, not $expected")"
  fi
done <<< "$SMOKE_PATHS"

(( checked )) || fail "SMOKE_PATHS names no path"
(( failed == 0 )) || fail "$failed of $checked smoke checks failed at $BASE_URL"
