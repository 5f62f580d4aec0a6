#!/usr/bin/env bash
# Shows each place in the sources with one of some texts, as a warning.
#
# in WORDS: texts to look for, such as `console.log`, one per line
# in FOLDER?: folder to look in (default: this one)
# in MOST?: how many places are shown (default 50)
# out found: how many places there are
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three, and two more in properties.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
property() { local text; text=$(escape "$1"); text=${text//:/%3A}; printf '%s' "${text//,/%2C}"; }

hits=$(mktemp -p "$RUNNER_TEMP")
mapfile -t texts < <(sed '/^[[:space:]]*$/d' <<< "$WORDS")
prefix=$(git rev-parse --show-prefix)
found=0
if (( ${#texts[@]} )); then
  # Only what git knows: no dependencies, nothing that was built.
  git grep --null --line-number --fixed-strings "${texts[@]/#/-e}" -- "${FOLDER:-.}" > "$hits" || code=$?
  (( ${code:-0} <= 1 )) || { echo "::error::the sources cannot be read, see above"; exit 1; }
  while IFS= read -r -d '' file && IFS= read -r -d '' line && IFS= read -r _; do
    found=$((found + 1))
    (( found > ${MOST:-50} )) || printf '::warning file=%s,line=%s::%s\n' "$(property "$prefix$file")" "$line" "one of: $(escape "${texts[*]}")"
  done < "$hits"
fi
echo "found=$found" | tee -a "$GITHUB_OUTPUT"
