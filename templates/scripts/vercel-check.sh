#!/usr/bin/env bash
# Requests some paths of a Vercel deployment at its own address and expects 2xx, also where deployments are protected.
#
# in BASE_URL: address of the deployment
# in CHECK_PATHS?: paths, one per line (default `/`)
# in VERCEL_AUTOMATION_BYPASS_SECRET?: secret of the project's protection bypass for automation (default: none)
# in ATTEMPTS?: how many rounds before giving up (default 5)
# in INTERVAL?: seconds between two rounds (default 5)
# in TIMEOUT?: seconds per request (default 10)
set -euo pipefail
attempts=${ATTEMPTS:-5} interval=${INTERVAL:-5} timeout=${TIMEOUT:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$attempts $timeout $interval" =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS, TIMEOUT and INTERVAL must be numbers"
mapfile -t paths < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "${CHECK_PATHS:-/}")
(( ${#paths[@]} )) || fail "CHECK_PATHS names no path"
for path in "${paths[@]}"; do
  [[ $path == /* ]] || fail "\`$path\` is not a path that begins with \`/\`"
done
# The secret does not stand on the command line.
problem_of() {
  local status
  status=$(jq -rn '(env.VERCEL_AUTOMATION_BYPASS_SECRET // "") | select(. != "") | "header = \("x-vercel-protection-bypass: " + . | @json)"' |
    curl --config - --silent --globoff --proto '=http,https' --max-time "$timeout" --output /dev/null \
      --write-out '%{http_code}%{onerror}: %{errormsg}' --url "${BASE_URL%/}$1" || true)
  case $status in
    2??) ;;
    401) echo "$1 answers 401: is the deployment protected and VERCEL_AUTOMATION_BYPASS_SECRET missing or wrong? " ;;
    *) echo "$1 answers $status; " ;;
  esac
}
for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  problems=
  for path in "${paths[@]}"; do problems+=$(problem_of "$path"); done
  [[ -n $problems ]] || { echo "all ${#paths[@]} paths answer at $BASE_URL"; exit 0; }
  echo "attempt $attempt of $attempts: $(escape "$problems")"
done
fail "$BASE_URL is not healthy after $attempts attempts: $problems"
