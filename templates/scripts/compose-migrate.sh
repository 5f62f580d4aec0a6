#!/usr/bin/env bash
# Runs the migrations in a one-off container of the new image and records the state before them.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in MIGRATE_SERVICE: service whose container runs the commands
# in MIGRATE_COMMAND: shell command that migrates
# in MIGRATE_STATE_COMMAND?: shell command that prints the present state (default not recorded)
# in MIGRATE_BACK_COMMAND?: shell command that goes back to the state in MIGRATION_STATE, for rollback.sh (default none)
set -euo pipefail

"$RUNNER_TEMP/on-target" APP_DIR RELEASE MIGRATE_SERVICE MIGRATE_COMMAND \
  MIGRATE_STATE_COMMAND MIGRATE_BACK_COMMAND <<'REMOTE'
open_release
in_new_image() { "${compose[@]}" run --rm -T "$MIGRATE_SERVICE" sh -c "$1"; }

if [[ -n $MIGRATE_STATE_COMMAND ]]; then
  in_new_image "$MIGRATE_STATE_COMMAND" >"$record/MIGRATION_STATE"
  echo "migration state before: $(<"$record/MIGRATION_STATE")"
fi
printf '%s' "$MIGRATE_SERVICE" >"$record/MIGRATE_SERVICE"
printf '%s' "$MIGRATE_BACK_COMMAND" >"$record/MIGRATE_BACK_COMMAND"
in_new_image "$MIGRATE_COMMAND"
echo "migrated for $(<"$record/VERSION")"
REMOTE
