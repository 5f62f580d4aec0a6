#!/usr/bin/env bash
# Applies one severity policy to the SARIF reports of all scanners. No report is an error, not a pass.
#
# in REPORTS_DIR: folder of the `*.sarif` files, searched with its subfolders
# in REPORTS?: report files that must be there, one name per line (default: at least one)
# in BLOCK?: severities that fail the job, of critical, high, medium, low (default `critical,high`)
# in REVIEW?: severities that need a person's decision (default: none)
# in WARN?: severities that are only shown (default `medium`)
# in UNRATED?: lines `TOOL SEVERITY` for tools that rate nothing (default `gitleaks critical`)
# out verdict: `clean`, `warn`, `review` or `block`
# out review: `true` if a finding needs a decision and none blocks
# out critical: number of findings
# out high: number of findings
# out medium: number of findings
# out low: number of findings
set -euo pipefail
export BLOCK=${BLOCK-critical,high} REVIEW=${REVIEW-} WARN=${WARN-medium} UNRATED=${UNRATED-gitleaks critical}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# A typo in a list must not open the gate.
for word in ${BLOCK//,/ } ${REVIEW//,/ } ${WARN//,/ } $(awk '{ print ($2 == "" ? $1 : $2) }' <<< "$UNRATED"); do
  [[ $word =~ ^(critical|high|medium|low)$ ]] || fail "\`$word\` is not one of critical, high, medium, low"
done
cd -- "$REPORTS_DIR" 2> /dev/null || fail "there is no folder $REPORTS_DIR"
mapfile -d '' -t reports < <(find . -type f -name '*.sarif' -print0 | sort -z)
(( ${#reports[@]} )) || fail "there is no report in $REPORTS_DIR"
while read -r name; do
  [[ -z $name ]] || grep -Fxq -- "$name" <(printf '%s\n' "${reports[@]##*/}") || fail "the report $name is missing"
done <<< "${REPORTS:-}"
finished='length == 1 and (.[0].runs | length > 0) and all(.[0].runs[]; (.results | type == "array") and all(.invocations[]?; .executionSuccessful != false))'
for report in "${reports[@]}"; do
  jq -es "$finished" "$report" > /dev/null 2>&1 || fail "$report is not the report of a finished scan"
done

findings=$(mktemp -p "$RUNNER_TEMP")
jq -n '
  def listed($names): . as $severity | $names | split(",") | any(gsub("\\s"; "") == $severity);
  ([env.UNRATED | splits("\n") | [scan("\\S+")] | select(length == 2) | {(.[0] | ascii_downcase): .[1]}] | add // {}) as $unrated
  | [inputs.runs[]
    | .tool as $tool
    | ([$tool.driver, $tool.extensions[]?] | map(.rules[]? | {(.id): .}) | add // {}) as $rules
    | .results[]
    | select((.kind // "fail") == "fail" and .baselineState != "absent")
    | select((.suppressions // []) | length == 0 or any(.[]; (.status // "accepted") != "accepted"))
    | ($rules[.ruleId // .rule.id // ""] // $tool.driver.rules[.ruleIndex // .rule.index // null | select(. != null and . >= 0)]? // {}) as $rule
    | (($rule.properties["security-severity"] | tonumber?) // null) as $score
    | {
        tool: $tool.driver.name,
        rule: (.ruleId // .rule.id // $rule.id // "unnamed"),
        text: (.message.text // $rule.shortDescription.text // "" | .[:300]),
        file: (.locations[0].physicalLocation.artifactLocation.uri // ""),
        line: (.locations[0].physicalLocation.region.startLine // 1),
        severity: (
          if $score != null then (if $score >= 9 then "critical" elif $score >= 7 then "high" elif $score >= 4 then "medium" else "low" end)
          else $unrated[$tool.driver.name | ascii_downcase]
            // {error: "high", warning: "medium"}[.level // $rule.defaultConfiguration.level // "warning"] // "low"
          end)
      }
    | .action = (.severity | if listed(env.BLOCK) then "block" elif listed(env.REVIEW) then "review" elif listed(env.WARN) then "warn" else "none" end)]
  ' "${reports[@]}" > "$findings"

jq -r '
  def data: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A");
  def property: data | gsub(":"; "%3A") | gsub(","; "%2C");
  .[] | select(.action != "none")
  | "::\(if .action == "block" then "error" else "warning" end) title=\("\(.tool): \(.severity)" | property)"
    + ",file=\(.file | property),line=\(.line)::\("\(.rule): \(.text)" | data)"' "$findings"
jq -rn --slurpfile findings "$findings" '
  ["Tool", "Critical", "High", "Medium", "Low"], ["---", "---", "---", "---", "---"],
  ([inputs.runs[].tool.driver.name] | unique[] as $tool
    | [($tool | gsub("[|\r\n]"; " "))] + [("critical", "high", "medium", "low") as $severity
      | [$findings[0][] | select(.tool == $tool and .severity == $severity)] | length])
  | "| \(map(tostring) | join(" | ")) |"' "${reports[@]}" >> "$GITHUB_STEP_SUMMARY"
outputs=$(jq -r '
  (["block", "review", "warn"] - (["block", "review", "warn"] - map(.action)) | .[0] // "clean") as $verdict
  | "verdict=\($verdict)", "review=\($verdict == "review")",
    (("critical", "high", "medium", "low") as $severity | "\($severity)=\(map(select(.severity == $severity)) | length)")' "$findings")
tee -a "$GITHUB_OUTPUT" <<< "$outputs"
[[ $outputs != verdict=block* ]] || fail "findings of the severities $BLOCK block"
