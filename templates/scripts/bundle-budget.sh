#!/usr/bin/env bash
# Fails unless what a build left is smaller than its budget, in bytes as they lie there; source maps are not counted.
#
# in FOLDER: folder that the build left
# in BUDGET: lines `BYTES PATTERN`; each file of FOLDER whose path matches the pattern must be smaller, with `total` all together
# out total: size of everything together in bytes
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Prints `BYTES PATH` of each file whose path matches.
files() { find . -type f ! -name '*.map' -path "./$1" -printf '%s %P\n'; }

[[ -d $FOLDER ]] || fail "there is no folder \`$FOLDER\`: the build left nothing, or leaves it elsewhere"
cd -- "$FOLDER"
total=$(files '*' | awk '{sum += $1} END {print sum + 0}')
(( total > 0 )) || fail "the folder \`$FOLDER\` is empty"
echo "total=$total" >> "$GITHUB_OUTPUT"

rows=() wrong=()
# Takes what it is, its size and the limit.
judge() {
  local mark=''
  if (( $2 >= $3 )); then mark=' :x:'; wrong+=("$1 has $2 bytes and must have less than $3"); fi
  # A pipe in a name would end the cell.
  rows+=("| \`${1//'|'/\\|}\` | $2 | $3 |$mark")
}
while read -r limit pattern; do
  [[ -n $limit ]] || continue
  [[ $limit =~ ^[1-9][0-9]{0,14}$ && -n $pattern ]] || fail "BUDGET has the line \`$limit $pattern\`"
  if [[ $pattern == total ]]; then judge "everything" "$total" "$limit"; continue; fi
  found=$(files "$pattern")
  # A budget for nothing would pass for ever once the file has another name.
  [[ -n $found ]] || fail "no file of \`$FOLDER\` matches \`$pattern\`"
  while read -r size path; do judge "$path" "$size" "$limit"; done <<< "$found"
done <<< "$BUDGET"
(( ${#rows[@]} > 0 )) || fail "BUDGET is empty"

{ printf '| Of the build | Bytes | Less than |\n| --- | ---: | ---: |\n'; printf '%s\n' "${rows[@]}"; } | tee -a "$GITHUB_STEP_SUMMARY"
(( ${#wrong[@]} == 0 )) || fail "over budget: $(printf '%s; ' "${wrong[@]}")"
