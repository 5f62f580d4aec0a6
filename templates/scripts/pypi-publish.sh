#!/usr/bin/env bash
# Publishes built files on PyPI, by which run this is and no stored token.
#
# in VERSION: tag of the release, whose version the files must have
# in PYPI_INDEX?: address of the index (default https://pypi.org/simple)
# in PYPI_UPLOAD?: address that takes files (default https://upload.pypi.org/legacy/)
# in UV?: words that run uv (default uv)
# out previous_version: newest release before; empty if there is none
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/registry.sh
source "${BASH_SOURCE%/*}/parts/registry.sh"
index=${PYPI_INDEX:-https://pypi.org/simple}
upload=${PYPI_UPLOAD:-https://upload.pypi.org/legacy/}
read -ra uv <<< "${UV:-uv}"
shopt -s nullglob

files=("$RUNNER_TEMP"/package/*.whl "$RUNNER_TEMP"/package/*.tar.gz)
(( ${#files[@]} )) || fail "there is no file to publish"
names=()
for path in "${files[@]}"; do
  file=${path##*/}
  case $file in
    *.whl) name=${file%%-*} rest=${file#*-} number=${rest%%-*} ;;
    *) name=${file%-*} rest=${file%.tar.gz} number=${rest##*-} ;;
  esac
  hold_version "$number" "$file"
  # As the index writes it: in small letters, with one hyphen for any such sign.
  names+=("$(tr '[:upper:]' '[:lower:]' <<< "$name" | sed -E 's/[-_.]+/-/g')")
done
name=${names[0]}
[[ $(printf '%s\n' "${names[@]}" | sort -u) == "$name" ]] || fail "the files are of several packages: ${names[*]}"

answer=$(mktemp -p "$RUNNER_TEMP")
ask "$answer" "$index/$name/" application/vnd.pypi.simple.v1+json
jq -es 'all(.files | type == "array")' "$answer" > /dev/null || fail "$index does not list the files of $name"
previous=$(jq -r --arg number "$number" '.versions[]? | strings | select(test("^[0-9]+([.][0-9]+)*$") and . != $number)' "$answer" | sort -V | tail -n 1)
echo "previous_version=$previous" >> "$GITHUB_OUTPUT"
missing=()
for path in "${files[@]}"; do
  jq -es --arg file "${path##*/}" 'any(.[].files[]; .filename == $file)' "$answer" > /dev/null || missing+=("$path")
done
if (( ! ${#missing[@]} )); then
  echo "::notice::$name $number is on PyPI already"
  exit
fi

"${uv[@]}" publish --trusted-publishing=always --publish-url="$upload" --check-url="$index/" "${missing[@]}" < /dev/null ||
  fail "PyPI did not take $name $number; the publishing settings of the project there must name this repository and ${GITHUB_WORKFLOW_REF:-the workflow} as its trusted publisher"
echo "$name $number is on PyPI"
