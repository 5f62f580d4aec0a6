#!/usr/bin/env bash
# Points the proxy at the colour of this release and records it as live.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
set -euo pipefail

"$RUNNER_TEMP/on-target" APP_DIR RELEASE <<'REMOTE'
open_release
colour=$(<"$record/COLOUR") port=$(<"$record/PORT") upstream=$(<"$record/UPSTREAM_FILE")
[[ -n $colour ]] || fail "release $RELEASE was recorded without blue and green ports"
beside=$(dirname -- "$upstream")/.cicd-upstream

[[ ! -e $upstream ]] || cp -p -- "$upstream" "$record/upstream.before"
echo "server 127.0.0.1:$port;" >"$beside"
mv -f -- "$beside" "$upstream"
# A proxy that is started by these commands must not keep the lock.
if ! (bash -c "$(<"$record/PROXY_TEST")" && bash -c "$(<"$record/PROXY_RELOAD")") 9>&-; then
  if [[ -e $record/upstream.before ]]; then
    cp -p -- "$record/upstream.before" "$beside"
    mv -f -- "$beside" "$upstream"
  else
    rm -f -- "$upstream"
  fi
  fail "the proxy did not accept $upstream, which is as it was before"
fi

printf 'live=%s\nprevious=%s\nnext=\n' "$RELEASE" "$(state live)" >.cicd/state.new
mv .cicd/state.new .cicd/state
echo "traffic goes to $colour, version $(<"$record/VERSION")"
REMOTE
