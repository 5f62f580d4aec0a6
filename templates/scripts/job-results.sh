#!/usr/bin/env bash
# Fails if a job that this one needs has failed or was cancelled: the one status check to require.
#
# in NEEDS: the `needs` context as JSON
# in ALLOW_FAILURE?: ids of jobs whose result is only shown (default: none)
# in MUST_RUN?: ids of jobs that may not be skipped either (default: none)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# A job must have succeeded, or been skipped if it is not in MUST_RUN; one in ALLOW_FAILURE may end anyhow.
jobs=$(jq -n '
  def ids: [. // "" | scan("[^\\s,]+")];
  (env.NEEDS | fromjson) as $needs
  | (env.ALLOW_FAILURE | ids) as $allowed | (env.MUST_RUN | ids) as $must_run
  | [($must_run - ($needs | keys))[] | {id: ., result: "not among the needs", wrong: true}]
    + ($needs | to_entries | map(.key as $id | .value.result as $result
      | {$id, $result, wrong: ($result != "success" and ($allowed | index([$id]) | not)
          and ($result != "skipped" or ($must_run | index([$id]) != null)))}))' 2> /dev/null) || fail "NEEDS is not the \`needs\` context as JSON"
[[ $jobs != '[]' ]] || fail "this job needs no other job"

jq -r '"| Job | Result |", "| --- | --- |", (.[] | "| \(.id) | \(.result) |")' <<< "$jobs" >> "$GITHUB_STEP_SUMMARY"
jq -r '.[] | "\(.id): \(.result)"' <<< "$jobs"
wrong=$(jq -r 'map(select(.wrong) | "\(.id) (\(.result))") | join(", ")' <<< "$jobs")
[[ -z $wrong ]] || fail "jobs that did not succeed: $wrong"
