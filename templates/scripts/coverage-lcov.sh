#!/usr/bin/env bash
# Fails if fewer lines are covered than wanted, by reports in LCOV's form.
# Reports of several modules or suites are put together: a line counts once.
#
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in MINIMUM: least share of lines, in percent
set -euo pipefail

# shellcheck source=parts/coverage.sh
source "${BASH_SOURCE%/*}/parts/coverage.sh"

mapfile -d '' -t found < <(find_reports)
if [ ${#found[@]} -eq 0 ]; then
  echo "::error::no coverage report at $REPORTS: let the tests write it in the form of LCOV"
  exit 1
fi

counts=$(awk '
  { sub(/\r$/, "") }
  /^SF:/ { file = substr($0, 4) }
  /^DA:/ {
    split(substr($0, 4), part, ",")
    line = file ":" part[1]
    if (!(line in hits) || part[2] > hits[line]) hits[line] = part[2] + 0
  }
  END {
    for (line in hits) { all++; if (hits[line] > 0) covered++ }
    print covered + 0, all + 0
  }
' "${found[@]}")

read -r covered all <<< "$counts"
judge_coverage line "$covered" "$all" "${found[@]}"
