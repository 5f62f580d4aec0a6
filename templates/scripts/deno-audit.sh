#!/usr/bin/env bash
# Holds the npm packages of Deno's lock files against the open database of advisories, as SARIF.
#
# in REPORTS: lines `REPORT LOCK`: the report to write, and the lock file that it is about
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

packages=$RUNNER_TEMP/deno-packages.json
while read -r report lock; do
  [[ -n $report ]] || continue
  # A key is `name@version`, with the versions of its peers behind a `_`.
  jq -es '.[0] | (if .version then .npm // {} else error("no version") end) as $npm | {results: [{packages: [$npm | keys[]
    | capture("^(?<name>@?[^@]+)@(?<version>[^_]+)") | {package: (. + {ecosystem: "npm"})}]}]}' \
    "$lock" > "$packages" || fail "$lock is not a lock file of Deno"
  if jq -e '.results[0].packages == []' "$packages" > /dev/null; then
    echo "$lock has no packages of npm"
    echo '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "osv-scanner"}}, "results": []}]}' > "$report"
    continue
  fi
  # Code 1 means findings.
  osv-scanner scan source --lockfile "osv-scanner:$packages" --format sarif --output-file "$report" || [[ $? -eq 1 ]] ||
    fail "OSV-Scanner could not look $lock up"
done <<< "$REPORTS"
