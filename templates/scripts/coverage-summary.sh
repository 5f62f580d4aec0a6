#!/usr/bin/env bash
# Fails if fewer lines are covered than wanted.
#
# in SUMMARY_FILE: summary in Istanbul's JSON form, as Jest, Vitest, c8 and nyc write it
# in MINIMUM: least share of lines, in percent
set -euo pipefail

covered=$(jq -r '.total.lines.pct | numbers' "$SUMMARY_FILE" || true)
if [ -z "$covered" ]; then
  echo "::error::no line coverage in $SUMMARY_FILE: let the tests write the json-summary report"
  exit 1
fi
echo "Line coverage: $covered % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
if ! jq -en --argjson covered "$covered" --argjson minimum "$MINIMUM" '$covered >= $minimum' > /dev/null; then
  echo "::error::line coverage is $covered %, wanted are $MINIMUM %"
  exit 1
fi
