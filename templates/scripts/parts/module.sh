# shellcheck shell=bash
# Leaves in `module` the path of the module of this folder, which must be that of the tag's major version.
find_module() {
  local major folder
  hold_version "${VERSION#v}" "the tag"
  module=$(sed -nE 's/^module[[:space:]]+"?([^"[:space:]]+)"?.*/\1/p' go.mod) || fail "go.mod cannot be read"
  [[ $module =~ ^[A-Za-z0-9._~/-]+$ ]] || fail "go.mod names no module, or several"
  folder=$(git rev-parse --show-prefix) || fail "this is no work tree"
  [[ -z $folder ]] || fail "a module in a folder is released by a tag that begins with it, ${folder}$VERSION, which is not deployed from here"
  major=${VERSION#v} major=${major%%.*}
  if (( major >= 2 )); then
    [[ $module == */v$major || $module == gopkg.in/*.v$major ]] || fail "releases from v$major.0.0 on are of a module whose path ends with /v$major, but go.mod says $module"
  else
    [[ ! $module =~ /v[0-9]+$ ]] || fail "the module $module is released by tags v${module##*/v}.x.y, not by $VERSION"
  fi
}
