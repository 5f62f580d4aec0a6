#!/usr/bin/env bash
# Fails if fewer lines are covered than wanted, by reports in LCOV's form.
# Reports of several modules or suites are put together: a line counts once.
#
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in MINIMUM: least share of lines, in percent
set -euo pipefail

read -ra patterns <<< "$REPORTS"
found=()
for pattern in "${patterns[@]}"; do
  while IFS= read -r -d '' report; do
    found+=("$report")
  done < <(find . -type f -path "$pattern" -print0 | sort -z)
done
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
if [ "$all" -eq 0 ]; then
  echo "::error::the coverage report knows no lines: ${found[*]}"
  exit 1
fi
# In hundredths of a percent and rounded down, so that 79.99 % never shows as 80 %.
share=$((covered * 10000 / all))
share=$((share / 100)).$(printf '%02d' $((share % 100)))
echo "Line coverage: $share % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
if [ $((covered * 100)) -lt $((MINIMUM * all)) ]; then
  echo "::error::line coverage is $share %, wanted are $MINIMUM %"
  exit 1
fi
