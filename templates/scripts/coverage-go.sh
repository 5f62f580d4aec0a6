#!/usr/bin/env bash
# Fails if fewer statements are covered than wanted, by profiles of `go test -coverprofile`.
# Reports of several modules or suites are put together: a block of statements counts once.
#
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in MINIMUM: least share of statements, in percent
set -euo pipefail

# shellcheck source=parts/coverage.sh
source "${BASH_SOURCE%/*}/parts/coverage.sh"

mapfile -d '' -t found < <(find_reports)
if [ ${#found[@]} -eq 0 ]; then
  echo "::error::no coverage report at $REPORTS: let the tests write it with -coverprofile"
  exit 1
fi

counts=$(awk '
  # file:line.column,line.column statements count
  NF == 3 && $1 ~ /:[0-9]+\.[0-9]+,[0-9]+\.[0-9]+$/ {
    statements[$1] = $2
    if ($3 > hits[$1] + 0) hits[$1] = $3 + 0
  }
  END {
    for (block in statements) {
      all += statements[block]
      if (hits[block] > 0) covered += statements[block]
    }
    print covered + 0, all + 0
  }
' "${found[@]}")

read -r covered all <<< "$counts"
judge_coverage statement "$covered" "$all" "${found[@]}"
