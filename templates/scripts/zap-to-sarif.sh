#!/usr/bin/env bash
# Turns what a baseline scan of ZAP writes as JSON into SARIF. What is only information is left out.
#
# in REPORTS: lines `REPORT.json FILE`; findings point at FILE, since SARIF knows no addresses of sites
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif zap <<'JQ'
  if .site == [] then error("ZAP met no site") else .site[] end
  | .["@name"] as $site | .alerts[] | select(.riskcode != "0")
  | {id: "ZAP-\(.alertRef // .pluginid)", severity: {"3": "high", "2": "medium", "1": "low"}[.riskcode],
     text: "\(.name // .alert): \(.count) times, first at \(.instances[0].method? // "GET") \(.instances[0].uri? // $site)"}
JQ
