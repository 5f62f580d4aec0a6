#!/usr/bin/env bash
# Compares what a load test measured with its limits. Only limits that are set are checked; a missing measurement fails.
#
# in K6_SUMMARY?: file written by `k6 run --summary-export`
# in MAX_P95_MS?: limit of the 95th percentile of request durations, needs K6_SUMMARY
# in MAX_ERROR_PERCENT?: limit of failed requests, needs K6_SUMMARY
# in MAX_QUERY_MS?: limit of the slowest statement's mean time in pg_stat_statements
# in DB_SERVICE?: Compose service of the database (default `db`)
# in DB_USER?: database user (default `postgres`)
# in DB_NAME?: database (default: the name of the user)
# in COMPOSE_FILE?: read by `docker compose` (default: its own)
# in STATS_FILE?: file written by sample-stats.sh
# in MAX_MEMORY_MB?: limit of the peak of each container, 1024-based as Docker prints it, needs STATS_FILE
# in MAX_CPU_PERCENT?: limit of the mean of each container, needs STATS_FILE
