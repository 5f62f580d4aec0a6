#!/usr/bin/env bash
# Turns the JSON report of a scanner that knows no SARIF into a SARIF 2.1.0 file.
#
# in TOOL: `pip-audit`, `safety`, `trufflehog` or `pip-licenses`
# in INPUT: the JSON report
# in OUTPUT: the SARIF file to write
# in DEFAULT_SEVERITY?: severity of findings that the tool does not rate (default `high`)
# in MANIFEST_FILE?: file that dependency findings point at (default `requirements.txt`)
# in ALLOWED_LICENSES?: for pip-licenses, names such as `MIT`, one per line; other licences are findings (default: none is allowed)
# out findings: number of findings
set -euo pipefail
export DEFAULT_SEVERITY=${DEFAULT_SEVERITY:-high} MANIFEST_FILE=${MANIFEST_FILE:-requirements.txt} ALLOWED_LICENSES=${ALLOWED_LICENSES:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $DEFAULT_SEVERITY =~ ^(critical|high|medium|low)$ ]] || fail "\`$DEFAULT_SEVERITY\` is not one of critical, high, medium, low"
[[ $TOOL =~ ^(pip-audit|safety|trufflehog|pip-licenses)$ ]] || fail "\`$TOOL\` is not pip-audit, safety, trufflehog or pip-licenses"
# No secret found is an empty report of trufflehog; every other tool writes JSON even then.
[[ -f $INPUT && ( -s $INPUT || $TOOL == trufflehog ) ]] || fail "$TOOL wrote no report to $INPUT"

jq -n '
  # Each turns the report into objects {id, text}, if known also severity (or score), file and line.
  def pip_audit: input.dependencies[] | "\(.name) \(.version // "")" as $package
    | if .skip_reason then {id: "not-audited", severity: "low", text: "\($package)was not audited: \(.skip_reason)"}
      else .vulns[] | {id, text: "\($package): \([.id, .aliases[]?] | join(", ")), fixed in \(.fix_versions | join(", ") | if . == "" then "no version" else . end)"} end;
  def safety: input
    | if .scan_results then (.scan_results | .files[]?, .projects[]?.files[]) | .location as $file
        | .results.dependencies[].specifications[] | .raw as $package
        | .vulnerabilities.known_vulnerabilities[] | select(.ignored | not)
        | {id, $file, text: "\($package): \(.id) affects \(.vulnerable_spec)"}
      else .vulnerabilities[] | select(.ignored | not)
        | {id: .vulnerability_id, score: .severity.cvssv3.base_score?, text: "\(.package_name) \(.analyzed_version): \(.advisory)"} end;
  # The secret itself stays out of the report.
  def trufflehog: inputs | select(.DetectorName) | ([.SourceMetadata.Data[]?][0] // {}) as $at
    | {id: (.DetectorName + if .Verified then "" else "-unverified" end), severity: (if .Verified then "critical" else env.DEFAULT_SEVERITY end),
       file: ($at.file // "unknown"), line: $at.line,
       text: "\(.DetectorName) secret\(if $at.commit then " in commit \($at.commit)" else "" end)"};
  # An allowed name covers every licence that has all its words: `BSD` also `BSD-3-Clause`, `MIT License` also `MIT`.
  def words: [ascii_downcase | scan("[a-z0-9.+]+") | select(IN("license", "licence", "software", "the", "version") | not)];
  [env.ALLOWED_LICENSES | splits("\n") | words | select(. != [])] as $allowed
  | def is_covered: words as $words | any($allowed[]; . - $words == []);
  # Of alternatives one must be allowed, of a conjunction all, and all of a mixture.
  def is_allowed: if test(" AND ") then all(splits(" AND | OR "); is_covered) else any(splits("; *| OR "); is_covered) end;
  def pip_licenses: input[] | select(.License | is_allowed | not)
    | {id: "license-not-allowed", text: "\(.Name) \(.Version) is under \(.License)"};

  def score: .score // {critical: 9.5, high: 8, medium: 5.5, low: 2}[.severity // env.DEFAULT_SEVERITY];
  [if env.TOOL == "pip-audit" then pip_audit elif env.TOOL == "safety" then safety elif env.TOOL == "trufflehog" then trufflehog else pip_licenses end] as $findings
  | {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0",
    runs: [{
      tool: {driver: {name: env.TOOL, rules: ($findings
        | map({id, shortDescription: {text: .id}, properties: {"security-severity": (score | tostring)}}) | unique_by(.id))}},
      results: ($findings | map({
        ruleId: .id, level: (if score >= 7 then "error" elif score >= 4 then "warning" else "note" end), message: {text},
        locations: [{physicalLocation: {
          artifactLocation: {uri: (.file // env.MANIFEST_FILE | split("/") | map(@uri) | join("/"))},
          region: {startLine: ([.line // 1, 1] | max)}}}]}))
    }]
  }' "$INPUT" > "$OUTPUT" || fail "$INPUT is not a JSON report of $TOOL"
echo "findings=$(jq '.runs[0].results | length' "$OUTPUT")" | tee -a "$GITHUB_OUTPUT"
