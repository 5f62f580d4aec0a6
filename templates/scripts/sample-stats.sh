#!/usr/bin/env bash
# Starts sampling CPU and memory of all running containers in the background, for load-thresholds.sh to judge.
#
# in STATS_FILE: file to append to, lines `NAME<tab>CPU<tab>MEMORY`
# in INTERVAL?: seconds between two samples (default 2)
# in MAX_MINUTES?: sampling ends after this time at the latest (default 60)
# out pid: process to end when the load test is over
