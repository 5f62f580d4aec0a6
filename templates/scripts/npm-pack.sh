#!/usr/bin/env bash
# Packs what npm will get, and shows what is in it.
#
# in VERSION: tag of the release, whose version package.json must have
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"

number=$(jq -er '.version | strings' package.json) || fail "package.json names no version"
hold_version "$number" package.json
jq -e '.private != true' package.json > /dev/null || fail "package.json says \`\"private\": true\`: npm does not publish it"

folder=$RUNNER_TEMP/package
rm -rf "$folder" && mkdir "$folder"
npm pack --pack-destination="$folder" < /dev/null || fail "npm cannot pack"
files=("$folder"/*.tgz)
[[ ${#files[@]} == 1 && -f ${files[0]} ]] || fail "npm packed no file, or several"
packed=$(tar -xzOf "${files[0]}" package/package.json) || fail "${files[0]##*/} holds no package.json"
# Only their own package managers put versions in the place of these.
jq -e '[.dependencies, .peerDependencies, .optionalDependencies | values[]] | any(test("^(workspace|catalog):")) | not' <<< "$packed" > /dev/null ||
  fail "dependencies of ${files[0]##*/} begin with \`workspace:\` or \`catalog:\`, which npm cannot install: name their versions"

# shellcheck disable=SC2016
{
  printf '### %s\n\n```text\n' "${files[0]##*/}"
  tar -tzf "${files[0]}" | LC_ALL=C sort
  printf '```\n'
} >> "$GITHUB_STEP_SUMMARY"
