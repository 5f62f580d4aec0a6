#!/usr/bin/env bash
# Looks at the security of a live site from outside: its certificate, that it leaves no page unencrypted, its headers.
#
# in URLS: addresses, one per line, `https` each
# in HEADERS: names of headers that each must send, one per line
# in DAYS?: days for which certificates must still be valid (default 14)
# in ON_FAILURE?: `fail` or `warn` (default fail)
# in CA?: file with the certificates that are trusted (default: the system's)
set -euo pipefail
days=${DAYS:-14}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
request() { curl --silent --show-error --globoff --max-time 15 ${CA:+--cacert "$CA"} "$@"; }

[[ ${ON_FAILURE:-fail} =~ ^(fail|warn)$ ]] || fail "ON_FAILURE must be \`fail\` or \`warn\`, not \`$ON_FAILURE\`"
[[ $days =~ ^[0-9]{1,3}$ ]] || fail "DAYS must be a number, not \`$days\`"
mapfile -t sites < <(sed 's/[[:space:]]//g; /^$/d' <<< "$URLS")
mapfile -t names < <(sed 's/[[:space:]]//g; /^$/d' <<< "$HEADERS")
(( ${#sites[@]} > 0 )) || fail "URLS names no address"

wrong=()
for url in "${sites[@]}"; do
  [[ $url =~ ^https://([^/:]+)(:([0-9]+))?(/.*)?$ ]] || { wrong+=("$url is not encrypted"); continue; }
  host=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]:-443} path=${BASH_REMATCH[4]:-/}
  if ! answer=$(request --proto '=https' --tlsv1.2 --dump-header - --output /dev/null --url "$url" 2>&1); then
    wrong+=("$url: $answer")
    continue
  fi
  if ! openssl s_client -connect "$host:$port" -servername "$host" < /dev/null 2> /dev/null | openssl x509 -noout -checkend "$((days * 86400))" > /dev/null; then
    wrong+=("$url has a certificate that ends within $days days")
  fi
  for header in "${names[@]}"; do
    grep -qi "^${header//./\\.}:[[:space:]]*[^[:space:]]" <<< "$answer" || wrong+=("$url sends no $header")
  done
  # Nobody may be served without encryption; a closed port is as good as a redirect.
  [[ $port == 443 ]] || continue
  plain=$(request --proto '=http' --output /dev/null --write-out '%{http_code} %{redirect_url}' --url "http://$host$path" 2> /dev/null) || continue
  [[ $plain =~ ^30[1278]\ https:// ]] || wrong+=("http://$host$path is answered with ${plain% *} instead of a redirect to https")
done
(( ${#wrong[@]} > 0 )) || { echo "certificates and headers are as they should be"; exit 0; }
problems=$(printf '%s; ' "${wrong[@]}")
[[ ${ON_FAILURE:-fail} == warn ]] || fail "${problems%; }"
printf '::warning::%s\n' "$(escape "${problems%; }")"
