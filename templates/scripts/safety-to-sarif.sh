#!/usr/bin/env bash
# Turns what `safety check --save-json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif safety <<'JQ'
  .vulnerabilities[] | select(.ignored | not)
  | {id: .vulnerability_id, score: .severity.cvssv3.base_score?, text: "\(.package_name) \(.analyzed_version): \(.advisory)"}
JQ
