#!/usr/bin/env bash
# Tells PagerDuty of a problem, that it is over, or of a change. What cannot be sent is a warning: it never fails a deployment.
#
# in PAGERDUTY_ROUTING_KEY?: secret, integration key of the service (default: the one in PAGERDUTY_WEBHOOK_URL; without either nothing is sent)
# in PAGERDUTY_WEBHOOK_URL?: secret, integration URL; its host is asked (default: `https://events.pagerduty.com`)
# in ACTION: `trigger`, `acknowledge`, `resolve`, or `change` for a deployment that went well
# in SUMMARY: what happened
# in SEVERITY?: `critical`, `error`, `warning` or `info` (default `critical`)
# in DEDUP_KEY?: what makes two events one alert, the same to trigger and to resolve (default: repository and environment)
# in ENVIRONMENT?: where it happened (default: left out)
# in VERSION?: version it is about (default: left out)
# in LINKS?: links beside the one to the workflow run, lines `TEXT|URL` (default: none)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
give_up() { printf '::%s::nothing sent to PagerDuty: %s\n' "$1" "$(escape "$2")"; exit 0; }

host=https://events.pagerduty.com key=${PAGERDUTY_ROUTING_KEY:-}
if [[ -n ${PAGERDUTY_WEBHOOK_URL:-} ]]; then
  [[ $PAGERDUTY_WEBHOOK_URL =~ ^https?://[^/?#[:space:]]+ ]] || give_up warning "the secret PAGERDUTY_WEBHOOK_URL is not an address"
  rest=${PAGERDUTY_WEBHOOK_URL#*://}
  host=${PAGERDUTY_WEBHOOK_URL%%://*}://${rest%%[/?#]*}
  [[ -n $key ]] || key=$(grep -oE '[/=][A-Za-z0-9]{32}([/?&]|$)' <<< "$PAGERDUTY_WEBHOOK_URL" | head -n 1 | tr -dc A-Za-z0-9) || key=
fi
[[ -n $key ]] || give_up notice "there is no key in the secret PAGERDUTY_ROUTING_KEY"
case $ACTION in
  trigger | acknowledge | resolve) path=v2/enqueue ;;
  change) path=v2/change/enqueue ;;
  *) give_up warning "ACTION is \`$ACTION\`" ;;
esac

# Secrets do not stand on the command line.
event=$(mktemp -p "$RUNNER_TEMP")
key=$key jq -n '
  env.ENVIRONMENT // "" | . as $environment
  | "\(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)/actions/runs/\(env.GITHUB_RUN_ID)" as $run
  | [env.LINKS // "" | splits("\r?\n") | capture("^(?<text>[^|]+)\\|(?<href>https?://\\S+)\\s*$")] as $links
  | {
      routing_key: env.key,
      payload: ({
        summary: (env.SUMMARY | gsub("\\s+"; " ") | .[:1024]),
        source: "\(env.GITHUB_REPOSITORY)\(if $environment == "" then "" else "/\($environment)" end)",
        custom_details: ({environment: $environment, version: env.VERSION, actor: env.GITHUB_ACTOR, run: $run} | with_entries(select((.value // "") != "")))
      }),
      links: ([{text: "Workflow run", href: $run}] + $links)
    }
  | if env.ACTION == "change" then . else
      .event_action = env.ACTION
      | .dedup_key = ((env.DEDUP_KEY // "" | if . == "" then "\(env.GITHUB_REPOSITORY)/\($environment)" else . end) | .[:255])
      | .payload.severity = (env.SEVERITY // "" | if IN("critical", "error", "warning", "info") then . else "critical" end)
      | .client = "GitHub Actions" | .client_url = $run
    end' > "$event"
if answer=$(host=$host path=$path jq -rn '"url = \("\(env.host)/\(env.path)" | @json)"' | curl --config - --silent --show-error --fail-with-body --globoff \
  --proto '=http,https' --max-time 20 --retry 2 --retry-delay 1 --header 'Content-Type: application/json' --data-binary "@$event" 2>&1); then
  echo "PagerDuty took the event: $ACTION"
else
  give_up warning "$answer"
fi
