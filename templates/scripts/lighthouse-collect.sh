#!/usr/bin/env bash
# Measures pages with Lighthouse CI several times each; leaves the reports in `.lighthouseci`.
#
# in BASE_URL?: address of the running site (default: FOLDER is served)
# in FOLDER?: folder with the built site, served with its `index.html` for unknown paths (default: BASE_URL is asked)
# in PAGES?: paths of the pages, one per line (default `/`)
# in RUNS?: how often each is measured (default 3)
# in LHCI?: words that run Lighthouse CI (default `npx --yes @lhci/cli@0.15.1`)
set -euo pipefail
read -ra lhci <<< "${LHCI:-npx --yes @lhci/cli@0.15.1}"
runs=${RUNS:-3}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $runs =~ ^[1-9][0-9]?$ ]] || fail "RUNS must be a number from 1 to 99, not \`$runs\`"
options=("--numberOfRuns=$runs")
if [[ -n ${BASE_URL:-} ]]; then
  [[ $BASE_URL =~ ^https?://[^[:space:]]+$ ]] || fail "BASE_URL is not an address"
  base=${BASE_URL%/}
else
  [[ -f ${FOLDER:-}/index.html ]] || fail "there is no built site in \`${FOLDER:-}\`"
  # Lighthouse CI puts the port of its own server in the place of this one.
  options+=("--staticDistDir=$FOLDER" --isSinglePageApplication)
  base=http://localhost
fi
while read -r page; do
  [[ -n $page ]] || continue
  [[ $page =~ ^/[^[:space:]]*$ ]] || fail "\`$page\` is not a path of a page"
  options+=("--url=$base$page")
done <<< "${PAGES:-/}"

# Reports of an earlier measurement in this job would be judged, too.
rm -rf .lighthouseci
"${lhci[@]}" collect "${options[@]}" < /dev/null || fail "Lighthouse could not measure the pages"
compgen -G '.lighthouseci/lhr-*.json' > /dev/null || fail "Lighthouse CI left no report"
