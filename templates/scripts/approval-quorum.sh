#!/usr/bin/env bash
# Fails unless enough different people, other than the one who started the run, have approved its gates.
#
# in ENVIRONMENTS: the gate environments of this run, in lines or words
# in REQUIRED: how many people
# in GH_TOKEN: token with `actions: read`
# out approvers: their logins, separated by commas
# out count: how many
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $REQUIRED =~ ^[1-9][0-9]?$ ]] || fail "REQUIRED must be a number, not \`$REQUIRED\`"
# GitHub does not say which attempt of a run an approval was given for.
[[ $GITHUB_RUN_ATTEMPT == 1 ]] || fail "approvals of an earlier attempt cannot be told from new ones: start a new run instead"

approvals=$(gh api "repos/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID/approvals") || fail "the approvals cannot be read"
approvers=$(jq -r '
  [env.ENVIRONMENTS | splits("\\s+") | ascii_downcase | select(. != "")] as $gates
  | ([env.GITHUB_ACTOR, env.GITHUB_TRIGGERING_ACTOR] | map(. // "" | ascii_downcase)) as $starters
  | [.[] | select(.state == "approved" and any(.environments[].name | ascii_downcase; IN($gates[]))) | .user
      | select(. != null and (.id | tostring) != env.GITHUB_ACTOR_ID and (.login | ascii_downcase | IN($starters[]) | not))]
  | unique_by(.id)[].login' <<< "$approvals") || fail "GitHub answered the approvals in an unknown form"
count=$(grep -c . <<< "$approvers" || true)

{
  echo "approvers=${approvers//$'\n'/,}"
  echo "count=$count"
} >> "$GITHUB_OUTPUT"
printf '%s of %s approvals: %s\n' "$count" "$REQUIRED" "${approvers//$'\n'/, }" | tee -a "$GITHUB_STEP_SUMMARY"
(( count >= REQUIRED )) || fail "$count of $REQUIRED approvals by different people; $GITHUB_ACTOR started this run and does not count"
