#!/usr/bin/env bash
# Opens the record of this release on the server: what is deployed, how, and what is live until then.
# in APP_DIR: folder of the application on the server; made if it is missing
# in RELEASE: id of this deployment, unique for each attempt, such as run id and attempt
# in VERSION: version to deploy
# in PROJECT: Compose project; blue-green adds -blue or -green
# in COMPOSE_FILES: compose files, one per line, as paths in the repository
# in ENV_FILE?: file for compose's --env-file, as path in the repository; none
# in IMAGES?: lines `NAME=image@sha256:…` that the compose files read; none
# in HEALTH_URL?: public URL of the health check; none
# in APP_PORT?: direct strategy: loopback port of the application, for the health check; none
# in BLUE_PORT?: blue-green strategy: loopback port of blue, read by the compose files as APP_PORT; direct
# in GREEN_PORT?: the same for green
# in UPSTREAM_FILE?: blue-green: nginx file with the one `server` line, included by the upstream; upstream.conf in APP_DIR
# in PROXY_TEST?: blue-green: command that checks the proxy's configuration; sudo -n nginx -t
# in PROXY_RELOAD?: blue-green: command that makes the proxy read it; sudo -n nginx -s reload
# out release: RELEASE, set once the record stands and a roll-back has something to undo
# out previous_version: version that is live now; empty at the first deployment
# out colour: colour that this release takes; empty with the direct strategy
