#!/usr/bin/env bash
# Looks whether now is a time at which deployments should begin.
#
# in WINDOW: days and hours, such as `mon-thu 08:00-17:00` or `fri 22:00-23:30`
# in ZONE?: time zone of those hours, such as `Europe/Berlin` (default `UTC`)
# in EFFECT?: `warn` or `block` outside of them (default warn)
# in FORCE?: `true` if a blocked deployment shall begin all the same (default `false`)
# in NOW?: seconds since 1970 (default: now)
# out open: `true` or `false`
set -euo pipefail
zone=${ZONE:-UTC}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ ${EFFECT:-warn} =~ ^(warn|block)$ ]] || fail "EFFECT must be \`warn\` or \`block\`, not \`$EFFECT\`"
pattern='^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? ([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])$'
[[ $WINDOW =~ $pattern ]] || fail "\`$WINDOW\` names no days and hours"
first=${BASH_REMATCH[1]} last=${BASH_REMATCH[3]:-${BASH_REMATCH[1]}}
from=$(( 10#${BASH_REMATCH[4]} * 60 + 10#${BASH_REMATCH[5]} )) to=$(( 10#${BASH_REMATCH[6]} * 60 + 10#${BASH_REMATCH[7]} ))
# An unknown zone would silently be UTC.
[[ $zone == UTC || ( $zone =~ ^[A-Za-z_+-]+(/[A-Za-z0-9_+-]+)*$ && -f /usr/share/zoneinfo/$zone ) ]] || fail "\`$zone\` is no time zone"
[[ ${NOW:-0} =~ ^[0-9]+$ ]] || fail "NOW must be a number"
read -r day hour minute < <(TZ=$zone date --date "@${NOW:-$(date +%s)}" '+%u %H %M')

number() { local days=(- mon tue wed thu fri sat sun) i; for i in {1..7}; do [[ ${days[i]} != "$1" ]] || echo "$i"; done; }
minutes=$(( 10#$hour * 60 + 10#$minute )) length=$(( ($(number "$last") - $(number "$first") + 7) % 7 ))
since=$(( (day - $(number "$first") + 7) % 7 ))
open=false
if (( since <= length && minutes >= from && minutes < to )); then open=true; fi
echo "open=$open" | tee -a "$GITHUB_OUTPUT"
[[ $open == false ]] || exit 0
said="deployments begin $WINDOW ($zone), and now it is $hour:$minute there"
if [[ ${EFFECT:-warn} == block && ${FORCE:-false} != true ]]; then
  fail "$said; run it by hand with \`force\` if it cannot wait"
fi
printf '::warning::%s\n' "$(escape "$said")"
