# shellcheck shell=bash
# Runs a script of the repository, in bash unless it says otherwise.
run() {
  [[ -f $1 ]] || fail "$1 is not in the repository"
  if [[ -x $1 ]]; then "./$1"; else bash "$1"; fi < /dev/null
}
# Prints what is live, the last line that RECORD_SCRIPT prints; the lines before it go to the log.
live_version() {
  local output version
  output=$(run "$RECORD_SCRIPT") || return
  version=$(sed '/^[[:space:]]*$/d' <<< "$output" | tail -n 1)
  [[ $version != *[[:cntrl:]]* && ${#version} -le 200 ]] || return
  printf '%s' "$version"
}
