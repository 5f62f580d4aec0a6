#!/usr/bin/env bash
# Migrates a PostgreSQL database with golang-migrate, forward or back by steps, and tells the version
# before and after. A database that a failed migration left dirty is not touched.
#
# in DATABASE_URL: address of the database; the password in it never becomes an argument
# in MIGRATIONS: folder of the migrations, as path in the repository
# in DIRECTION?: `up`, `down`, or `check`, which only looks (default up)
# in STEPS?: how many migrations; `down` needs it or TO (default: all)
# in TO?: version to go to instead, such as version_before of the deployment to undo (default: none)
# in REQUIRE_CURRENT?: 1 fails when a migration is missing afterwards (default 0)
# in LOCK_SECONDS?: time to wait for another migration to end (default 60)
# out version_before: version of the database; empty if it has none
# out version_after: the same afterwards
# out has_migrations: `true` or `false`, whether some are to be applied afterwards
# out pending: their names, separated by spaces
set -euo pipefail
direction=${DIRECTION:-up} steps=${STEPS:-} to=${TO:-} lock=${LOCK_SECONDS:-60}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$*")"; exit 1; }
# The bar keeps what others print from being read as workflow commands.
bar() { sed 's/\r/\n| /g; s/^/| /'; }

[[ $direction =~ ^(up|down|check)$ ]] || fail "DIRECTION must be \`up\`, \`down\` or \`check\`, not \`$direction\`"
[[ "$steps,$to,$lock" =~ ^([1-9][0-9]*)?,[0-9]*,[1-9][0-9]*$ ]] || fail "STEPS, TO and LOCK_SECONDS must be numbers"
[[ $direction != down || -n $steps$to ]] || fail "DIRECTION \`down\` without STEPS or TO would take every migration back"
[[ -d $MIGRATIONS ]] || fail "$MIGRATIONS is no folder of the repository"

# libpq and pgx take the password from the environment, where no list of processes shows it.
[[ $DATABASE_URL =~ ^((postgres|postgresql|pgx|pgx5)://)(([^:@/]*)(:([^@/]*))?@)?([^@]*)$ ]] ||
  fail "DATABASE_URL is no address of a PostgreSQL database, or holds a character that must be percent-encoded"
url=${BASH_REMATCH[1]}${BASH_REMATCH[4]:+${BASH_REMATCH[4]}@}${BASH_REMATCH[7]} password=${BASH_REMATCH[6]//\\/\\\\}
[[ ! $url =~ [?\&](password|sslpassword)= ]] || fail "DATABASE_URL has its password among the parameters; write it before the \`@\`"
if [[ -n $password ]]; then
  printf -v PGPASSWORD '%b' "${password//'%'/\\x}"
  export PGPASSWORD
fi

# In the background, so that a stopped job lets the present migration end.
run() {
  local code=0 pid='' stopped=''
  # Set before the start, so that no signal falls between the two.
  trap 'if [[ -n $pid ]]; then kill -INT "$pid" 2> /dev/null || true; else stopped=1; fi' INT TERM
  # Bash starts what is in the background deaf to SIGINT, the only signal that migrate answers.
  (trap - INT; exec migrate -source "file://$MIGRATIONS" -database "$url" -lock-timeout "$lock" "$@") \
    < /dev/null > "$RUNNER_TEMP/migrate.log" 2>&1 &
  pid=$!
  [[ -z $stopped ]] || kill -INT "$pid" 2> /dev/null || true
  while kill -0 "$pid" 2> /dev/null; do wait "$pid" || code=$?; done
  wait "$pid" || code=$?
  trap - INT TERM
  return "$code"
}
# Sets `version`, which is empty if there is no migration yet.
read_version() {
  version=''
  if run version; then version=$(tail -n 1 "$RUNNER_TEMP/migrate.log")
  elif [[ $(tail -n 1 "$RUNNER_TEMP/migrate.log") != 'error: no migration' ]]; then
    bar < "$RUNNER_TEMP/migrate.log"
    fail "the version of the database cannot be read, see above"
  fi
  [[ $version != *'(dirty)' ]] ||
    fail "the database is dirty: migration ${version% (dirty)} stopped half-way. Look at what it did, repair that by hand," \
      "and run \`migrate force VERSION\` with the version that the database then has"
  [[ $version =~ ^[0-9]*$ ]] || fail "migrate answers \`$version\` instead of a version"
}

read_version
echo "version_before=$version" >> "$GITHUB_OUTPUT"
before=$version
if [[ $direction != check ]]; then
  arguments=("$direction" ${steps:+"$steps"})
  [[ -z $to ]] || arguments=(goto "$to")
  [[ -z $to || $direction == up || ( -n $version && $to -le $version ) ]] || fail "version $to is not before ${version:-the first}"
  code=0
  run "${arguments[@]}" || code=$?
  bar < "$RUNNER_TEMP/migrate.log"
  read_version
  ((code == 0)) || fail "migrate ${arguments[*]} failed at version ${version:-none}, see above"
  [[ -z $to || $version == "$to" ]] || fail "the database has version ${version:-none}, not $to"
fi
pending='' has=false
for file in "$MIGRATIONS"/*.up.*; do
  [[ ${file##*/} =~ ^0*([0-9]+)_([A-Za-z0-9_.-]+)\.up\.[a-z]+$ ]] || continue
  if ((BASH_REMATCH[1] > ${version:-0})); then pending+="${BASH_REMATCH[0]%.up.*} " has=true; fi
done
printf '%s\n' "version_after=$version" "has_migrations=$has" "pending=${pending% }" >> "$GITHUB_OUTPUT"
echo "the database has version ${version:-none}, before it had ${before:-none}; to be applied: ${pending:-none}"
[[ ${REQUIRE_CURRENT:-0} != 1 || $has == false ]] || fail "migrations are missing in the database: $pending"
