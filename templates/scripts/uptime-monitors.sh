#!/usr/bin/env bash
# Pauses the monitors of addresses at Uptime Robot, resumes them, or makes those that are missing. A warning if that fails, never an error.
#
# in UPTIMEROBOT_API_KEY?: secret, the main key of the account (default: nothing is done)
# in ACTION: `pause`, `resume` or `ensure`
# in URLS?: addresses, one per line, to pause or to watch (default: none, as to resume)
# in IDS?: ids of monitors to resume, separated by spaces (default: none)
# in NAME?: name of monitors that are made, with the address behind it (default: the address alone)
# in UPTIMEROBOT_URL?: address of the API (default `https://api.uptimerobot.com/v2`)
# out paused: ids of the monitors that were not paused before, known before anything is changed; for `resume`, those that still are
set -euo pipefail
api=${UPTIMEROBOT_URL:-https://api.uptimerobot.com/v2} left=()

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
give_up() {
  local text="the monitors at Uptime Robot are as they were"
  ((${#left[@]} == 0)) || text="monitors at Uptime Robot may be paused now, resume them by hand: ${left[*]}"
  printf '::%s::%s\n' "$1" "$(escape "$text: $2")"
  exit 0
}
# Sets whether a monitor looks: 0 pauses it, 1 starts it.
edit() { ask editMonitor --data-urlencode "id=$1" --data "status=$2" > /dev/null 2> "$errors"; }
# Says which monitors are paused from here on.
tell() { echo "paused=${left[*]}" >> "$GITHUB_OUTPUT"; }
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
if [[ $ACTION == resume ]]; then
  read -ra left <<< "${IDS:-}"
  for id in "${left[@]}"; do
    [[ $id =~ ^[0-9]+$ ]] || give_up warning "\`$id\` is not the id of a monitor"
  done
  while ((${#left[@]} > 0)); do
    edit "${left[0]}" 1 || give_up warning "$(< "$errors")"
    echo "monitor ${left[0]} looks again"
    left=("${left[@]:1}")
    tell
  done
  exit 0
fi
while read -r url; do
  [[ $url =~ ^https?://[^[:space:]]+$ ]] || { [[ -z $url ]] || give_up warning "\`$url\` is not an address"; continue; }
  found=$(ask getMonitors --data-urlencode "search=$url" 2> "$errors") || give_up warning "$(< "$errors")"
  # The search also finds parts of addresses.
  monitors=$(jq -r --arg url "${url%/}" '.monitors[] | select((.url | rtrimstr("/")) == $url) | "\(.id) \(.status)"' <<< "$found") ||
    give_up warning "the monitors cannot be read"
  if [[ -z $monitors && $ACTION == ensure ]]; then
    ask newMonitor --data type=1 --data-urlencode "url=$url" --data-urlencode "friendly_name=${NAME:+$NAME }$url" > /dev/null 2> "$errors" ||
      give_up warning "$(< "$errors")"
    echo "$url is watched from now on"
  elif [[ -z $monitors ]]; then
    printf '::notice::%s\n' "$(escape "Uptime Robot has no monitor of $url")"
  elif [[ $ACTION == ensure ]]; then
    echo "$url is watched"
  else
    while read -r id status; do
      # Who paused it before has a reason of their own.
      [[ $status != 0 ]] || continue
      left+=("$id")
      tell
      edit "$id" 0 || give_up warning "$(< "$errors")"
      echo "the monitor of $url is paused"
    done <<< "$monitors"
  fi
done <<< "${URLS:-}"
