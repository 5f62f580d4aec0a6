#!/usr/bin/env bash
# Opens an issue for an incident, or comments on the one that is still open for the same marker.
#
# in MARKER: what the incident is about, such as `deploy-production`; one open issue each
# in TITLE: title of the issue
# in ENVIRONMENT?: row of the issue (default: left out)
# in VERSION?: row of the issue (default: left out)
# in PREVIOUS_VERSION?: row of the issue (default: left out)
# in REASON?: row of the issue (default: left out)
# in CHECKLIST?: what to do next, one line each (default: none)
# in LABEL?: label, made if missing (default `incident`)
# in GH_TOKEN: token with `issues: write`
# out url: address of the issue
