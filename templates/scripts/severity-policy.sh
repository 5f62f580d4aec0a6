#!/usr/bin/env bash
# Holds the SARIF reports of all scanners against the gates. No report is an error, not a pass.
#
# in POLICY: gates, one per line, as `FOLDER block=critical,high review= warn=medium`: what happens on findings in the reports of that folder; a list that is empty or left out means none
# in REPORTS: reports that must be there, one per line; a folder stands for any report in it
# in SKIPPED?: folders whose scanners, or some of them, were skipped; such a folder may be without a report (default: none)
# in UNRATED?: lines `TOOL SEVERITY` for tools that rate nothing (default: none)
# out verdict: `clean`, `warn`, `review` or `block`, the worst of all findings
# out review: `true` if a finding needs a decision and none blocks
# out critical: number of findings
# out high: number of findings
# out medium: number of findings
# out low: number of findings
set -euo pipefail
export UNRATED=${UNRATED-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# A typo must not open a gate.
severity='(critical|high|medium|low)'
gate="^[a-z][a-z/-]*( +(block|review|warn)=($severity(,$severity)*)?)*\$"
folders=()
while read -r line; do
  [[ -n $line ]] || continue
  [[ $line =~ $gate ]] || fail "\`$line\` is no gate"
  folders+=("${line%% *}")
done <<< "$POLICY"
while read -r tool rating; do
  [[ -z $tool || $rating =~ ^$severity$ ]] || fail "\`$rating\` is not one of critical, high, medium, low"
done <<< "$UNRATED"

(( ${#folders[@]} )) || fail "there is no gate"
has_report() { [[ -n $(find "./$1" -type f -name '*.sarif' 2> /dev/null) ]]; }
while read -r report; do
  [[ -z $report ]] || has_report "$report" || fail "the report $report is missing"
done <<< "$REPORTS"
reported=()
for folder in "${folders[@]}"; do
  if has_report "$folder"; then
    reported+=("$folder")
  else
    grep -qxF -- "$folder" <<< "${SKIPPED-}" || fail "the report $folder is missing"
    printf '::warning::nothing was judged in %s: its scanners were skipped\n' "$folder"
  fi
done
found=()
(( ${#reported[@]} == 0 )) || mapfile -d '' -t found < <(find "${reported[@]}" -type f -name '*.sarif' -print0 | sort -z)
for report in "${found[@]}"; do
  jq -es 'length == 1 and (.[0].runs | length > 0)
    and all(.[0].runs[]; (.results | type == "array") and all(.invocations[]?; .executionSuccessful != false))' "$report" &> /dev/null ||
    fail "$report is not the report of a finished scan"
done

# One object per run: {tool, findings: [{action, severity, rule, text, file, line}]}.
judged=$(jq -n '
  def lines: splits("\n") | [scan("\\S+")] | select(. != []);
  ([env.UNRATED | lines | {(.[0] | ascii_downcase): .[1]}] | add) as $unrated
  | [env.POLICY | lines | {folder: "\(.[0])/", lists: ([.[1:][] | split("=") | {(.[0]): (.[1] | split(","))}] | add)}] as $gates
  | [inputs
    | (input_filename as $file | first($gates[] | select(.folder as $folder | $file | startswith($folder))).lists) as $lists
    | .runs[]
    | .tool.driver as $driver
    | ([.tool | .driver, .extensions[]? | .rules[]? | {(.id): .}] | add) as $rules
    | {tool: $driver.name, findings: [.results[]
      | select((.kind // "fail") == "fail" and .baselineState != "absent")
      | select((.suppressions // []) | length == 0 or any(.[]; (.status // "accepted") != "accepted"))
      | ($rules[.ruleId // .rule.id // ""]? // $driver.rules[.ruleIndex // .rule.index // null | select(. != null and . >= 0)]? // {}) as $rule
      | (($rule.properties["security-severity"] | tonumber?) // null) as $score
      | (if $score != null then (if $score >= 9 then "critical" elif $score >= 7 then "high" elif $score >= 4 then "medium" else "low" end)
         else $unrated[$driver.name | ascii_downcase]?
           // {error: "high", warning: "medium"}[.level // $rule.defaultConfiguration.level // "warning"] // "low" end) as $severity
      | {
          action: (first("block", "review", "warn" | select($lists[.] // [] | index($severity))) // "none"),
          $severity,
          rule: (.ruleId // .rule.id // $rule.id // "unnamed"),
          text: (.message.text // $rule.shortDescription.text // "" | .[:300]),
          file: (.locations[0].physicalLocation.artifactLocation.uri // ""),
          line: (.locations[0].physicalLocation.region.startLine // 1)
        }]}]' "${found[@]:-/dev/null}")

jq -r '
  def data: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A");
  def property: data | gsub(":"; "%3A") | gsub(","; "%2C");
  .[] | .tool as $tool | .findings[] | select(.action != "none")
  | "::\(if .action == "block" then "error" else "warning" end) title=\("\($tool): \(.severity)" | property)"
    + ",file=\(.file | property),line=\(.line)::\("\(.rule): \(.text)" | data)"' <<< "$judged"
jq -r '
  ["Tool", "Critical", "High", "Medium", "Low"], ["---", "---", "---", "---", "---"],
  (group_by(.tool)[] | map(.findings[].severity) as $all
    | [(.[0].tool | gsub("[|\r\n]"; " ")), ("critical", "high", "medium", "low" | . as $one | [$all[] | select(. == $one)] | length)])
  | "| \(map(tostring) | join(" | ")) |"' <<< "$judged" >> "$GITHUB_STEP_SUMMARY"
outputs=$(jq -r '
  map(.findings[])
  | (first(("block", "review", "warn") as $action | select(any(.action == $action)) | $action) // "clean") as $verdict
  | "verdict=\($verdict)", "review=\($verdict == "review")",
    (("critical", "high", "medium", "low") as $severity | "\($severity)=\(map(select(.severity == $severity)) | length)")' <<< "$judged")
tee -a "$GITHUB_OUTPUT" <<< "$outputs"
[[ $outputs != verdict=block* ]] || fail "a gate blocks these findings"
