#!/usr/bin/env bash
# Looks for dangerous code in Go modules with gosec, as SARIF.
#
# in REPORTS: lines `REPORT MODULE/go.mod`: the report to write, and the module that it is about
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

root=$(pwd) summary=$(mktemp)
while read -r report module; do
  [[ -n $report ]] || continue
  (
    cd "$(dirname "$module")"
    "$(go env GOPATH)/bin/gosec" -no-fail -fmt sarif -out "$root/$report" -stdout -verbose json ./... > "$summary"
  ) || fail "gosec could not scan $module"
  # Only its own format says that a package could not be read, or that there was none.
  jq -e '.Stats.files > 0' "$summary" > /dev/null || fail "gosec found no Go code beside $module"
  errors=$(jq -r '."Golang errors" // {} | to_entries[] | "\(.key): \(.value[0].error)"' "$summary")
  [[ -z $errors ]] || fail "gosec could not read all code: $errors"
done <<< "$REPORTS"
