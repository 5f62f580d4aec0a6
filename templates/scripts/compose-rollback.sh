#!/usr/bin/env bash
# Runs the roll-back script on the server and reports the version that is live afterwards.
# in APP_DIR: folder of the application on the server
# in ROLLBACK_SCRIPT: path of rollback.sh, as in the repository
# in RELEASE?: id of the failed deployment (output of compose-record.sh), the only one to undo (default whatever is live)
# in ROLLBACK_MIGRATIONS?: 1 also runs the recorded command that takes migrations back (default 0)
# out version: version that is live after the roll-back
set -euo pipefail

version=$("$RUNNER_TEMP/on-target" APP_DIR ROLLBACK_SCRIPT RELEASE ROLLBACK_MIGRATIONS <<'REMOTE'
[[ -f $APP_DIR/.cicd/state ]] || fail "nothing was deployed to $APP_DIR yet"
cd -- "$APP_DIR"
[[ -f $ROLLBACK_SCRIPT ]] || fail "$ROLLBACK_SCRIPT is not on the server: no deployment copied it there"
RELEASE=$RELEASE ROLLBACK_MIGRATIONS=$ROLLBACK_MIGRATIONS bash -- "$ROLLBACK_SCRIPT" >&2 ||
  fail "the roll-back failed, see above"
cat ".cicd/releases/$(state live)/VERSION"
REMOTE
)
echo "version=$version" >>"$GITHUB_OUTPUT"
echo "version $version is live"
