# shellcheck shell=bash
# Prints the reports at the patterns of REPORTS, each ended by a zero byte.
find_reports() {
  local pattern patterns
  read -ra patterns <<< "$REPORTS"
  for pattern in "${patterns[@]}"; do
    find . -type f -path "$pattern" -print0 | sort -z
  done
}

# Fails if of $3 things of the kind $1, `line` or `statement`, fewer than MINIMUM percent are among
# the $2 covered ones; behind them the reports that say so.
judge_coverage() {
  local kind=$1 covered=$2 all=$3 share
  shift 3
  if [ "$all" -eq 0 ]; then
    echo "::error::the coverage report knows no ${kind}s: $*"
    exit 1
  fi
  # In hundredths of a percent and rounded down, so that 79.99 % never shows as 80 %.
  share=$((covered * 10000 / all))
  share=$((share / 100)).$(printf '%02d' $((share % 100)))
  echo "${kind^} coverage: $share % (at least $MINIMUM %)" | tee -a "$GITHUB_STEP_SUMMARY"
  if [ $((covered * 100)) -lt $((MINIMUM * all)) ]; then
    echo "::error::$kind coverage is $share %, wanted are $MINIMUM %"
    exit 1
  fi
}
