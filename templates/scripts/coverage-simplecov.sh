#!/usr/bin/env bash
# Fails if fewer lines are covered than wanted, by the result that SimpleCov leaves behind.
#
# in RESULT_FILE: result of the last run, usually coverage/.last_run.json
# in MINIMUM: least share of lines, in percent
set -euo pipefail

# Before version 0.18 it was called covered_percent.
covered=$(jq -r '.result | .line // .covered_percent | numbers' "$RESULT_FILE" || true)
if [ -z "$covered" ]; then
  echo "::error::no line coverage in $RESULT_FILE: start SimpleCov in the tests' helper"
  exit 1
fi
echo "Line coverage: $covered % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
if ! jq -en --argjson covered "$covered" --argjson minimum "$MINIMUM" '$covered >= $minimum' > /dev/null; then
  echo "::error::line coverage is $covered %, wanted are $MINIMUM %"
  exit 1
fi
