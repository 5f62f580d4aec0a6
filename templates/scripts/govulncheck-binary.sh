#!/usr/bin/env bash
# Builds the programs of Go modules and looks for vulnerable modules in them, as SARIF.
#
# in REPORTS: lines `REPORT MODULE/go.mod`: the report to write, and the module that it is about
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

while read -r report module; do
  [[ -n $report ]] || continue
  programs=$(mktemp -d)
  go build -C "$(dirname "$module")" -o "$programs/" ./... || fail "$module cannot be built"
  found=()
  for program in "$programs"/*; do
    [[ -f $program ]] || fail "$module has no program"
    "$(go env GOPATH)/bin/govulncheck" -mode binary -format sarif "$program" > "$program.sarif"
    found+=("$program.sarif")
  done
  jq -s '{version: "2.1.0", runs: map(.runs[])}' "${found[@]}" > "$report"
done <<< "$REPORTS"
