#!/usr/bin/env bash
# Turns the JSON reports of a scanner that knows no SARIF into one SARIF 2.1.0 file.
#
# in TOOL: `npm-audit`, `pip-audit`, `pip-licenses`, `safety` or `trufflehog`
# in REPORTS: lines `REPORT.json FILE`; findings that name no file point at FILE
# in SARIF: the file to write
# in ALLOWED_LICENSES?: for pip-licenses, names such as `MIT`, one per line; other licences are findings (default: none is allowed)
set -euo pipefail
export ALLOWED_LICENSES=${ALLOWED_LICENSES-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $TOOL =~ ^(npm-audit|pip-audit|pip-licenses|safety|trufflehog)$ ]] || fail "the reports of \`$TOOL\` are not known"
files=()
while read -r report _; do
  [[ -n $report ]] || continue
  [[ -f $report ]] || fail "$TOOL wrote no report to $report"
  # TruffleHog writes a document per finding; each other tool one, even if it finds nothing.
  [[ $TOOL == trufflehog ]] || jq -es 'length == 1' "$report" &> /dev/null || fail "$report is not a JSON report of $TOOL"
  files+=("$report")
done <<< "$REPORTS"
(( ${#files[@]} )) || fail "no report of $TOOL is named"

jq -n '
  # Each turns a document into objects {id, text}, if known also severity (or score), file and line.
  # Packages that are vulnerable through another have only its name in `via`; the other has the advisory.
  def npm_audit: .vulnerabilities | to_entries[].value.via[] | objects
    | {id: (.url | split("/") | last), severity: ({moderate: "medium", info: "low"}[.severity] // .severity), text: "\(.name) \(.range): \(.title)"};
  def pip_audit: .dependencies[] | "\(.name) \(.version // "")" as $package
    | if .skip_reason then {id: "not-audited", severity: "low", text: "\($package)was not audited: \(.skip_reason)"}
      else .vulns[] | {id, text: "\($package): \([.id, .aliases[]?] | join(", ")), fixed in \(.fix_versions | join(", ") | if . == "" then "no version" else . end)"} end;
  # An allowed name covers every licence that has all its words: `BSD` also `BSD-3-Clause`, `MIT License` also `MIT`.
  def words: [ascii_downcase | scan("[a-z0-9.+]+") | select(IN("license", "licence", "software", "the", "version") | not)];
  def is_covered: words as $words | any(env.ALLOWED_LICENSES | splits("\n") | words | select(. != []); . - $words == []);
  # Of alternatives one must be allowed, of a conjunction all, and all of a mixture.
  def is_allowed: if test(" AND ") then all(splits(" AND | OR "); is_covered) else any(splits("; *| OR "); is_covered) end;
  def pip_licenses: .[] | select(.License | is_allowed | not)
    | {id: "license-not-allowed", text: "\(.Name) \(.Version) is under \(.License)"};
  def safety: .vulnerabilities[] | select(.ignored | not)
    | {id: .vulnerability_id, score: .severity.cvssv3.base_score?, text: "\(.package_name) \(.analyzed_version): \(.advisory)"};
  # The secret itself stays out of the report.
  def trufflehog: select(.DetectorName) | ([.SourceMetadata.Data[]?][0] // {}) as $at
    | {id: (.DetectorName + if .Verified then "" else "-unverified" end), severity: (if .Verified then "critical" else "high" end),
       file: $at.file, line: $at.line, text: "\(.DetectorName) secret\(if $at.commit then " in commit \($at.commit)" else "" end)"};

  ([env.REPORTS | splits("\n") | capture("^\\s*(?<key>\\S+)\\s+(?<value>.*)")] | from_entries) as $files
  | [inputs | input_filename as $report
    | if env.TOOL == "npm-audit" then npm_audit elif env.TOOL == "pip-audit" then pip_audit elif env.TOOL == "pip-licenses" then pip_licenses
      elif env.TOOL == "safety" then safety else trufflehog end
    | .file //= ($files[$report] // "unknown")
    # Whatever the tool does not rate counts as high.
    | .score //= ({critical: 9.5, high: 8, medium: 5.5, low: 2}[.severity // "high"] // 8)] as $findings
  | {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
    runs: [{
      tool: {driver: {name: env.TOOL, rules: ($findings
        | map({id, shortDescription: {text: .id}, properties: {"security-severity": (.score | tostring)}}) | unique_by(.id))}},
      results: ($findings | map({
        ruleId: .id, level: (if .score >= 7 then "error" elif .score >= 4 then "warning" else "note" end), message: {text},
        locations: [{physicalLocation: {
          artifactLocation: {uri: (.file | split("/") | map(@uri) | join("/"))},
          region: {startLine: ([.line // 1, 1] | max)}}}]}))
    }]
  }' "${files[@]}" > "$SARIF" || fail "a report is not one of $TOOL"
echo "$TOOL: $(jq '.runs[0].results | length' "$SARIF") findings"
