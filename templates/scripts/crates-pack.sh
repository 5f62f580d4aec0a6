#!/usr/bin/env bash
# Packs the crate of a folder and builds it from that, and shows what is in it.
#
# in VERSION: tag of the release, whose version the crate must have
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/crate.sh
source "${BASH_SOURCE%/*}/parts/crate.sh"

find_crate
jq -e '.publish != []' <<< "$crate" > /dev/null || fail "Cargo.toml says \`publish = false\`"
cargo package "${locked[@]}" < /dev/null || fail "the crate cannot be built from what would be published"
# shellcheck disable=SC2016
{
  printf '### %s %s\n\n```text\n' "$name" "$number"
  cargo package --list "${locked[@]}" < /dev/null
  printf '```\n'
} >> "$GITHUB_STEP_SUMMARY"
