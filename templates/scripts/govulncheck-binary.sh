#!/usr/bin/env bash
# Looks for vulnerable modules in the programs of Go modules, as SARIF.
#
# in REPORTS: lines `REPORT MODULE/go.mod`: the report to write, and the module that it is about
# in BINARIES?: folder of the programs, if they are built already (default: they are built)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

while read -r report module; do
  [[ -n $report ]] || continue
  programs=${BINARIES:-} scans=$(mktemp -d) found=()
  if [[ -z $programs ]]; then
    programs=$(mktemp -d)
    go build -C "$(dirname "$module")" -o "$programs/" ./... || fail "$module cannot be built"
  fi
  for program in "$programs"/*; do
    [[ -f $program ]] || fail "$module has no program"
    report_of=$scans/${program##*/}.sarif
    "$(go env GOPATH)/bin/govulncheck" -mode binary -format sarif "$program" > "$report_of" || fail "govulncheck cannot read $program"
    found+=("$report_of")
  done
  jq -s '{version: "2.1.0", runs: map(.runs[])}' "${found[@]}" > "$report"
done <<< "$REPORTS"
