#!/usr/bin/env bash
# Asks a script of the repository which version is live, before a deployment changes it.
#
# in RECORD_SCRIPT: script that prints it on its last line; nothing if none is live
# in ENVIRONMENT: environment, for that script
# out previous_version: what it printed
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/custom.sh
source "${BASH_SOURCE%/*}/parts/custom.sh"

live=$(live_version) || fail "$RECORD_SCRIPT cannot say which version is live"
echo "previous_version=$live" >> "$GITHUB_OUTPUT"
if [[ -n $live ]]; then echo "version $live is live in $ENVIRONMENT"; else echo "::notice::nothing is live in $ENVIRONMENT yet, so there is no version to go back to"; fi
