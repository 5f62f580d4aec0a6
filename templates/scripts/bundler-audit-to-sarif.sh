#!/usr/bin/env bash
# Turns what `bundler-audit check --format json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif bundler-audit <<'JQ'
  .results[]
  | if .type == "unpatched_gem" then
      {id: (.advisory.ghsa // .advisory.cve // .advisory.id | tostring | if test("^[0-9]{4}-") then "CVE-\(.)" elif test("^[0-9a-z]{4}-") then "GHSA-\(.)" else . end),
       score: (.advisory.cvss_v4? // .advisory.cvss_v3 // .advisory.cvss_v2), severity: .advisory.criticality,
       text: "\(.gem.name) \(.gem.version): \(.advisory.title)"}
    else {id: .type, severity: "high", text: "\(.type | gsub("_"; " ")): \(.source)"} end
JQ
