#!/usr/bin/env bash
# Dumps the PostgreSQL database on the server into `backups/` and proves that the dump can be read.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in DATABASE_PROJECT: Compose project that runs the database
# in DATABASE_SERVICE: its service
# in DATABASE_NAME: name of the database
# in DATABASE_USER?: user of the database (default postgres)
# in BACKUPS_KEPT?: number of dumps to keep (default 7)
# out backup: path of the dump on the server; empty if no database runs at the first deployment
set -euo pipefail
export DATABASE_USER=${DATABASE_USER:-postgres} BACKUPS_KEPT=${BACKUPS_KEPT:-7}

backup=$("$RUNNER_TEMP/on-target" APP_DIR RELEASE DATABASE_PROJECT DATABASE_SERVICE DATABASE_NAME \
  DATABASE_USER BACKUPS_KEPT <<'REMOTE'
[[ $BACKUPS_KEPT =~ ^[1-9][0-9]{0,3}$ ]] || fail "BACKUPS_KEPT is no number above 0"
open_release
container=$(docker ps --quiet --filter "label=com.docker.compose.project=$DATABASE_PROJECT" \
  --filter "label=com.docker.compose.service=$DATABASE_SERVICE" | head -n 1)
if [[ -z $container ]]; then
  [[ -z $(state live) ]] || fail "service $DATABASE_SERVICE of project $DATABASE_PROJECT does not run"
  exit 0
fi

umask 077
mkdir -p backups
name=${DATABASE_NAME//[^A-Za-z0-9._-]/_}
version=$(<"$record/VERSION")
dump=backups/$name-${version//[^A-Za-z0-9._-]/_}-$RELEASE.dump
docker exec "$container" \
  pg_dump --format=custom --username="$DATABASE_USER" --dbname="$DATABASE_NAME" >"$dump.part"
docker exec --interactive "$container" pg_restore --list <"$dump.part" | grep '^[0-9]' >/dev/null ||
  fail "the dump of $DATABASE_NAME cannot be read or is empty"
mv "$dump.part" "$dump"
find backups -name "$name-*.dump" -printf '%T@ %p\0' | sort --zero-terminated --numeric-sort --reverse |
  tail --zero-terminated --lines "+$((BACKUPS_KEPT + 1))" | cut --zero-terminated --delimiter ' ' --fields 2- |
  xargs --null --no-run-if-empty rm -f
echo "$dump"
REMOTE
)
echo "backup=$backup" >>"$GITHUB_OUTPUT"
echo "${backup:-no database runs yet, so there is nothing to back up}"
