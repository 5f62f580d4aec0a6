#!/usr/bin/env bash
# Looks whether a commit has been deployed with success to another environment before.
#
# in ENVIRONMENT: the earlier environment, such as `staging`
# in SHA: the commit
# in ON_MISSING?: `warn` or `fail` (default warn)
# in GH_TOKEN: token with `deployments: read`
# out deployed: `true` or `false`
