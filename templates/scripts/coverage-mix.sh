#!/usr/bin/env bash
# Fails if less is covered than wanted, by the data under cover/ that
# `mix test --cover --export-coverage NAME` leaves behind.
#
# in MINIMUM: least share in percent; of several applications each must reach it
set -euo pipefail

status=0
report=$(mix test.coverage) || status=$?
printf '%s\n' "$report"
# Mix ends with 3 below a threshold of its own, 90 % unless mix.exs says otherwise.
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
  echo "::error::mix test.coverage ended with $status"
  exit 1
fi
covered=$(awk '
  /[|] *Total *[|]? *$/ && match($0, /[0-9]+(\.[0-9]+)?%/) {
    share = substr($0, RSTART, RLENGTH - 1)
    if (lowest == "" || share + 0 < lowest + 0) lowest = share
  }
  END { print lowest }
' <<< "$report")
if [ -z "$covered" ]; then
  echo "::error::no total in the report of mix test.coverage: let the tests run with --cover --export-coverage"
  exit 1
fi
echo "Coverage: $covered % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
if awk -v covered="$covered" -v minimum="$MINIMUM" 'BEGIN { exit !(covered + 0 < minimum + 0) }'; then
  echo "::error::coverage is $covered %, wanted are $MINIMUM %"
  exit 1
fi
