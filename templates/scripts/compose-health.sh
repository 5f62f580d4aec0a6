#!/usr/bin/env bash
# Asks the idle colour for its health on the server itself, before any traffic reaches it.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment, recorded with a HEALTH_URL and a port
# in EXPECTED_VERSION?: version that the answer must name (default not compared)
# in HEALTH_TRIES?: number of tries (default 10)
# in HEALTH_DELAY?: seconds between them (default 6)
set -euo pipefail
export HEALTH_TRIES=${HEALTH_TRIES:-10} HEALTH_DELAY=${HEALTH_DELAY:-6}

"$RUNNER_TEMP/on-target" APP_DIR RELEASE EXPECTED_VERSION HEALTH_TRIES HEALTH_DELAY <<'REMOTE'
open_release
[[ $EXPECTED_VERSION =~ ^[A-Za-z0-9._+-]*$ ]] ||
  fail "EXPECTED_VERSION has other characters than A-Z a-z 0-9 . _ + -"
port=$(<"$record/PORT")
[[ $(<"$record/HEALTH_URL") =~ ^(https?)://([^/[:space:]]+)(/[^[:space:]]*)?$ ]] ||
  fail "HEALTH_URL is no http(s) URL"
[[ -n $port ]] || fail "release $RELEASE was recorded without a port to ask"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
# What the proxy would send, without the proxy.
request=(--silent --noproxy '*' --globoff --max-time 10 --output "$answer" --write-out '%{http_code}'
  --header "X-Forwarded-Proto: ${BASH_REMATCH[1]}" --header "Host: ${BASH_REMATCH[2]}"
  "http://127.0.0.1:$port${BASH_REMATCH[3]:-/}")

# A whole word of the answer, since v1.2 is not v1.2.10.
names_version() { tr -c 'A-Za-z0-9._+-' '\n' <"$answer" | grep -xF -e "$EXPECTED_VERSION" >/dev/null; }

for try in $(seq "$HEALTH_TRIES"); do
  ((try == 1)) || sleep "$HEALTH_DELAY"
  status=$(curl "${request[@]}") || true
  if [[ $status != 2* ]]; then
    echo "try $try: status $status"
  elif [[ -n $EXPECTED_VERSION ]] && ! names_version; then
    echo "try $try: healthy, but the answer does not name version $EXPECTED_VERSION"
  else
    echo "healthy on port $port"
    exit
  fi
done
fail "$(<"$record/VERSION") is not healthy on port $port"
REMOTE
