#!/usr/bin/env bash
# Waits until every address answers 2xx and, if asked, until the deployed version is the one that answers.
#
# in HEALTH_URLS: addresses, one per line
# in ATTEMPTS?: how many rounds before giving up (default 10)
# in INTERVAL?: seconds between two rounds (default 6)
# in TIMEOUT?: seconds per request (default 10)
# in EXPECTED_VERSION?: version that the first address must report; a leading `v` does not matter (default: not compared)
# in VERSION_FROM?: where it reports it, a jq filter on the body or `header:NAME` (default `.version`)
