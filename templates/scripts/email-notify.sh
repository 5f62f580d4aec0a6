#!/usr/bin/env bash
# Sends an e-mail over SMTP. A message that cannot be sent is a warning: it never fails a deployment.
#
# in SMTP_URL?: server, `smtps://host:465`, `smtp://host:587` or without the protocol; `smtp` must offer STARTTLS (default: nothing is sent)
# in SMTP_TLS?: `required`, or `optional` for a relay within a private network (default required)
# in EMAIL_USERNAME?: secret (default: nothing is sent)
# in EMAIL_PASSWORD?: secret (default: nothing is sent)
# in MAIL_FROM?: address of the sender (default: EMAIL_USERNAME)
# in MAIL_TO: addresses, separated by commas or line breaks
# in SUBJECT: subject
# in BODY: plain text; the address of the workflow run is added
set -euo pipefail
from=${MAIL_FROM:-${EMAIL_USERNAME:-}} url=${SMTP_URL:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
give_up() { printf '::%s::no e-mail sent: %s\n' "$1" "$(escape "$2")"; exit 0; }

[[ -n ${EMAIL_USERNAME:-} && -n ${EMAIL_PASSWORD:-} ]] || give_up notice "the secrets EMAIL_USERNAME and EMAIL_PASSWORD are not set"
[[ -n $url ]] || give_up warning "no mail server is named; set the variable EMAIL_SERVER to its \`host:port\`"
case $url in
  *://*) ;;
  *:465) url=smtps://$url ;;
  *) url=smtp://$url ;;
esac
recipients=()
for address in "$from" $(tr ',\r\n' '   ' <<< "$MAIL_TO"); do
  [[ $address =~ ^[A-Za-z0-9_][A-Za-z0-9._%+=-]*@[A-Za-z0-9][A-Za-z0-9.-]*$ ]] || give_up warning "\`$address\` is not an e-mail address"
  recipients+=("$address")
done
recipients=("${recipients[@]:1}")
(( ${#recipients[@]} )) || give_up warning "MAIL_TO names no address"

# Encoded words of RFC 2047, at most 75 characters each: nothing in the subject can begin another header.
subject=$(jq -rn 'env.SUBJECT as $text | [range(0; $text | length; 11) | "=?UTF-8?B?\($text[.:. + 11] | @base64)?="] | join("\n ")')
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
mail=$(mktemp -p "$RUNNER_TEMP")
{
  printf 'From: %s\nTo: %s\nSubject: %s\nDate: %s\n' "$from" "$(IFS=,; echo "${recipients[*]}")" "$subject" "$(date -R)"
  printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n'
  printf '%s\n\n%s\n' "$BODY" "$run" | base64
} > "$mail"

options=(--ssl-reqd)
[[ ${SMTP_TLS:-required} != optional ]] || options=(--ssl)
for address in "${recipients[@]}"; do options+=(--mail-rcpt "$address"); done
# The password is a secret, so it does not stand on the command line.
if error=$(url=$url jq -rn '"url = \(env.url | @json)", "user = \("\(env.EMAIL_USERNAME):\(env.EMAIL_PASSWORD)" | @json)"' |
  curl --config - --silent --show-error --proto '=smtp,smtps' --max-time 60 --crlf \
    "${options[@]}" --mail-from "$from" --upload-file "$mail" 2>&1); then
  echo "e-mail sent to ${#recipients[@]} addresses"
else
  give_up warning "$error"
fi
