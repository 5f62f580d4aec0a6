#!/usr/bin/env bash
# Goes back to a version by a script of the repository and looks whether it is live.
#
# in ROLLBACK_SCRIPT: script that goes back to PREVIOUS_VERSION
# in RECORD_SCRIPT: script that prints on its last line which version is live
# in PREVIOUS_VERSION: version to go back to, as RECORD_SCRIPT printed it
# in ENVIRONMENT: environment, for both scripts
# out version: what is live afterwards
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/custom.sh
source "${BASH_SOURCE%/*}/parts/custom.sh"

[[ -n $PREVIOUS_VERSION ]] || fail "no version was live before, so there is none to go back to: deploy a version that works"
live=$(live_version) || fail "$RECORD_SCRIPT cannot say which version is live"
if [[ $live == "$PREVIOUS_VERSION" ]]; then
  echo "nothing to undo"
else
  run "$ROLLBACK_SCRIPT" || fail "$ROLLBACK_SCRIPT failed, and whether version $PREVIOUS_VERSION is live is not known"
  live=$(live_version) || fail "$RECORD_SCRIPT cannot say which version is live"
  [[ $live == "$PREVIOUS_VERSION" ]] || fail "$ROLLBACK_SCRIPT ended well, but version ${live:-none} is live"
fi
echo "version=$live" >> "$GITHUB_OUTPUT"
echo "version $live is live in $ENVIRONMENT"
