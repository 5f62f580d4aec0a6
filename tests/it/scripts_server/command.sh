#!/usr/bin/env bash
# Stands in for docker and nginx: records each call, fails or hangs when told to, and keeps what a
# server would keep. Its folder `$FAKE` holds:
#   calls       one line per call, each argument quoted where it must be
#   fail, hang  patterns; a call that matches one fails, or does not come back
#   up/PROJECT  images of a running project; stopped/PROJECT those of a stopped one
#   traffic     the upstream file as the proxy last read it
set -euo pipefail
program=${0##*/}
call=$program
for argument; do printf -v call '%s %q' "$call" "$argument"; done
echo "$call" >>"$FAKE/calls"
env >>"$FAKE/environments"
if [[ -s $FAKE/hang && $call =~ $(<"$FAKE/hang") ]]; then echo "$$" >"$FAKE/hanging"; sleep 60; fi
if [[ -s $FAKE/fail && $call =~ $(<"$FAKE/fail") ]]; then echo "$program: told to fail" >&2; exit 3; fi

nginx() {
  case $* in
    -t) ;;
    '-s reload') cp "$(<"$FAKE/upstream")" "$FAKE/traffic" ;;
    *) exit 64 ;;
  esac
}

# Prints the image of each service, as the compose files name it.
images() {
  local file line
  for file in "${files[@]}"; do
    while read -r line; do
      [[ $line =~ ^image:\ \$\{([A-Z_]+)\}$ ]] && echo "${!BASH_REMATCH[1]-}"
    done <"$file"
  done
}

compose() {
  local project='' files=() env_file=''
  while [[ ${1-} == --* ]]; do
    case $1 in
      --project-name) project=$2 ;;
      --file) files+=("$2") ;;
      --env-file) env_file=$2 ;;
      *) exit 64 ;;
    esac
    shift 2
  done
  local file
  for file in "${files[@]}" ${env_file:+"$env_file"}; do [[ -f $file ]] || { echo "no $file" >&2; exit 14; }; done
  case $1 in
    config) [[ ${2-} != --services ]] || printf '%s\n' worker backend ;;
    logs) ;;
    pull) [[ -z ${DOCKER_CONFIG-} ]] || [[ -s $DOCKER_CONFIG/config.json ]] ;;
    up)
      rm -f "$FAKE/stopped/$project"
      images >"$FAKE/up/$project"
      ;;
    stop) [[ ! -e $FAKE/up/$project ]] || mv "$FAKE/up/$project" "$FAKE/stopped/$project" ;;
    ps) [[ ! -e $FAKE/up/$project ]] || echo "container-$project" ;;
    run)
      # The program of the step must not be here to be eaten.
      [[ -z $(cat) ]] || exit 65
      local command=${*: -1}
      case $command in
        *current*) echo 'rev "1"' ;;
        *downgrade*) echo "back to ${MIGRATION_STATE-}" >>"$FAKE/migrations" ;;
        *) echo "$command" >>"$FAKE/migrations" ;;
      esac
      ;;
    *) exit 64 ;;
  esac
}

docker() {
  case $1 in
    compose) shift && compose "$@" ;;
    context) echo unix:///run/docker.sock ;;
    login)
      local token
      token=$(cat)
      printf '{"auths":{"ghcr.io":{"auth":"%s"}}}' "$token" >"$DOCKER_CONFIG/config.json"
      echo "${#token}" >"$FAKE/token-length"
      ;;
    inspect) shift 3 && for container; do cat "$FAKE/up/${container#container-}"; done ;;
    ps) [[ ! -e $FAKE/database ]] || echo container-database ;;
    exec)
      case $* in
        *pg_dump*) cat "$FAKE/database" ;;
        *pg_restore*) [[ $(head -c 5) == PGDMP ]] && echo '1; 0 0 TABLE DATA public users' ;;
        *) exit 64 ;;
      esac
      ;;
    buildx) cat "$FAKE/digest" ;;
    *) exit 64 ;;
  esac
}

"$program" "$@"
