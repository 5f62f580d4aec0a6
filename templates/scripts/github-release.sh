#!/usr/bin/env bash
# Publishes the GitHub release of a deployed tag, or brings the deployment section of the existing one up to date.
#
# in TAG: an existing tag
# in ENVIRONMENT: where it was deployed
# in STATUS: how that ended
# in SERVICES?: what was deployed, one service per line (default: left out)
# in GH_TOKEN: token with `contents: write`
# out url: address of the release
