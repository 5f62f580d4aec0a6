#!/usr/bin/env bash
# Requests some paths of a deployed application and compares the status of each with the one expected.
#
# in BASE_URL: address of the application
# in SMOKE_PATHS: lines `PATH [STATUS]`, status 200 unless named; redirects are not followed
# in ATTEMPTS?: tries per path (default 3)
# in INTERVAL?: seconds between two tries (default 5)
# in TIMEOUT?: seconds per request (default 10)
