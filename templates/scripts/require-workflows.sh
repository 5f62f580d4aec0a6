#!/usr/bin/env bash
# Waits until each of the named workflows has succeeded for a commit, and fails if one has not.
#
# in WORKFLOWS: file names such as `ci.yml`, one per line
# in SHA: the commit
# in EVENT?: count only runs of this event, such as `push` (default: any)
# in WAIT_MINUTES?: longest wait for runs under way (default 30)
# in GRACE_MINUTES?: longest wait for a run to appear at all (default 2)
# in INTERVAL?: seconds between two looks (default 20)
# in GH_TOKEN: token with `actions: read`
set -euo pipefail
wait=${WAIT_MINUTES:-30} grace=${GRACE_MINUTES:-2} interval=${INTERVAL:-20}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$wait $grace $interval" =~ ^[0-9]+\ [0-9]+\ [0-9.]+$ ]] || fail "WAIT_MINUTES, GRACE_MINUTES and INTERVAL must be numbers"
[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
mapfile -t files < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$WORKFLOWS")
(( ${#files[@]} )) || fail "WORKFLOWS names no workflow"

newest='.workflow_runs[0] // {} | "\(.status // "absent") \(.conclusion // "none") \(.html_url // "")"'
errors=$(mktemp -p "$RUNNER_TEMP")
while :; do
  waiting=()
  for workflow in "${files[@]}"; do
    path=$(jq -rn --arg file "$workflow" --arg event "${EVENT:-}" \
      '"\($file | @uri)/runs?per_page=1" + if $event == "" then "" else "&event=\($event | @uri)" end')
    run=$(gh api "repos/$GITHUB_REPOSITORY/actions/workflows/$path&head_sha=$SHA" --jq "$newest" 2> "$errors") || run=unreachable
    read -r status conclusion url <<< "$run"
    case $status:${conclusion:-none} in
      completed:success) continue ;;
      completed:*) fail "$workflow ended with \`$conclusion\` for $SHA: $url" ;;
      absent:*) (( SECONDS < 10#$grace * 60 )) || fail "$workflow did not run for $SHA" ;;
      unreachable:*) ! grep -q 'HTTP 404' "$errors" || fail "there is no workflow $workflow" ;;
    esac
    waiting+=("$workflow $status")
  done
  (( ${#waiting[@]} )) || break
  (( SECONDS < 10#$wait * 60 )) || fail "no success within $wait minutes: ${waiting[*]}. $(cat "$errors")"
  printf 'waiting for %s\n' "${waiting[@]}"
  sleep "$interval"
done
printf '%s succeeded\n' "${files[@]}"
