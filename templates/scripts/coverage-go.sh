#!/usr/bin/env bash
# Fails if fewer statements are covered than wanted, by profiles of `go test -coverprofile`.
# Reports of several modules or suites are put together: a block of statements counts once.
#
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in MINIMUM: least share of statements, in percent
set -euo pipefail

read -ra patterns <<< "$REPORTS"
found=()
for pattern in "${patterns[@]}"; do
  while IFS= read -r -d '' report; do
    found+=("$report")
  done < <(find . -type f -path "$pattern" -print0 | sort -z)
done
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
if [ "$all" -eq 0 ]; then
  echo "::error::the coverage report knows no statements: ${found[*]}"
  exit 1
fi
# In hundredths of a percent and rounded down, so that 79.99 % never shows as 80 %.
share=$((covered * 10000 / all))
share=$((share / 100)).$(printf '%02d' $((share % 100)))
echo "Statement coverage: $share % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
if [ $((covered * 100)) -lt $((MINIMUM * all)) ]; then
  echo "::error::statement coverage is $share %, wanted are $MINIMUM %"
  exit 1
fi
