#!/usr/bin/env bash
# Brings a release by a script of the repository and looks that something is live afterwards.
#
# in DEPLOY_SCRIPT: script that brings VERSION
# in RECORD_SCRIPT: script that prints on its last line which version is live
# in VERSION: name of the release, for that script
# in IMAGES?: its images, lines `NAME=image@sha256:...`, for that script (default: none)
# in ENVIRONMENT: environment, for both scripts
# out version: what is live afterwards
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/custom.sh
source "${BASH_SOURCE%/*}/parts/custom.sh"

export IMAGES=${IMAGES:-}
[[ -n $VERSION ]] || fail "VERSION names no release"
run "$DEPLOY_SCRIPT" || fail "$DEPLOY_SCRIPT failed, and whether version $VERSION is live is not known"
live=$(live_version) || fail "$RECORD_SCRIPT cannot say which version is live"
[[ -n $live ]] || fail "$DEPLOY_SCRIPT ended well, but nothing is live"
echo "version=$live" >> "$GITHUB_OUTPUT"
echo "version $live is live in $ENVIRONMENT"
