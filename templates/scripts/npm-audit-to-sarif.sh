#!/usr/bin/env bash
# Turns what `npm audit --json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

# Packages that are vulnerable through another have only its name in `via`; the other has the advisory.
to_sarif npm-audit <<'JQ'
  .vulnerabilities | to_entries[].value.via[] | objects
  | {id: (.url | split("/") | last), severity: ({moderate: "medium", info: "low"}[.severity] // .severity), text: "\(.name) \(.range): \(.title)"}
JQ
