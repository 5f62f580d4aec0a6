#!/usr/bin/env bash
# Turns what `trufflehog --json` writes into SARIF. The secrets themselves stay out of it.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif trufflehog lines <<'JQ'
  select(.DetectorName) | ([.SourceMetadata.Data[]?][0] // {}) as $at
  | {id: (.DetectorName + if .Verified then "" else "-unverified" end), severity: (if .Verified then "critical" else "high" end),
     file: $at.file, line: $at.line, text: "\(.DetectorName) secret\(if $at.commit then " in commit \($at.commit)" else "" end)"}
JQ
