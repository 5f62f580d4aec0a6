# shellcheck shell=bash
# Prints the answer's result. The token does not stand on the command line.
api() {
  local body problem url=${CLOUDFLARE_API_BASE_URL:-https://api.cloudflare.com/client/v4}/$2
  body=$(jq -rn '"header = \("Authorization: Bearer " + env.CLOUDFLARE_API_TOKEN | @json)"' | curl --config - --silent --show-error --globoff \
    --proto '=http,https' --retry 2 --retry-delay 1 --max-time 30 --request "$1" --url "$url") || return
  jq -e 'select(.success == true) | .result' <<< "$body" 2> /dev/null && return
  problem=$(jq -r '[.errors[].message] | join(", ")' <<< "$body" 2> /dev/null) || problem=
  printf '::error::Cloudflare answered: %s\n' "$(escape "${problem:-$body}")" >&2
  return 1
}
