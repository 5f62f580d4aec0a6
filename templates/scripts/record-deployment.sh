#!/usr/bin/env bash
# Records on GitHub what was deployed where. GitHub's own record names the commit that the run
# belongs to, which is another one when a run was started by hand or by another workflow.
#
# in ENVIRONMENT: the environment
# in SHA: the commit that was deployed
# in VERSION: how people name it, such as `v1.2.3`
# in STATUS: how the job ended: `success`, `failure` or `cancelled`
# in URL?: address of the environment (default: none)
# in DEPLOYMENT?: id of the record to end (default: a new one)
# in ROLLBACK?: `true` if it is the return of an earlier release (default `false`)
# in GH_TOKEN: token with `deployments: write`
# out deployment: id of the record
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
case $STATUS in
  success) state=success ;;
  failure) state=failure ;;
  cancelled) state=error ;;
  *) fail "STATUS must be \`success\`, \`failure\` or \`cancelled\`, not \`$STATUS\`" ;;
esac
export state run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
body=$(mktemp -p "$RUNNER_TEMP")
id=${DEPLOYMENT:-}
if [[ -z $id ]]; then
  # The checks of the commit were asked for before.
  jq -n '{ref: env.SHA, environment: env.ENVIRONMENT, description: env.VERSION, auto_merge: false, required_contexts: [],
    payload: {version: env.VERSION, rollback: (env.ROLLBACK == "true")}}' > "$body"
  id=$(gh api "repos/$GITHUB_REPOSITORY/deployments" --method POST --input "$body" --jq .id) || fail "the deployment cannot be recorded"
fi
[[ $id =~ ^[0-9]+$ ]] || fail "GitHub gave no id for the deployment"
jq -n '{state: env.state, log_url: env.run, description: env.VERSION, auto_inactive: true}
  + (if (env.URL // "") == "" then {} else {environment_url: env.URL} end)' > "$body"
gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses" --method POST --input "$body" --silent ||
  fail "the status of deployment $id cannot be recorded"
echo "deployment=$id" | tee -a "$GITHUB_OUTPUT"
