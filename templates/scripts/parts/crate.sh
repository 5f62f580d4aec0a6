# shellcheck shell=bash disable=SC2034
# Leaves in `crate`, `name` and `number` what cargo knows of the crate of this folder, and in `locked`
# whether its lock file is part of the repository.
find_crate() {
  local metadata root
  metadata=$(cargo metadata --no-deps --format-version=1 < /dev/null) || fail "cargo cannot read Cargo.toml"
  crate=$(jq -e --arg path "$(pwd -P)/Cargo.toml" '.packages[] | select(.manifest_path == $path)' <<< "$metadata") ||
    fail "the Cargo.toml of this folder is no crate: the component's \`path\` must lead to that of the crate"
  name=$(jq -r .name <<< "$crate") number=$(jq -r .version <<< "$crate")
  hold_version "$number" Cargo.toml
  root=$(jq -r .workspace_root <<< "$metadata")
  locked=()
  [[ -z $(git -C "$root" ls-files Cargo.lock) ]] || locked=(--locked)
}
