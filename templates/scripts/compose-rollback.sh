#!/usr/bin/env bash
# Runs the roll-back script on the server and reports the version that is live afterwards.
# in APP_DIR: folder of the application on the server
# in ROLLBACK_SCRIPT: path of rollback.sh, as in the repository
# in RELEASE?: id of the failed deployment (output of compose-record.sh), the only one to undo; whatever is live
# in ROLLBACK_MIGRATIONS?: 1 also runs the recorded command that takes migrations back; 0
# out version: version that is live after the roll-back
