#!/usr/bin/env bash
# Opens the record of this release on the server: what is deployed, how, and what is live until then.
# in APP_DIR: folder of the application on the server, made if it is missing
# in RELEASE: id of this deployment, unique for each attempt, such as run id and attempt
# in VERSION: version to deploy
# in PROJECT: Compose project, to which blue-green adds -blue or -green
# in COMPOSE_FILES: compose files, one per line, as paths in the repository
# in ENV_FILE?: file for compose's --env-file, as path in the repository (default none)
# in IMAGES?: lines `NAME=image@sha256:…` that the compose files read (default none)
# in HEALTH_URL?: public URL of the health check (default none)
# in APP_PORT?: loopback port of the application with the direct strategy (default none)
# in BLUE_PORT?: loopback port of blue, which the compose files read as APP_PORT (default direct strategy)
# in GREEN_PORT?: the same for green (default direct strategy)
# in UPSTREAM_FILE?: file that nginx includes in its upstream, for the one `server` line (default upstream.conf in APP_DIR)
# in PROXY_TEST?: command that checks the configuration of nginx (default sudo -n nginx -t)
# in PROXY_RELOAD?: command that makes nginx read it (default sudo -n nginx -s reload)
# out release: RELEASE, set once the record stands and a roll-back has something to undo
# out previous_version: version that is live now; empty at the first deployment
# out colour: colour that this release takes; empty with the direct strategy
set -euo pipefail
export UPSTREAM_FILE=${UPSTREAM_FILE:-upstream.conf}
export PROXY_TEST=${PROXY_TEST:-sudo -n nginx -t} PROXY_RELOAD=${PROXY_RELOAD:-sudo -n nginx -s reload}

answer=$("$RUNNER_TEMP/on-target" APP_DIR RELEASE VERSION PROJECT COMPOSE_FILES ENV_FILE IMAGES \
  HEALTH_URL APP_PORT BLUE_PORT GREEN_PORT UPSTREAM_FILE PROXY_TEST PROXY_RELOAD <<'REMOTE'
[[ $APP_DIR == /* ]] || fail "APP_DIR is no absolute path"
[[ $RELEASE =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "RELEASE has other characters than A-Z a-z 0-9 . _ -"
[[ $PROJECT =~ ^[a-z0-9][a-z0-9_-]*$ ]] || fail "PROJECT has other characters than a-z 0-9 _ -"
[[ -n $VERSION && $VERSION != *[[:cntrl:]]* ]] || fail "VERSION is empty or holds a control character"
[[ $APP_PORT$BLUE_PORT$GREEN_PORT =~ ^[0-9]*$ ]] || fail "a port is no number"
[[ ${BLUE_PORT:+set} == "${GREEN_PORT:+set}" ]] || fail "blue-green needs both ports"
images=$(sed '/^[[:space:]]*$/d' <<<"$IMAGES")
wrong=$(grep -vE '^([A-Za-z_][A-Za-z0-9_]*=[^[:space:]]+@sha256:[0-9a-f]{64})?$' <<<"$images") &&
  fail "IMAGES has a line that is no \`NAME=image@sha256:…\`: $wrong"

mkdir -p -- "$APP_DIR/.cicd/releases"
chmod 700 -- "$APP_DIR/.cicd"
touch -- "$APP_DIR/.cicd/state"
enter
[[ ! -e .cicd/releases/$RELEASE ]] || fail "release $RELEASE was deployed before"
live=$(state live) previous=$(state previous) next=$(state next)
COLOUR='' PORT=$APP_PORT
if [[ -n $BLUE_PORT ]]; then
  serves() { grep -qsx "server 127.0.0.1:$1;" -- "$UPSTREAM_FILE"; }
  # A deployment that was killed between the switch and its record is live all the same.
  if [[ -n $next ]] && serves "$(<".cicd/releases/$next/PORT")"; then previous=$live live=$next; fi
  COLOUR=blue PORT=$BLUE_PORT
  if serves "$BLUE_PORT"; then COLOUR=green PORT=$GREEN_PORT; fi
  PROJECT=$PROJECT-$COLOUR
fi

# Each field is a file, so that every value can be read back unchanged; `compose` is a command line.
record=.cicd/new
rm -rf "$record"
mkdir "$record"
for field in VERSION PROJECT COLOUR PORT HEALTH_URL UPSTREAM_FILE PROXY_TEST PROXY_RELOAD; do
  printf '%s' "${!field}" >"$record/$field"
done
echo "$images" >"$record/IMAGES"
{
  printf '%s\n' env ${images:+"$images"} ${PORT:+"APP_PORT=$PORT"}
  printf '%s\n' docker compose --project-name "$PROJECT"
  sed '/^[[:space:]]*$/d; s/^/--file\n/' <<<"$COMPOSE_FILES"
  [[ -z $ENV_FILE ]] || printf '%s\n' --env-file "$ENV_FILE"
} >"$record/compose"
mv -T "$record" ".cicd/releases/$RELEASE"
printf 'live=%s\nprevious=%s\nnext=%s\n' "$live" "$previous" "$RELEASE" >.cicd/state.new
mv .cicd/state.new .cicd/state
for old in .cicd/releases/*; do
  case ${old##*/} in "$live" | "$previous" | "$RELEASE") ;; *) rm -rf "$old" ;; esac
done
echo "previous_version=$([[ -z $live ]] || cat ".cicd/releases/$live/VERSION")"
echo "colour=$COLOUR"
REMOTE
)
{ echo "release=$RELEASE"; grep -E '^(previous_version|colour)=' <<<"$answer"; } >>"$GITHUB_OUTPUT"
echo "recorded $VERSION as release $RELEASE; ${answer//$'\n'/, }"
