#!/usr/bin/env bash
# Fails if fewer lines are covered than wanted, by reports in Clover's form, as PHPUnit and Pest write them.
# Reports of several modules or suites are put together: a line counts once.
#
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in MINIMUM: least share of lines, in percent
set -euo pipefail

# shellcheck source=parts/coverage.sh
source "${BASH_SOURCE%/*}/parts/coverage.sh"

mapfile -d '' -t found < <(find_reports)
if [ ${#found[@]} -eq 0 ]; then
  echo "::error::no coverage report at $REPORTS: let the tests write it in the form of Clover"
  exit 1
fi

counts=$(awk '
  # Each record is one tag: its name, and its attributes behind it.
  BEGIN { RS = "<" }
  function attribute(name) {
    if (!match($0, "[[:space:]]" name "=\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  }
  /^file[[:space:]]/ { file = attribute("name") }
  /^line[[:space:]]/ && attribute("type") == "stmt" {
    line = file ":" attribute("num")
    count = attribute("count") + 0
    if (!(line in hits) || count > hits[line]) hits[line] = count
  }
  END {
    for (line in hits) { all++; if (hits[line] > 0) covered++ }
    print covered + 0, all + 0
  }
' "${found[@]}")

read -r covered all <<< "$counts"
judge_coverage line "$covered" "$all" "${found[@]}"
