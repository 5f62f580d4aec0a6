#!/usr/bin/env bash
# Pulls the images of this release on the server, with a login that is gone afterwards.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in REGISTRY?: registry to log in to (default ghcr.io)
# in REGISTRY_USER?: user of the registry (default no login)
# in REGISTRY_TOKEN?: its token, sent through standard input only (default no login)
set -euo pipefail
export REGISTRY=${REGISTRY:-ghcr.io}

"$RUNNER_TEMP/on-target" APP_DIR RELEASE REGISTRY REGISTRY_USER REGISTRY_TOKEN <<'REMOTE'
open_release
if [[ -n $REGISTRY_TOKEN ]]; then
  # The same engine and plugins, but another place for the login.
  export DOCKER_HOST DOCKER_CONFIG
  DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}')
  DOCKER_CONFIG=$(mktemp --directory)
  trap 'rm -rf "$DOCKER_CONFIG"' EXIT
  [[ ! -d ~/.docker/cli-plugins ]] || ln -s ~/.docker/cli-plugins "$DOCKER_CONFIG/cli-plugins"
  printf '%s' "$REGISTRY_TOKEN" | docker login --username "$REGISTRY_USER" --password-stdin -- "$REGISTRY"
fi
"${compose[@]}" pull --quiet
echo "pulled the images of $(<"$record/VERSION")"
REMOTE
