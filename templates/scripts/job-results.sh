#!/usr/bin/env bash
# Fails if a job that this one needs has failed or was cancelled: the one status check to require.
#
# in NEEDS: the `needs` context as JSON
# in ALLOW_FAILURE?: ids of jobs whose result is only shown (default: none)
# in MUST_RUN?: ids of jobs that may not be skipped either (default: none)
