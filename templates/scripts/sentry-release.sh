#!/usr/bin/env bash
# Creates a release in Sentry, finalises it and adds the deployment. What cannot be recorded is a warning: it never fails a deployment.
#
# in SENTRY_AUTH_TOKEN?: secret, token with `project:releases` (default: nothing is recorded)
# in SENTRY_URL?: server (default `https://sentry.io`)
# in SENTRY_ORG: slug of the organisation
# in SENTRY_PROJECT: slugs of the projects, separated by commas or line breaks
# in VERSION: name of the release
# in ENVIRONMENT: where it was deployed
# in URL?: address of what was deployed (default: left out)
# in SENTRY_REPOSITORY?: repository as Sentry knows it, which shows the commits of the release (default: left out)
set -euo pipefail
server=${SENTRY_URL:-https://sentry.io}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
give_up() { printf '::%s::no release recorded in Sentry: %s\n' "$1" "$(escape "$2")"; exit 0; }

[[ -n ${SENTRY_AUTH_TOKEN:-} ]] || give_up notice "the secret SENTRY_AUTH_TOKEN is not set"
[[ $SENTRY_ORG =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] || give_up warning "SENTRY_ORG is \`$SENTRY_ORG\`"
[[ $server =~ ^https?://[^[:space:]]+$ ]] || give_up warning "SENTRY_URL is not an address"
[[ $VERSION != *[/\\[:cntrl:]]* && ! $VERSION =~ ^[[:space:].]*$ && ${#VERSION} -le 200 ]] || give_up warning "Sentry takes no release named \`$VERSION\`"
releases=${server%/}/api/0/organizations/$SENTRY_ORG/releases

# The token is a secret, so it does not stand on the command line.
send() {
  local answer
  answer=$(curl --silent --show-error --fail-with-body --globoff --proto '=http,https' --max-time 20 --retry 2 --retry-delay 1 \
    --header @<(printf 'Authorization: Bearer %s\n' "$SENTRY_AUTH_TOKEN") --header 'Content-Type: application/json' \
    --request "$1" --url "$2" --data-binary @- 2>&1 <<< "$3") || give_up warning "$answer"
}
now=$(date --utc +%FT%TZ)
# Sentry answers alike whether the release is new or known.
send POST "$releases/" "$(jq -n '{
    version: env.VERSION,
    projects: [env.SENTRY_PROJECT | splits("[,\\s]+") | select(. != "")],
    url: "\(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)/actions/runs/\(env.GITHUB_RUN_ID)"
  } + if (env.SENTRY_REPOSITORY // "") == "" then {} else {refs: [{repository: env.SENTRY_REPOSITORY, commit: env.GITHUB_SHA}]} end')"
release=$releases/$(jq -rn 'env.VERSION | @uri')
send PUT "$release/" "$(jq -n --arg now "$now" '{dateReleased: $now}')"
send POST "$release/deploys/" "$(jq -n --arg now "$now" '
  {environment: env.ENVIRONMENT, dateFinished: $now} + if (env.URL // "") == "" then {} else {url: env.URL} end')"
echo "recorded release $VERSION in Sentry"
