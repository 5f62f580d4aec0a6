#!/usr/bin/env bash
# Starts sampling CPU and memory of all running containers in the background, for load-thresholds.sh to judge.
#
# in STATS_FILE: file to append to, lines `NAME<tab>CPU<tab>MEMORY`
# in INTERVAL?: seconds between two samples (default 2)
# in MAX_MINUTES?: sampling ends after this time at the latest (default 60)
# out pid: process to end when the load test is over
set -euo pipefail
interval=${INTERVAL:-2} minutes=${MAX_MINUTES:-60}

[[ "$minutes $interval" =~ ^[1-9][0-9]*\ [0-9.]+$ ]] || { echo "::error::MAX_MINUTES and INTERVAL must be numbers"; exit 1; }
: > "$STATS_FILE"
sample() {
  while (( SECONDS < minutes * 60 )); do
    docker stats --no-stream --format '{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}' >> "$STATS_FILE" || true
    sleep "$interval"
  done
}
# A background process that keeps the output of the step open would keep the step from ending.
sample < /dev/null > /dev/null 2>&1 &
echo "pid=$!" | tee -a "$GITHUB_OUTPUT"
