#!/usr/bin/env bash
# Puts an event about a deployment on Datadog's dashboards. What cannot be sent is a warning: it never fails a deployment.
#
# in DATADOG_API_KEY?: secret (default: nothing is sent)
# in DATADOG_URL?: address of the API for the site (default `https://api.datadoghq.com`)
# in TITLE: title of the event
# in STATUS: `started`, `approval`, `succeeded`, `failed` or `rolled-back`
# in ENVIRONMENT?: tag of the event (default: left out)
# in VERSION?: tag of the event (default: left out)
# in SERVICE?: tag of the event (default: name of the repository)
set -euo pipefail
server=${DATADOG_URL:-https://api.datadoghq.com}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }

if [[ -z ${DATADOG_API_KEY:-} ]]; then
  echo "::notice::no event sent: the secret DATADOG_API_KEY is not set"
  exit 0
fi
event=$(mktemp -p "$RUNNER_TEMP")
jq -n '
  def tag($name; $value): if ($value // "") == "" then empty else "\($name):\($value | gsub("[\\s,]+"; "_") | .[:180])" end;
  (env.SERVICE // "" | if . == "" then env.GITHUB_REPOSITORY | sub(".*/"; "") else . end) as $service
  | {
      title: ("\(env.TITLE): \(env.STATUS)" | gsub("\\s+"; " ") | .[:100]),
      text: "Workflow run: \(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)/actions/runs/\(env.GITHUB_RUN_ID)",
      alert_type: ({succeeded: "success", failed: "error", "rolled-back": "warning"}[env.STATUS] // "info"),
      aggregation_key: "\(env.GITHUB_REPOSITORY)/\(env.ENVIRONMENT // "")"[:100],
      source_type_name: "github",
      tags: [tag("env"; env.ENVIRONMENT), tag("version"; env.VERSION), tag("service"; $service), "event:deployment"]
    }' > "$event"
# The key is a secret, so it does not stand on the command line.
if answer=$(curl --silent --show-error --fail-with-body --globoff --proto '=http,https' --max-time 20 --retry 2 --retry-delay 1 \
  --header @<(printf 'DD-API-KEY: %s\n' "$DATADOG_API_KEY") --header 'Content-Type: application/json' --data-binary "@$event" \
  --url "${server%/}/api/v1/events" 2>&1); then
  echo "event sent to Datadog"
else
  printf '::warning::no event sent, Datadog answered: %s\n' "$(escape "$answer")"
fi
