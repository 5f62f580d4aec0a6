#!/usr/bin/env bash
# Posts a message to Slack. A message that cannot be sent is a warning: it never fails a deployment.
#
# in SLACK_WEBHOOK_URL?: secret (default: nothing is sent)
# in STATUS: `started`, `approval`, `succeeded`, `failed` or `rolled-back`
# in TITLE: first line of the message
# in VERSION?: field of the message (default: left out)
# in ENVIRONMENT?: field of the message (default: left out)
# in LINKS?: buttons beside the one for the workflow run, lines `TEXT|URL` (default: none)
# in CHANNEL?: channel, for webhooks that may choose it (default: that of the webhook)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }

if [[ -z ${SLACK_WEBHOOK_URL:-} ]]; then
  echo "::notice::no message sent: the secret SLACK_WEBHOOK_URL is not set"
  exit 0
fi

payload=$(mktemp -p "$RUNNER_TEMP")
# Slack reads `&`, `<` and `>` as its own markup, and refuses texts that are too long.
jq -n '
  def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
  def field($name; $value): if ($value // "") == "" then empty else {type: "mrkdwn", text: "*\($name)*\n\($value[:300] | plain)"} end;
  def button: {type: "button", text: {type: "plain_text", text: .[0][:75]}, url: .[1]};
  ({started: ":rocket:", approval: ":raised_hand:", succeeded: ":white_check_mark:", failed: ":x:", "rolled-back": ":rewind:"}[env.STATUS]
    // ":grey_question:") as $mark
  | [env.LINKS // "" | splits("\r?\n") | [(capture("^(?<text>[^|]+)\\|(?<url>https?://\\S{1,2900})\\s*$") | .text, .url)] | select(length == 2)] as $links
  | {
      text: "\($mark) \(env.TITLE | plain): \(env.STATUS | plain)",
      blocks: [
        {type: "header", text: {type: "plain_text", emoji: true, text: "\($mark) \(env.TITLE | gsub("\\s+"; " "))"[:150]}},
        {type: "section", fields: [field("Version"; env.VERSION), field("Actor"; env.GITHUB_ACTOR),
          field("Environment"; env.ENVIRONMENT), field("Status"; env.STATUS)]},
        {type: "actions", elements: ($links[:10]
          + [["Workflow run", "\(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)/actions/runs/\(env.GITHUB_RUN_ID)"]] | map(button))}
      ]
    }
  | if (env.CHANNEL // "") == "" then . else .channel = env.CHANNEL end' > "$payload"

# The address is a secret, so it does not stand on the command line.
if answer=$(jq -rn '"url = \(env.SLACK_WEBHOOK_URL | @json)"' | curl --config - --silent --show-error --fail-with-body --globoff \
  --proto '=http,https' --max-time 20 --header 'Content-Type: application/json' --data-binary "@$payload" 2>&1); then
  echo "message sent to Slack"
else
  printf '::warning::no message sent, Slack answered: %s\n' "$(escape "$answer")"
fi
