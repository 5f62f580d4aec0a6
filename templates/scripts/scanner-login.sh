#!/usr/bin/env bash
# Says whether a scanner has what it logs in with. One that has not is skipped, and everybody is told.
#
# in SCANNER: its name
# in SECRETS: what it logs in with, lines `NAME=true`, or `NAME=false` for a secret that is empty
# in REPORT: the report that it leaves
# in GATE: the folder of that report
# out ready: `true` if nothing is missing
# out report: REPORT, unless the scanner is skipped
# out skipped: GATE, if it is
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }

missing=()
while IFS='=' read -r name value; do
  [[ -z $name || $value == true ]] || missing+=("$name")
done <<< "$SECRETS"
if (( ${#missing[@]} == 0 )); then
  printf '%s\n' ready=true "report=$REPORT" >> "$GITHUB_OUTPUT"
  exit 0
fi
said="$SCANNER is skipped: the repository has no secret ${missing[*]}"
printf '::warning::%s\n' "$(escape "$said")"
echo "$said" >> "$GITHUB_STEP_SUMMARY"
echo "skipped=$GATE" >> "$GITHUB_OUTPUT"
