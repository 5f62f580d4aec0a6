# shellcheck shell=bash
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# Makes one SARIF file of the JSON reports of the tool $1, which hold one document each, or with $2
# `lines` one for each finding. Standard input is the jq program that turns a document into findings
# {id, text}, if known also severity (or score), file and line.
to_sarif() {
  local scanner=$1 documents=${2:-1} findings report files=()
  findings=$(cat)
  while read -r report _; do
    [[ -n $report ]] || continue
    [[ -f $report ]] || fail "$scanner wrote no report to $report"
    [[ $documents == lines ]] || jq -es 'length == 1' "$report" &> /dev/null || fail "$report is not a JSON report of $scanner"
    files+=("$report")
  done <<< "$REPORTS"
  (( ${#files[@]} )) || fail "no report of $scanner is named"

  jq -n --arg tool "$scanner" "def findings: $findings;"'
    ([env.REPORTS | splits("\n") | capture("^\\s*(?<key>\\S+)\\s+(?<value>.*)")] | from_entries) as $files
    | [inputs | input_filename as $report | findings
      | .file //= ($files[$report] // "unknown")
      # Whatever the tool does not rate counts as high.
      | .score //= ({critical: 9.5, high: 8, medium: 5.5, low: 2}[.severity // "high"] // 8)] as $findings
    | {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
      runs: [{
        tool: {driver: {name: $tool, rules: ($findings
          | map({id, shortDescription: {text: .id}, properties: {"security-severity": (.score | tostring)}}) | unique_by(.id))}},
        results: ($findings | map({
          ruleId: .id, level: (if .score >= 7 then "error" elif .score >= 4 then "warning" else "note" end), message: {text},
          locations: [{physicalLocation: {
            artifactLocation: {uri: (.file | split("/") | map(@uri) | join("/"))},
            region: {startLine: ([.line // 1, 1] | max)}}}]}))
      }]
    }' "${files[@]}" > "$SARIF" || fail "a report is not one of $scanner"
  echo "$scanner: $(jq '.runs[0].results | length' "$SARIF") findings"
}
