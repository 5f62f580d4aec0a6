#!/usr/bin/env bash
# Turns what `pip-audit --format json` writes into SARIF.
#
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"

to_sarif pip-audit <<'JQ'
  .dependencies[] | "\(.name) \(.version // "")" as $package
  | if .skip_reason then {id: "not-audited", severity: "low", text: "\($package)was not audited: \(.skip_reason)"}
    else .vulns[] | {id, text: "\($package): \([.id, .aliases[]?] | join(", ")), fixed in \(.fix_versions | join(", ") | if . == "" then "no version" else . end)"} end
JQ
