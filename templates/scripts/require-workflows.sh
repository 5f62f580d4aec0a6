#!/usr/bin/env bash
# Waits until each of the named workflows has succeeded for a commit, and fails if one has not.
#
# in WORKFLOWS: file names such as `ci.yml`, one per line
# in SHA: the commit
# in EVENT?: count only runs of this event, such as `push` (default: any)
# in WAIT_MINUTES?: longest wait for runs under way (default 30)
# in GRACE_MINUTES?: longest wait for a run to appear at all (default 2)
# in INTERVAL?: seconds between two looks (default 20)
# in GH_TOKEN: token with `actions: read`
