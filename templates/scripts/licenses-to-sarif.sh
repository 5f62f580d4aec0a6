#!/usr/bin/env bash
# Turns lists of packages with their licences into SARIF: each licence that is not allowed is a finding.
#
# in TOOL: the name of the scanner that made the lists
# in REPORTS: lines `REPORT.json FILE`, each report a list of objects with Name, Version and License; findings point at FILE
# in SARIF: the file to write
# in ALLOWED_LICENSES?: names such as `MIT`, one per line (default: none is allowed)
set -euo pipefail

# shellcheck source=parts/sarif.sh
source "${BASH_SOURCE%/*}/parts/sarif.sh"
export ALLOWED_LICENSES=${ALLOWED_LICENSES-}

to_sarif "$TOOL" <<'JQ'
  # An allowed name covers every licence that has all its words: `BSD` also `BSD-3-Clause`, `MIT License` also `MIT`.
  def words: [ascii_downcase | scan("[a-z0-9.+]+") | select(IN("license", "licence", "software", "the", "version") | not)];
  def is_covered: words as $words | any(env.ALLOWED_LICENSES | splits("\n") | words | select(. != []); . - $words == []);
  # Of alternatives one must be allowed, of a conjunction all, and all of a mixture.
  def is_allowed: if test(" AND ") then all(splits(" AND | OR "); is_covered) else any(splits("; *| OR "); is_covered) end;
  .[] | select(.License | is_allowed | not)
  | {id: "license-not-allowed", text: "\(.Name) \(.Version) is under \(.License)"}
JQ
