#!/usr/bin/env bash
# Publishes a packed file on npm, by which run this is and no stored token; npm adds the provenance of public packages itself.
#
# in VERSION: tag of the release, whose version the package must have
# in NPM_REGISTRY?: address of the registry (default https://registry.npmjs.org)
# in NPM?: words that run npm 11.5.1 or newer (default npm)
# out previous_version: newest release before; empty if there is none
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/registry.sh
source "${BASH_SOURCE%/*}/parts/registry.sh"
registry=${NPM_REGISTRY:-https://registry.npmjs.org}
read -ra npm <<< "${NPM:-npm}"

files=("$RUNNER_TEMP"/package/*.tgz)
[[ ${#files[@]} == 1 && -f ${files[0]} ]] || fail "there is no packed file, or several"
packed=$(tar -xzOf "${files[0]}" package/package.json) || fail "${files[0]##*/} holds no package.json"
name=$(jq -er '.name | strings' <<< "$packed") || fail "the package has no name"
number=$(jq -er '.version | strings' <<< "$packed") || fail "the package has no version"
hold_version "$number" package.json

answer=$(mktemp -p "$RUNNER_TEMP")
is_published() {
  ask "$answer" "$registry/$(jq -rn --arg name "$name" '$name | @uri')"
  jq -es 'all(.versions | type == "object")' "$answer" > /dev/null || fail "$registry does not list the versions of $name"
  jq -es --arg number "$number" 'any(.versions | has($number))' "$answer" > /dev/null
}
published=yes
is_published || published=''
newest=$(jq -r --arg number "$number" '.versions | keys[] | select(test("^[0-9]+[.][0-9]+[.][0-9]+$") and . != $number)' "$answer" | sort -V | tail -n 1)
echo "previous_version=$newest" >> "$GITHUB_OUTPUT"
if [[ -n $published ]]; then
  echo "::notice::$name $number is on npm already"
  exit
fi

[[ -n ${ACTIONS_ID_TOKEN_REQUEST_URL:-} ]] || fail "the job may not say which run it belongs to: it needs \`id-token: write\`"
has=$("${npm[@]}" --version) || fail "npm does not run"
printf '%s\n' 11.5.1 "$has" | sort -VC || fail "npm $has cannot publish without a stored token: 11.5.1 is the first that can"
options=("--registry=$registry" --ignore-scripts)
# What mends an old line is not what everybody should get.
if [[ -n $newest ]] && ! printf '%s\n' "$newest" "$number" | sort -VC; then
  options+=("--tag=release-${number%%.*}.x")
fi
if ! "${npm[@]}" publish "${files[0]}" "${options[@]}" < /dev/null; then
  # An answer may have got lost on its way.
  is_published || fail "npm did not take $name $number; the settings of the package there must name this repository and ${GITHUB_WORKFLOW_REF:-the workflow} as its trusted publisher, and its first version is published by hand"
fi
echo "$name $number is on npm"
