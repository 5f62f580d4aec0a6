#!/usr/bin/env bash
# Compares benchmark results with those of the run before. Slower ones are a warning, since
# hosted runners differ; the limits of the load test are what fails.
#
# in RESULTS: results of pytest-benchmark as JSON
# in HISTORY: file with the results before, replaced by these
# in TOLERANCE_PERCENT?: slowdown that is not worth a word (default 20)
set -euo pipefail

if ! jq -e '.benchmarks | length > 0' "$RESULTS" > /dev/null; then
  echo "::error::$RESULTS has no benchmark results"
  exit 1
fi
if [[ -f $HISTORY ]]; then
  jq -r --slurpfile before "$HISTORY" --argjson tolerance "${TOLERANCE_PERCENT:-20}" '
    ($before[0].benchmarks | map({key: .fullname, value: .stats.mean}) | from_entries) as $old
    | .benchmarks[] | select($old[.fullname] > 0)
    | ((.stats.mean / $old[.fullname] - 1) * 100 | round) as $change
    | select($change > $tolerance)
    | "\(.fullname | gsub("[\r\n]"; " ")) takes \($change) % longer than in the run before"
  ' "$RESULTS" | while IFS= read -r slower; do
    echo "::warning::${slower//'%'/%25}"
  done
else
  echo "No results before: these are the first."
fi
mkdir -p "$(dirname "$HISTORY")"
cp "$RESULTS" "$HISTORY"
