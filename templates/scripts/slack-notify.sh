#!/usr/bin/env bash
# Posts a message to Slack. A message that cannot be sent is a warning: it never fails a deployment.
#
# in SLACK_WEBHOOK_URL?: secret; without it nothing is sent
# in STATUS: `started`, `approval`, `succeeded`, `failed` or `rolled-back`
# in TITLE: first line of the message
# in VERSION?: field of the message (default: left out)
# in ENVIRONMENT?: field of the message (default: left out)
# in LINKS?: buttons, lines `TEXT|URL` (default: the workflow run)
# in CHANNEL?: channel, for webhooks that may choose it (default: that of the webhook)
