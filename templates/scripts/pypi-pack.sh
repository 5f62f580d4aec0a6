#!/usr/bin/env bash
# Takes what the build left in `dist` for PyPI, and shows it.
#
# in VERSION: tag of the release, whose version the files must have
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
shopt -s nullglob

files=(dist/*.whl dist/*.tar.gz)
(( ${#files[@]} )) || fail "the build left no wheel and no source in \`dist\`"
folder=$RUNNER_TEMP/package
rm -rf "$folder" && mkdir "$folder"
for path in "${files[@]}"; do
  file=${path##*/}
  case $file in
    *.whl) rest=${file#*-} number=${rest%%-*} ;;
    *) rest=${file%.tar.gz} number=${rest##*-} ;;
  esac
  hold_version "$number" "$file"
  cp -- "$path" "$folder/"
done
# shellcheck disable=SC2016
{
  printf '### For PyPI\n\n```text\n'
  (cd -- "$folder" && sha256sum -- *)
  printf '```\n'
} | tee -a "$GITHUB_STEP_SUMMARY"
