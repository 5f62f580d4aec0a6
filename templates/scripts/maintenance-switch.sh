#!/usr/bin/env bash
# Switches the maintenance mode of an application on or off and looks at an address whether it is.
#
# in MAINTENANCE: `on` or `off`
# in MAINTENANCE_COMMAND?: shell command that switches it to what MAINTENANCE says (default: the request, or the KV key)
# in MAINTENANCE_REQUEST?: address that is sent `{"enabled": true}` or `false` by POST (default: the command, or the KV key)
# in MAINTENANCE_MESSAGE?: what users are told: the command reads it, the request has it as `message`, the KV key instead of `on` (default: none)
# in MAINTENANCE_TOKEN?: secret, bearer token of that request (default: none)
# in MAINTENANCE_KV_NAMESPACE?: id of the Workers KV namespace that the Worker reads (default: the command, or the request)
# in MAINTENANCE_KV_KEY?: key that is there, with the message or `on`, during maintenance (default `maintenance`)
# in MAINTENANCE_URL?: address that shows which it is (default: none, and whoever switches it is believed)
# in MAINTENANCE_STATUS?: status it answers during maintenance; without it 2xx (default 503)
# in DRAIN?: seconds to wait after it is on, for requests that still run (default 0)
# in ATTEMPTS?: how often to look at the address (default 20)
# in INTERVAL?: seconds between two looks (default 6)
# in CLOUDFLARE_API_TOKEN?: token with `Workers KV Storage: Edit` (default: none, as the command needs none)
# in CLOUDFLARE_ACCOUNT_ID?: account of the namespace (default: none)
# in CLOUDFLARE_API_BASE_URL?: address of the API (default `https://api.cloudflare.com/client/v4`)
# out switched: `on` before anything is changed, so that it is known that it must be switched off; `off` when it is
set -euo pipefail
attempts=${ATTEMPTS:-20} interval=${INTERVAL:-6} during=${MAINTENANCE_STATUS:-503}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $MAINTENANCE =~ ^(on|off)$ ]] || fail "MAINTENANCE must be \`on\` or \`off\`, not \`$MAINTENANCE\`"
[[ "$attempts $interval ${DRAIN:-0}" =~ ^[1-9][0-9]*\ [0-9.]+\ [0-9.]+$ ]] || fail "ATTEMPTS, INTERVAL and DRAIN must be numbers"
[[ $during =~ ^[1-5][0-9][0-9]$ && $during != 2?? ]] || fail "MAINTENANCE_STATUS must be a status other than 2xx, not \`$during\`"
[[ -n ${MAINTENANCE_COMMAND:-}${MAINTENANCE_REQUEST:-}${MAINTENANCE_KV_NAMESPACE:-} ]] ||
  fail "neither MAINTENANCE_COMMAND nor MAINTENANCE_REQUEST nor MAINTENANCE_KV_NAMESPACE is set"
[[ -z ${MAINTENANCE_KV_NAMESPACE:-} || ${MAINTENANCE_KV_NAMESPACE}${CLOUDFLARE_ACCOUNT_ID:-} =~ ^[A-Za-z0-9]+$ ]] ||
  fail "MAINTENANCE_KV_NAMESPACE and CLOUDFLARE_ACCOUNT_ID must be ids"

# The token does not stand on the command line.
set_key() {
  local answer key url method=(--request DELETE)
  [[ $MAINTENANCE == off ]] || method=(--request PUT --data-raw "${MAINTENANCE_MESSAGE:-on}")
  key=$(jq -rn 'env.MAINTENANCE_KV_KEY // "" | if . == "" then "maintenance" else . end | @uri')
  url=${CLOUDFLARE_API_BASE_URL:-https://api.cloudflare.com/client/v4}/accounts/$CLOUDFLARE_ACCOUNT_ID/storage/kv/namespaces
  answer=$(jq -rn '"header = \("Authorization: Bearer " + env.CLOUDFLARE_API_TOKEN | @json)"' | curl --config - --silent --show-error \
    --globoff --proto '=http,https' --retry 2 --retry-delay 1 --max-time 30 "${method[@]}" --header 'Content-Type: text/plain' \
    --url "$url/$MAINTENANCE_KV_NAMESPACE/values/$key" 2>&1) || fail "the key cannot be set: $answer"
  jq -e '.success == true' <<< "$answer" > /dev/null 2>&1 || fail "the key cannot be set, Cloudflare answered: $answer"
}
send_request() {
  local answer body='{"enabled":false}'
  [[ $MAINTENANCE == off ]] || body=$(jq -cn '{enabled: true} + (env.MAINTENANCE_MESSAGE // "" | if . == "" then {} else {message: .} end)')
  answer=$(jq -rn 'env.MAINTENANCE_TOKEN // "" | select(. != "") | "header = \("Authorization: Bearer " + . | @json)"' |
    curl --config - --silent --show-error --fail-with-body --globoff --proto '=http,https' --retry 2 --retry-delay 1 --max-time 30 \
      --header 'Content-Type: application/json' --data-raw "$body" --url "$MAINTENANCE_REQUEST" 2>&1) ||
    fail "the application was asked to switch its maintenance mode $MAINTENANCE, and answered: $answer"
}
status_now() {
  curl --silent --globoff --proto '=http,https' --max-time 10 --header 'Cache-Control: no-cache' --output /dev/null \
    --write-out '%{http_code}%{onerror}: %{errormsg}' --url "$MAINTENANCE_URL" || true
}

[[ $MAINTENANCE == off ]] || echo "switched=on" >> "$GITHUB_OUTPUT"
if [[ -n ${MAINTENANCE_COMMAND:-} ]]; then
  MAINTENANCE=$MAINTENANCE bash -c "$MAINTENANCE_COMMAND" < /dev/null || fail "the command that switches the maintenance mode $MAINTENANCE failed"
elif [[ -n ${MAINTENANCE_REQUEST:-} ]]; then
  send_request
else
  set_key
fi
wanted=$during
[[ $MAINTENANCE == on ]] || wanted='2??'
# Whether the address shows what was asked for; without one there is nothing to see.
shows() {
  [[ -n ${MAINTENANCE_URL:-} ]] || return 0
  status=$(status_now)
  # shellcheck disable=SC2053
  [[ $status == $wanted ]]
}
status=''
for (( attempt = 1; ; attempt++ )); do
  if shows; then break; fi
  (( attempt < attempts )) || fail "the maintenance mode was switched $MAINTENANCE, but $MAINTENANCE_URL answers $status"
  sleep "$interval"
done
if [[ $MAINTENANCE == off ]]; then
  echo "switched=off" >> "$GITHUB_OUTPUT"
else
  sleep "${DRAIN:-0}"
fi
echo "maintenance is $MAINTENANCE${status:+, $MAINTENANCE_URL answers $status}"
