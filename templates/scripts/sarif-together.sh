#!/usr/bin/env bash
# Puts the SARIF reports of a tool's runs together, with files named from the root of the repository.
# GitHub refuses two runs of a tool in one file unless their ids differ.
#
# in TOOL: the tool's name
# in REPORTS: lines `REPORT.sarif FILE`; the run was in the folder of FILE, and findings without a place point at FILE
# in SARIF: the file to write
# in ALL_AT_FILE?: `true` if every finding points at FILE, whatever the tool read it from (default false)
set -euo pipefail
export ALL_AT_FILE=${ALL_AT_FILE:-false}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

files=()
while read -r report _; do
  [[ -n $report ]] || continue
  [[ -f $report ]] || fail "$TOOL wrote no report to $report"
  jq -es 'length == 1 and all(.[0].runs | arrays | .[]; .results | type == "array") and (.[0].runs | length > 0)' "$report" &> /dev/null ||
    fail "$report is not a report of $TOOL"
  files+=("$report")
done <<< "$REPORTS"
(( ${#files[@]} )) || fail "no report of $TOOL is named"

jq -n '
  def from_root($folder): ltrimstr("file://")
    | if startswith(env.GITHUB_WORKSPACE + "/") then ltrimstr(env.GITHUB_WORKSPACE + "/")
      elif test("^(/|[a-zA-Z][a-zA-Z0-9+.-]*:)") then . else $folder + ltrimstr("./") end;
  ([env.REPORTS | splits("\n") | capture("^\\s*(?<key>\\S+)\\s+(?<value>.*)")] | from_entries) as $files
  | [inputs | $files[input_filename] as $file | ($file | sub("[^/]*$"; "")) as $folder
    | .runs[] | del(.artifacts) | .tool.driver.name = env.TOOL
    | [{physicalLocation: {artifactLocation: {uri: $file}, region: {startLine: 1}}}] as $there
    | .results |= map(
        if env.ALL_AT_FILE == "true" or (.locations // []) == [] then .locations = $there
        else .locations |= map(.physicalLocation.artifactLocation |= (
          if .uriBaseId == null or .uriBaseId == "%SRCROOT%" then {uri: (.uri | from_root($folder))} else . end)) end)]
  | {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
    runs: [to_entries[] | .value + {automationDetails: {id: "\(env.TOOL)-\(.key)/"}}]
  }' "${files[@]}" > "$SARIF" || fail "a report is not one of $TOOL"
echo "$TOOL: $(jq '[.runs[].results[]] | length' "$SARIF") findings"
