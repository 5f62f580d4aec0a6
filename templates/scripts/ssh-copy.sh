#!/usr/bin/env bash
# Copies files of the repository into the application's folder on the server.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in DEPLOY_FILES: files and folders, one per line, as paths in the repository
set -euo pipefail

fail() {
  local text="$*"
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  echo "::error::${text//$'\n'/%0A}" >&2
  exit 1
}

mapfile -t files < <(sed '/^[[:space:]]*$/d' <<<"$DEPLOY_FILES")
((${#files[@]})) || fail "DEPLOY_FILES names no file"
for file in "${files[@]}"; do
  [[ $file != /* && /$file/ != */../* ]] || fail "$file does not lie in the repository"
  [[ -e $file ]] || fail "$file is not in the repository"
done
archive=$(tar --create --gzip -- "${files[@]}" | base64 --wrap=0)

# The archive goes as part of the program, since it may be too large for an environment variable.
{ echo "archive=$archive"; cat <<'REMOTE'; } | "$RUNNER_TEMP/on-target" APP_DIR RELEASE
open_release
staging=.cicd/staging
rm -rf "$staging"
mkdir "$staging"
base64 --decode <<<"$archive" >"$record/files.tar.gz"
tar --extract --gzip --no-same-owner --file "$record/files.tar.gz" --directory "$staging"
(cd "$staging" && find . ! -type d -print0) | while IFS= read -r -d '' file; do
  mkdir -p "${file%/*}"
  mv -fT "$staging/$file" "$file"
done
REMOTE
printf 'copied %s\n' "${files[@]}"
