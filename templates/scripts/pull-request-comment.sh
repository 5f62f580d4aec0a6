#!/usr/bin/env bash
# Shows the results of the jobs as one comment of the pull request, updated by each run.
#
# in NEEDS: the `needs` context as JSON
# in MARKER: name of the comment; one comment each
# in TITLE?: heading (default `Checks`)
# in LABELS?: lines `JOB_ID WORDS` for jobs to show under other words (default: the job ids)
# in GH_TOKEN: token with `pull-requests: write`
