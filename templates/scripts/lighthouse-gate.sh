#!/usr/bin/env bash
# Holds the medians of Lighthouse's reports against limits, page by page; a page without a number fails.
#
# in LIMITS: lines `NAME >= SCORE` for a category with a score from 0 to 1, or `NAME <= NUMBER` for an audit, by Lighthouse's names
# in RESULTS?: folder with the reports as Lighthouse CI leaves them (default `.lighthouseci`)
# in ON_FAILURE?: `fail` or `warn` (default fail)
# out verdict: `pass` or `fail`
set -euo pipefail
results=${RESULTS:-.lighthouseci}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ ${ON_FAILURE:-fail} =~ ^(fail|warn)$ ]] || fail "ON_FAILURE must be \`fail\` or \`warn\`, not \`$ON_FAILURE\`"
mapfile -t reports < <(compgen -G "$results/lhr-*.json" || true)
(( ${#reports[@]} > 0 )) || fail "there are no reports of Lighthouse in \`$results\`"

# Each page, each limit: the median of the runs, as in `lhci`; the upper one of two in the middle.
rows=$(jq -cs '
  def number: try tonumber catch error("LIMITS: not a number: \(.)");
  def median: if any(. == null) or length == 0 then null else sort | .[length / 2 | floor] end;
  [env.LIMITS | split("\n")[] | select(test("\\S")) | (capture("^\\s*(?<name>[a-z-]+) (?<sign>>=|<=) (?<limit>\\S+)\\s*$") // error("LIMITS: \(.)"))
    | . + {limit: (.limit | number)}] as $limits
  | if $limits == [] then error("LIMITS is empty") else . end
  | group_by(.requestedUrl)[] | . as $runs | $limits[] | . as $limit
  | ($runs | map(if .runtimeError then null
       elif $limit.sign == ">=" then .categories[$limit.name].score
       else .audits[$limit.name].numericValue end | numbers // null) | median) as $median
  | {page: ($runs[0].requestedUrl | sub("^https?://[^/]*"; "")), name: $limit.name, sign: $limit.sign, limit: $limit.limit, median: $median, runs: ($runs | length),
     problem: ($runs | map(.runtimeError.message // empty) | first // null),
     good: ($median != null and (if $limit.sign == ">=" then $median >= $limit.limit else $median <= $limit.limit end))}' "${reports[@]}" 2>&1) ||
  fail "the reports cannot be judged: $rows"

# A page's address ends no cell and no line.
table=$(jq -rs 'def cell: tostring | gsub("[|\r\n]"; " ");
  def shown: if . == null then "no number" else . * 1000 | round / 1000 | tostring end;
  "| Page | | Median | Wanted |", "| --- | --- | ---: | ---: |",
  (.[] | "| `\(.page | cell)` | \(.name | cell) | \(.median | shown)\(if .good then "" else " :x:" end) | \(.sign) \(.limit) |")' <<< "$rows")
tee -a "$GITHUB_STEP_SUMMARY" <<< "$table"
wrong=$(jq -rs 'map(select(.good | not) | "\(.page) \(.name) is \(.median // "not measured\(if .problem then " (\(.problem))" else "" end)"), wanted \(.sign) \(.limit)") | join("; ")' <<< "$rows")
if [[ -z $wrong ]]; then echo "verdict=pass" >> "$GITHUB_OUTPUT"; exit 0; fi
echo "verdict=fail" >> "$GITHUB_OUTPUT"
[[ ${ON_FAILURE:-fail} == warn ]] || fail "$wrong"
printf '::warning::%s\n' "$(escape "$wrong")"
