#!/usr/bin/env bash
# Shows in the summary what a deployment changes, for those who decide on it: commits and files since the commit that is live.
#
# in ENVIRONMENT: environment on GitHub whose newest good deployment is compared with
# in SHA: the commit that is to be deployed
# in VERSION: name of the release
# in RISKY?: patterns of paths that are shown by themselves, such as those of migrations, one per line (default: none)
# in GH_TOKEN: token with `contents: read` and `deployments: read`
# out commits: how many commits are new; empty if nothing is known to be live
# out risky: how many of the changed files match RISKY
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
unknown() {
  printf 'commits=\nrisky=0\n' >> "$GITHUB_OUTPUT"
  printf '### What changes on %s\n\n%s\n' "$ENVIRONMENT" "$1" >> "$GITHUB_STEP_SUMMARY"
  printf '::notice::%s\n' "$(escape "$1")"
  exit 0
}

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
query=$(jq -rn '"environment=\(env.ENVIRONMENT | @uri)&per_page=30"')
known=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[] | "\(.id) \(.sha)"') || fail "the deployments cannot be read"
base=
while read -r id sha; do
  [[ -n $id ]] || continue
  state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" --jq 'max_by(.id).state // "none"') ||
    fail "the statuses of deployment $id cannot be read"
  if [[ $state == success ]]; then base=$sha; break; fi
done <<< "$known"
[[ -n $base ]] || unknown "Nothing is known to be deployed to $ENVIRONMENT, so everything is new."
compared=$(gh api "repos/$GITHUB_REPOSITORY/compare/$base...$SHA" --jq '{status, ahead_by, behind_by,
  commits: [.commits[]? | {sha, title: (.commit.message | split("\n")[0]), author: (.author.login // .commit.author.name)}],
  files: [.files[]? | {filename, status}]}') || unknown "Commit $SHA cannot be compared with $base, which is deployed to $ENVIRONMENT."

# What others wrote ends no cell, no line and no comment.
report=$(jq -r --arg base "$base" 'def cell: tostring | gsub("[\r\n|`<>@]"; " ") | .[0:120];
  def expression: gsub("\\."; "\\.") | gsub("\\*\\*/"; "\u0001") | gsub("\\*\\*"; "\u0002") | gsub("\\*"; "[^/]*") | gsub("\\?"; "[^/]")
    | gsub("\u0001"; "(.*/)?") | gsub("\u0002"; ".*") | "^\(.)$";
  [env.RISKY // "" | split("\n")[] | gsub("^\\s+|\\s+$"; "") | select(. != "") | expression] as $patterns
  | [.files[] | select(.filename as $path | any($patterns[]; . as $one | $path | test($one)))] as $risky
  | "\(.ahead_by) \($risky | length)",
    "### What \(env.VERSION | cell) changes on \(env.ENVIRONMENT | cell)", "",
    (if .behind_by > 0 then "**\(.behind_by) commits that are deployed are not in it: it goes back.**\n" else empty end),
    "\(.ahead_by) commits, \(.files | length)\(if (.files | length) >= 300 then " or more" else "" end) files since `\($base)`.", "",
    (if ($risky | length) > 0 then "Look at these with care:", ($risky[0:50][] | "- \(.status | cell) `\(.filename | cell)`"), "" else empty end),
    "| Commit | By | |", "| --- | --- | --- |",
    (.commits[-50:] | reverse[] | "| \(.sha[0:10]) | \(.author | cell) | \(.title | cell) |")' <<< "$compared" 2>&1) || fail "the comparison cannot be read: $report"
read -r commits risky <<< "$(head -n 1 <<< "$report")"
printf 'commits=%s\nrisky=%s\n' "$commits" "$risky" >> "$GITHUB_OUTPUT"
tail -n +2 <<< "$report" >> "$GITHUB_STEP_SUMMARY"
echo "$commits commits are new, $risky of the changed files want care"
