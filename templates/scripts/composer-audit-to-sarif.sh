#!/usr/bin/env bash
# Turns what `composer audit --format json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

# PHP writes an empty object as a list. What a list of bad packages names has no severity.
to_sarif composer-audit <<'JQ'
  if has("advisories") then . else error("no advisories") end
  | ((.advisories | objects | .[][])
      | {id: (.cve // .advisoryId), severity: (.severity // "high"), text: "\(.packageName) \(.affectedVersions): \(.title)"}),
    (.filter | objects | to_entries[] | {id: "package-on-a-list", text: "\(.key) is on a list of packages that must not be used"})
JQ
