#!/usr/bin/env bash
# Waits for the quality gate of an analysis that SonarQube was sent, and writes what it says as SARIF.
#
# in SONAR_TOKEN: secret; may read the project
# in TASK_FILE?: what the scanner left of its analysis (default `.scannerwork/report-task.txt`)
# in FILE: file that findings point at
# in SARIF: the file to write
# in ATTEMPTS?: how often it asks (default 60)
# in INTERVAL?: seconds between two questions (default 5)
set -euo pipefail
attempts=${ATTEMPTS:-60} interval=${INTERVAL:-5} task=${TASK_FILE:-.scannerwork/report-task.txt}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$attempts $interval" =~ ^[1-9][0-9]*\ [0-9.]+$ ]] || fail "ATTEMPTS and INTERVAL must be numbers"
[[ -f $task ]] || fail "the scanner left no $task"
value() { sed -n "s/^$1=//p" "$task" | tail -1; }
server=$(value serverUrl) id=$(value ceTaskId)
[[ $server =~ ^https?://[^[:space:]]+$ && $id =~ ^[A-Za-z0-9_-]+$ ]] || fail "$task names no analysis"

# The token is a secret, so it does not stand on the command line.
ask() {
  curl --silent --show-error --fail --globoff --proto '=http,https' --max-time 20 --retry 2 --retry-delay 1 \
    --header @<(printf 'Authorization: Bearer %s\n' "$SONAR_TOKEN") --url "${server%/}/api/$1"
}
status=PENDING
for attempt in $(seq 1 "$attempts"); do
  [[ $attempt == 1 ]] || sleep "$interval"
  answer=$(ask "ce/task?id=$id") || fail "SonarQube does not answer"
  status=$(jq -r '.task.status // "none"' <<< "$answer")
  [[ $status =~ ^(PENDING|IN_PROGRESS)$ ]] || break
done
[[ $status == SUCCESS ]] || fail "the analysis ended as $status"
analysis=$(jq -er '.task.analysisId | select(test("^[A-Za-z0-9_-]+$"))' <<< "$answer") || fail "SonarQube names no analysis"
gate=$(ask "qualitygates/project_status?analysisId=$analysis") || fail "SonarQube does not answer"
jq -e '.projectStatus.status | . == "OK" or . == "ERROR" or . == "WARN"' <<< "$gate" > /dev/null || fail "the project has no quality gate"

# A condition that fails counts as high; an old server's warning as medium.
jq --arg file "$FILE" '
  [.projectStatus | if .status == "OK" then empty else .conditions[] | select(.status == "ERROR" or .status == "WARN") end
    | {id: .metricKey, score: (if .status == "ERROR" then 8 else 5.5 end),
       text: "\(.metricKey) is \(.actualValue // "unknown"), the gate wants it \({GT: "up to", LT: "at least"}[.comparator] // .comparator) \(.errorThreshold // .warningThreshold)"}] as $found
  | {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
    runs: [{
      tool: {driver: {name: "sonarqube", rules: ($found
        | map({id, shortDescription: {text: "quality gate: \(.id)"}, properties: {"security-severity": (.score | tostring)}}) | unique_by(.id))}},
      results: ($found | map({ruleId: .id, level: (if .score >= 7 then "error" else "warning" end), message: {text},
        locations: [{physicalLocation: {artifactLocation: {uri: $file}, region: {startLine: 1}}}]}))
    }]
  }' <<< "$gate" > "$SARIF"
echo "quality gate: $(jq -r '.projectStatus.status' <<< "$gate")"
