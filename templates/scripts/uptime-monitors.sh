#!/usr/bin/env bash
# Pauses and resumes the monitors of addresses at Uptime Robot, or makes those that are missing. A warning if that fails, never an error.
#
# in UPTIMEROBOT_API_KEY?: secret, the main key of the account (default: nothing is done)
# in ACTION: `pause`, `resume` or `ensure`
# in URLS: addresses, one per line
# in NAME: name of monitors that are made, with the address behind it
# in UPTIMEROBOT_URL?: address of the API (default `https://api.uptimerobot.com/v2`)
set -euo pipefail
api=${UPTIMEROBOT_URL:-https://api.uptimerobot.com/v2}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
give_up() { printf '::%s::monitors at Uptime Robot are as they were: %s\n' "$1" "$(escape "$2")"; exit 0; }
# Prints the answer. The key does not stand on the command line.
ask() {
  local method=$1 answer
  shift
  answer=$(jq -rn '"data-urlencode = \("api_key=" + env.UPTIMEROBOT_API_KEY | @json)"' | curl --config - --silent --show-error --fail-with-body \
    --globoff --proto '=http,https' --max-time 20 --retry 3 --retry-delay 2 --data format=json "$@" --url "$api/$method" 2>&1) || { echo "$answer" >&2; return 1; }
  jq -e 'select(.stat == "ok")' <<< "$answer" 2> /dev/null || { jq -r '.error.message // "no answer"' <<< "$answer" >&2; return 1; }
}

[[ -n ${UPTIMEROBOT_API_KEY:-} ]] || give_up notice "the secret UPTIMEROBOT_API_KEY is not set"
[[ $ACTION =~ ^(pause|resume|ensure)$ ]] || give_up warning "ACTION must be \`pause\`, \`resume\` or \`ensure\`, not \`$ACTION\`"
errors=$(mktemp -p "$RUNNER_TEMP")
while read -r url; do
  [[ $url =~ ^https?://[^[:space:]]+$ ]] || { [[ -z $url ]] || give_up warning "\`$url\` is not an address"; continue; }
  found=$(ask getMonitors --data-urlencode "search=$url" 2> "$errors") || give_up warning "$(< "$errors")"
  # The search also finds parts of addresses.
  ids=$(jq -r --arg url "${url%/}" '.monitors[] | select((.url | rtrimstr("/")) == $url) | .id' <<< "$found") || give_up warning "the monitors cannot be read"
  if [[ -z $ids && $ACTION == ensure ]]; then
    ask newMonitor --data type=1 --data-urlencode "url=$url" --data-urlencode "friendly_name=$NAME $url" > /dev/null 2> "$errors" || give_up warning "$(< "$errors")"
    echo "$url is watched from now on"
  elif [[ -z $ids ]]; then
    printf '::notice::%s\n' "$(escape "Uptime Robot has no monitor of $url")"
  fi
  status=1
  [[ $ACTION != pause ]] || status=0
  for id in $ids; do
    [[ $ACTION == ensure ]] && { echo "$url is watched"; continue; }
    ask editMonitor --data-urlencode "id=$id" --data "status=$status" > /dev/null 2> "$errors" || give_up warning "$(< "$errors")"
    echo "$ACTION: the monitor of $url"
  done
done <<< "$URLS"
