#!/usr/bin/env bash
# Watches a fresh deployment for a while and fails when too many checks do.
#
# in HEALTH_URL: address that must answer 2xx
# in CHECKS?: how many checks, the first at once (default 10)
# in INTERVAL?: seconds between two checks (default 30)
# in TIMEOUT?: seconds per request (default 10)
# in MAX_ERROR_PERCENT?: largest share of failed checks (default 5)
# in MAX_CONSECUTIVE?: failed checks in a row that end the watch at once (default 3)
# in PROMETHEUS_URL?: server to ask at each check (default: none)
# in PROMETHEUS_QUERY?: its query; needed with PROMETHEUS_URL, must give one number
# in PROMETHEUS_LIMIT?: a check fails above this value or without data (default 0.05)
# in PROMETHEUS_TOKEN?: bearer token (default: none)
# out checks: checks made
# out failed: checks failed
# out failed_percent: share of failed checks among those planned, rounded up
