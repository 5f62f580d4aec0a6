#!/usr/bin/env bash
# Shows the results of the jobs as one comment of the pull request, updated by each run.
#
# in NEEDS: the `needs` context as JSON
# in MARKER: name of the comment; one comment each
# in TITLE?: heading (default `Checks`)
# in LABELS?: lines `JOB_ID WORDS` for jobs to show under other words (default: the job ids)
# in GH_TOKEN: token with `pull-requests: write`
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

read -r number head < <(jq -r '.pull_request | "\(.number // "") \(.head.repo.full_name // "")"' "$GITHUB_EVENT_PATH")
if [[ -z $number ]]; then
  echo "::notice::no comment: this run does not belong to a pull request"
  exit 0
fi
if [[ $head != "$GITHUB_REPOSITORY" || $GITHUB_ACTOR == 'dependabot[bot]' ]]; then
  echo "::notice::no comment: runs for forks and for Dependabot have a token that may only read"
  exit 0
fi
[[ $MARKER =~ ^[A-Za-z0-9._/-]+$ ]] || fail "\`$MARKER\` is not a marker of letters, digits and \`._/-\`"
mark="<!-- results: $MARKER -->"

body=$(mktemp -p "$RUNNER_TEMP")
jq -rn --arg mark "$mark" '
  def cell: gsub("\\s+"; " ") | gsub("\\|"; "\\|");
  ([env.LABELS // "" | splits("\r?\n") | [(capture("^(?<id>\\S+)\\s+(?<words>.*\\S)") | .id, .words)] | select(length == 2) | {(.[0]): .[1]}] | add // {}) as $labels
  | $mark, "### \(env.TITLE // "Checks" | cell)", "", "| Check | Result |", "| --- | --- |",
    (env.NEEDS | fromjson | to_entries[]
      | "| \($labels[.key] // .key | cell) | \({success: "✅", failure: "❌", cancelled: "🚫", skipped: "⏭️"}[.value.result] // "❔") \(.value.result) |"),
    "", "[Workflow run](\(env.GITHUB_SERVER_URL)/\(env.GITHUB_REPOSITORY)/actions/runs/\(env.GITHUB_RUN_ID))"' > "$body" 2> /dev/null ||
  fail "NEEDS is not the \`needs\` context as JSON"

comments=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" \
  --jq '.[] | select(.user.type == "Bot") | {id, body}') || fail "the comments cannot be read"
id=$(jq -rs --arg mark "$mark" '[.[] | select(.body | startswith($mark)) | .id][0] // empty' <<< "$comments")
if [[ -n $id ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body" --jq .html_url
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --field "body=@$body" --jq .html_url
fi
