#!/usr/bin/env bash
# Checks that an address answers with metrics in the Prometheus text format.
#
# in METRICS_URL: the address
# in ATTEMPTS?: how many tries before giving up (default 5)
# in INTERVAL?: seconds between two tries (default 6)
# in TIMEOUT?: seconds per request (default 10)
# in ON_FAILURE?: `fail` or `warn` (default fail)
