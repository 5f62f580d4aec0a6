#!/usr/bin/env bash
# Holds the coverage of some files, and of the lines that a change touches, against minimums of their own.
#
# in FORMAT: form of the reports: `go`, `lcov`, `cobertura`, `jacoco` or `clover`
# in REPORTS: patterns of the reports' paths, as `find -path` reads them, separated by spaces
# in CRITICAL_PATHS?: patterns of the files that have a minimum, one per line (default: none)
# in CRITICAL_MINIMUM?: least share of their lines, or with Go of their statements, in percent
# in CHANGED_MINIMUM?: least share of the changed lines, in percent (default: not checked)
# in BASE?: what the change is compared with; the commit must be there (default `HEAD^1`, the target of a pull request)
set -euo pipefail
base=${BASE:-HEAD^1}

# shellcheck source=parts/coverage.sh
source "${BASH_SOURCE%/*}/parts/coverage.sh"

mapfile -d '' -t found < <(find_reports)
if [ ${#found[@]} -eq 0 ]; then
  echo "::error::no coverage report at $REPORTS"
  exit 1
fi
folder=$(mktemp -d -p "$RUNNER_TEMP")

# Prints what a report knows: file, first and last line, weight and hits, separated by tabs.
blocks() {
  case $FORMAT in
    go)
      awk -v OFS='\t' 'NF == 3 && match($1, /:[0-9]+\.[0-9]+,[0-9]+\.[0-9]+$/) {
        split(substr($1, RSTART + 1), at, /[.,]/)
        print substr($1, 1, RSTART - 1), at[1], at[3], $2, $3
      }' "$@" ;;
    lcov)
      awk -v OFS='\t' '{ sub(/\r$/, "") } /^SF:/ { file = substr($0, 4) }
        /^DA:/ { split(substr($0, 4), part, ","); print file, part[1], part[1], 1, part[2] }' "$@" ;;
    cobertura | jacoco | clover)
      awk -v OFS='\t' -v format="$FORMAT" '
        # Each record is one tag: its name, and its attributes behind it.
        BEGIN { RS = "<" }
        function attribute(name) {
          if (!match($0, "[[:space:]]" name "=\"[^\"]*\"")) return ""
          return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
        /^package[[:space:]]/ { package = attribute("name") "/" }
        /^sourcefile[[:space:]]/ { file = package attribute("name") }
        /^class[[:space:]]/ && format == "cobertura" { file = attribute("filename") }
        /^file[[:space:]]/ { file = attribute("name") }
        /^line[[:space:]]/ && (format != "clover" || attribute("type") == "stmt") {
          line = attribute(format == "cobertura" ? "number" : format == "jacoco" ? "nr" : "num")
          print file, line, line, 1, attribute(format == "cobertura" ? "hits" : format == "jacoco" ? "ci" : "count")
        }' "$@" ;;
    *) echo "::error::FORMAT must be go, lcov, cobertura, jacoco or clover" >&2; return 1 ;;
  esac
}
blocks "${found[@]}" > "$folder/reported"

# Reports name files in their own ways, from a root, a module or a package: the longest path of the
# repository that ends alike is the one. A block that several reports know was hit if one of them says so.
git ls-files > "$folder/files"
awk -F '\t' -v OFS='\t' '
  NR == FNR { name = $0; sub(/.*\//, "", name); known[name] = known[name] "\n" $0; next }
  function ends(long, short) { return substr("/" long, length(long) - length(short) + 1) == "/" short }
  function found(path,   name, all, count, i, best) {
    if (path in place) return place[path]
    name = path; sub(/.*\//, "", name)
    count = split(substr(known[name], 2), all, "\n")
    for (i = 1; i <= count; i++)
      if ((ends(path, all[i]) || ends(all[i], path)) && length(all[i]) > length(best)) best = all[i]
    return place[path] = best
  }
  { gsub(/\\/, "/", $1) }
  found($1) != "" {
    block = found($1) OFS $2 OFS $3 OFS $4
    if (!(block in hits) || $5 + 0 > hits[block]) hits[block] = $5 + 0
  }
  END { for (block in hits) print block, hits[block] }
' "$folder/files" "$folder/reported" > "$folder/blocks"

if [[ -n ${CRITICAL_PATHS:-} ]]; then
  mapfile -t patterns < <(sed '/^[[:space:]]*$/d; s/^/:(glob)/' <<< "$CRITICAL_PATHS")
  git ls-files -- "${patterns[@]}" > "$folder/critical"
  if [[ ! -s $folder/critical ]]; then
    echo "::error::no file of the repository is at the critical paths"
    exit 1
  fi
  read -r covered all < <(awk -F '\t' '
    NR == FNR { critical[$0] = 1; next }
    $1 in critical { all += $4; if ($5 > 0) covered += $4 }
    END { print covered + 0, all + 0 }' "$folder/critical" "$folder/blocks")
  MINIMUM=$CRITICAL_MINIMUM
  judge_coverage 'critical line' "$covered" "$all" "${found[@]}"
fi

if [[ -n ${CHANGED_MINIMUM:-} ]]; then
  # The new lines of the change, `file<tab>line<tab>text`; those that hold only brackets do nothing.
  git -c core.quotePath=off diff --relative --unified=0 --no-color --no-ext-diff --diff-filter=d "$base" HEAD > "$folder/diff" || {
    echo "::error::\`$base\` is not there to compare with: check out more of the history"
    exit 1
  }
  awk -v OFS='\t' '
    /^diff --git / { head = 1 }
    head && /^\+\+\+ / { file = substr($0, 5); sub(/^b\//, "", file); sub(/\t$/, "", file) }
    /^@@ / { head = 0; split($3, at, ","); line = substr(at[1], 2) }
    !head && /^\+/ { if ($0 !~ /^\+[][[:space:](){};,]*$/) print file, line; line++ }
  ' "$folder/diff" > "$folder/changed"
  read -r covered all < <(awk -F '\t' '
    NR == FNR { changed[$1] = changed[$1] " " $2; next }
    $1 in changed {
      count = split(changed[$1], lines, " ")
      for (i = 1; i <= count; i++) if (lines[i] + 0 >= $2 && lines[i] + 0 <= $3) {
        key = $1 ":" lines[i]
        if (!(key in hits) || $5 > hits[key]) hits[key] = $5
      }
    }
    END { for (key in hits) { all++; if (hits[key] > 0) covered++ } print covered + 0, all + 0 }
  ' "$folder/changed" "$folder/blocks")
  MINIMUM=$CHANGED_MINIMUM
  if [[ $all == 0 ]]; then
    echo 'no changed line is one that tests can cover' | tee -a "$GITHUB_STEP_SUMMARY"
  else
    judge_coverage 'changed line' "$covered" "$all" "${found[@]}"
  fi
fi
