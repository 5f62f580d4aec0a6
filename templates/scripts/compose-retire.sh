#!/usr/bin/env bash
# Stops the colour that was live before; its containers stay, so that a roll-back can start them.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment, which must be live
set -euo pipefail

"$RUNNER_TEMP/on-target" APP_DIR RELEASE <<'REMOTE'
enter
previous=$(state previous) releases=.cicd/releases
[[ $(state live) == "$RELEASE" ]] || fail "release $RELEASE is not live"
if [[ -z $previous || ! -s $releases/$previous/COLOUR ]]; then
  echo "there is no previous colour to stop"
  exit
fi
project=$(<"$releases/$previous/PROJECT")
[[ $project != "$(<"$releases/$RELEASE/PROJECT")" ]] || fail "project $project is live"
docker compose --project-name "$project" stop
echo "stopped $project, version $(<"$releases/$previous/VERSION")"
REMOTE
