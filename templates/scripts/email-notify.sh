#!/usr/bin/env bash
# Sends an e-mail over SMTP. A message that cannot be sent is a warning: it never fails a deployment.
#
# in SMTP_URL: server, such as `smtps://smtp.gmail.com:465`; `smtp://` must offer STARTTLS
# in SMTP_TLS?: `required`, or `optional` for a relay within a private network (default required)
# in EMAIL_USERNAME?: secret; without it nothing is sent
# in EMAIL_PASSWORD?: secret; without it nothing is sent
# in MAIL_FROM?: address of the sender (default: EMAIL_USERNAME)
# in MAIL_TO: addresses, separated by commas or line breaks
# in SUBJECT: subject
# in BODY: plain text; the address of the workflow run is added
