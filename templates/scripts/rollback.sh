#!/usr/bin/env bash
# Goes back to the version that was live before. Run it on the server, in the folder of the
# application: `bash rollback.sh`. What it needs was recorded there by the deployment.
# in RELEASE?: id of the deployment to undo (default whatever is live, or an unfinished deployment)
# in ROLLBACK_MIGRATIONS?: 1 also runs the recorded command that takes migrations back (default 0)
set -euo pipefail
exec </dev/null

fail() { echo "error: $1" >&2; exit 1; }
state() { sed -n "s/^$1=//p" .cicd/state; }
record() { cat ".cicd/releases/$1/$2" 2>/dev/null || true; }
serves() { grep -qsx "server 127.0.0.1:$1;" -- "$upstream"; }

# Replaces the state in one step: live, previous, next, undone.
write_state() {
  printf 'live=%s\nprevious=%s\nnext=%s\nundone=%s\n' "$@" >.cicd/state.new
  mv .cicd/state.new .cicd/state
}

restore_files() {
  local staging=.cicd/staging file
  [[ -e .cicd/releases/$target/files.tar.gz ]] || return 0
  rm -rf "$staging"
  mkdir "$staging"
  tar --extract --gzip --no-same-owner --file ".cicd/releases/$target/files.tar.gz" --directory "$staging"
  (cd "$staging" && find . ! -type d -print0) | while IFS= read -r -d '' file; do
    mkdir -p "${file%/*}"
    mv -fT "$staging/$file" "$file"
  done
}

# Asks the application directly, with what the proxy would send.
check_health() {
  local port try status
  port=$(record "$target" PORT)
  [[ -n $port && $(record "$target" HEALTH_URL) =~ ^(https?)://([^/]+)(/.*)?$ ]] || return 0
  for try in 1 2 3 4 5; do
    ((try == 1)) || sleep 1
    status=$(curl --silent --noproxy '*' --globoff --max-time 3 --output /dev/null --write-out '%{http_code}' \
      --header "X-Forwarded-Proto: ${BASH_REMATCH[1]}" --header "Host: ${BASH_REMATCH[2]}" \
      "http://127.0.0.1:$port${BASH_REMATCH[3]:-/}") || true
    [[ $status != 2* ]] || return 0
  done
  fail "version $version is not healthy on port $port (status $status); the proxy was not touched"
}

switch_to() {
  local beside before
  beside=$(dirname -- "$upstream")/.cicd-upstream
  before=$(cat -- "$upstream")
  echo "server 127.0.0.1:$1;" >"$beside"
  mv -f -- "$beside" "$upstream"
  if ! (bash -c "$(record "$proxied" PROXY_TEST)" && bash -c "$(record "$proxied" PROXY_RELOAD)") 8>&-; then
    echo "$before" >"$beside"
    mv -f -- "$beside" "$upstream"
    fail "the proxy did not accept $upstream, which is as it was before"
  fi
}

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
until [[ -f .cicd/state || $PWD == / ]]; do cd ..; done
[[ -f .cicd/state ]] || fail "no deployment was recorded here or in a folder above"

exec 8>>.cicd/lock
if ! flock --wait 2 8; then
  # A step of a cancelled job may have outlived its connection. Steps hold the lock as number 9, a
  # roll-back as number 8.
  if [[ -z ${RELEASE-} || $RELEASE == "$(state next)" ]]; then
    for descriptor in /proc/[0-9]*/fd/9; do
      [[ ! $descriptor -ef .cicd/lock ]] || kill "$(cut -d / -f 3 <<<"$descriptor")" || true
    done
  fi
  flock --wait 20 8 || fail "another deployment or roll-back is at work here"
fi

live=$(state live) previous=$(state previous) next=$(state next) undone=$(state undone)
upstream=$(record "${next:-$live}" UPSTREAM_FILE)
# A deployment that was killed between the switch and its record is live all the same.
if [[ -n $next && -n $(record "$next" COLOUR) ]] && serves "$(record "$next" PORT)"; then
  previous=$live live=$next next=
  write_state "$live" "$previous" "" ""
fi
undo=$live target=$previous
[[ -z $next ]] || undo=$next target=$live

nothing_before="nothing was deployed before, so there is nothing to go back to"

if [[ -n ${RELEASE-} && $RELEASE != "$undo" ]] || [[ -z $next && -n $undone ]]; then
  [[ -n $live ]] || fail "$nothing_before"
  echo "nothing to undo: version $(record "$live" VERSION) is live"
  exit
fi
colour=$(record "$undo" COLOUR)
if [[ -z $target ]]; then
  if [[ -n $next ]]; then
    [[ -z $colour ]] || docker compose --project-name "$(record "$next" PROJECT)" stop
    write_state "" "" "" "$next"
  fi
  fail "$nothing_before"
fi
version=$(record "$target" VERSION)
# Whichever of the two has a colour is behind the proxy, if the traffic moved at all.
proxied=
if [[ -z $next ]]; then
  [[ -z $(record "$target" COLOUR) ]] || proxied=$target
  [[ -z $colour ]] || proxied=$undo
fi
upstream=$(record "$proxied" UPSTREAM_FILE)
[[ -z $proxied || -n $(record "$target" PORT) ]] ||
  fail "version $version was deployed without a port: start it and point $upstream at it by hand"

restore_files
# A colour that still has the traffic is left alone.
if [[ -z $next || -z $colour ]]; then
  mapfile -t compose <".cicd/releases/$target/compose"
  "${compose[@]}" up --detach --no-build --wait --wait-timeout 15 || fail "version $version does not start"
fi
check_health
[[ -z $proxied ]] || switch_to "$(record "$target" PORT)"
write_state "$target" "" "" "$undo"
if [[ -n $colour ]]; then
  docker compose --project-name "$(record "$undo" PROJECT)" stop ||
    echo "warning: version $(record "$undo" VERSION) still runs" >&2
fi

back=$(record "$undo" MIGRATE_BACK_COMMAND)
if [[ ${ROLLBACK_MIGRATIONS-} == 1 && -n $back ]]; then
  mapfile -t compose <".cicd/releases/$undo/compose"
  MIGRATION_STATE=$(record "$undo" MIGRATION_STATE) "${compose[@]}" run --rm -T --env MIGRATION_STATE \
    "$(record "$undo" MIGRATE_SERVICE)" sh -c "$back" ||
    fail "version $version is live, but the migrations did not go back"
fi
echo "version $version is live"
