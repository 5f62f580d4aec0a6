# shellcheck shell=bash disable=SC2154
# Prints the status; the answer goes to a file. The token does not stand on the command line.
api() {
  jq -rn '"header = \("Authorization: Bearer " + env.VERCEL_TOKEN | @json)"' | curl --config - --silent --globoff --proto '=http,https' \
    --retry 2 --retry-delay 1 --max-time 30 --output "$answer" --write-out '%{http_code}%{onerror}: %{errormsg}' \
    --url "${VERCEL_API_URL:-https://api.vercel.com}/$1" || true
}
