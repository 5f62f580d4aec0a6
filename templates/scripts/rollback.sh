#!/usr/bin/env bash
# Goes back to the version that was live before. Run it on the server, in the folder of the
# application: `bash rollback.sh`. What it needs was recorded there by the deployment.
# in RELEASE?: id of the deployment to undo; whatever is live, or an unfinished deployment
# in ROLLBACK_MIGRATIONS?: 1 also runs the recorded command that takes migrations back; 0
