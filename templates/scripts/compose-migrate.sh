#!/usr/bin/env bash
# Runs the migrations in a one-off container of the new image and records the state before them.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in MIGRATE_SERVICE: service whose container runs the commands
# in MIGRATE_COMMAND: shell command that migrates
# in MIGRATE_STATE_COMMAND?: shell command that prints the present state; not recorded
# in MIGRATE_BACK_COMMAND?: shell command that goes back to the state in MIGRATION_STATE, for rollback.sh; none
