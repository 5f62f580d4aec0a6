#!/usr/bin/env bash
# Turns what `dotnet list package --vulnerable --format json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif dotnet-audit <<'JQ'
  (.problems[]? | select(.level == "error") | error(.text)),
  (.projects[] | .path as $project | .frameworks[]? | .topLevelPackages[]?, .transitivePackages[]?
    | "\(.id) \(.resolvedVersion)" as $package | .vulnerabilities[]
    | {id: (.advisoryurl | split("/") | last), severity: ({moderate: "medium"}[.severity | ascii_downcase] // (.severity | ascii_downcase)),
       file: ($project | ltrimstr("\(env.GITHUB_WORKSPACE)/")), text: "\($package): \(.advisoryurl)"})
JQ
