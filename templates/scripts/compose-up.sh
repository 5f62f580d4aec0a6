#!/usr/bin/env bash
# Starts the containers of this release, waits until they are healthy and checks their images:
# in place of the live ones (direct strategy), or beside them as the idle colour (blue-green).
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in ROLLING?: 1 replaces one service after the other, each once the one before is healthy (default 0)
# in WAIT_SECONDS?: time for the containers to become healthy (default 120)
set -euo pipefail
export WAIT_SECONDS=${WAIT_SECONDS:-120} ROLLING=${ROLLING:-0}

"$RUNNER_TEMP/on-target" APP_DIR RELEASE WAIT_SECONDS ROLLING <<'REMOTE'
open_release
# Starts a service with those that it depends on, or all of them.
start() {
  if ! "${compose[@]}" up --detach --no-build --wait --wait-timeout "$WAIT_SECONDS" "$@"; then
    # The bar keeps what the application logs from being read as workflow commands.
    { "${compose[@]}" ps --all; "${compose[@]}" logs --no-color --tail 50; } 2>&1 | sed 's/^/| /'
    fail "${1:-the containers} did not become healthy within $WAIT_SECONDS seconds"
  fi
}
if [[ $ROLLING == 1 ]]; then
  services=$("${compose[@]}" config --services)
  while read -r service; do
    start "$service" </dev/null
    echo "service $service is healthy"
  done <<<"$services"
fi
start

mapfile -t containers < <("${compose[@]}" ps --quiet)
running=$(docker inspect --format '{{.Config.Image}}' "${containers[@]}")
while IFS='=' read -r name image; do
  grep -qxF "$image" <<<"$running" || fail "no container runs $image: no service has \`image: \${$name}\`"
done < <(sed '/^$/d' "$record/IMAGES")
echo "started $(<"$record/VERSION") as project $(<"$record/PROJECT")"

if [[ ! -s $record/COLOUR ]]; then
  printf 'live=%s\nprevious=%s\nnext=\n' "$RELEASE" "$(state live)" >.cicd/state.new
  mv .cicd/state.new .cicd/state
fi
REMOTE
