#!/usr/bin/env bash
# Asks the module proxy for a release, which makes it known: in Go, the tag is the release.
#
# in VERSION: tag of the release
# in SHA: commit that it must be
# in PRIVATE: `true` for a repository that the proxy cannot read, which is left at that
# in GO_PROXY?: address of the proxy (default https://proxy.golang.org)
# in WAIT?: seconds between two tries (default 15)
# out previous_version: newest release before; empty if there is none
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/registry.sh
source "${BASH_SOURCE%/*}/parts/registry.sh"
# shellcheck source=parts/module.sh
source "${BASH_SOURCE%/*}/parts/module.sh"
proxy=${GO_PROXY:-https://proxy.golang.org}

find_module
if [[ $PRIVATE == true ]]; then
  echo "::notice::$module is private: whoever may read the repository has $VERSION by its tag"
  exit
fi
# The proxy writes capital letters as small ones behind an exclamation mark.
path=$proxy/$(sed -E 's/([A-Z])/!\L\1/g' <<< "$module")/@v
answer=$(mktemp -p "$RUNNER_TEMP")
ask "$answer" "$path/list" text/plain
echo "previous_version=$(grep -E '^v[0-9]+\.[0-9]+\.[0-9]+$' "$answer" | grep -vxF -e "$VERSION" | sort -V | tail -n 1 || true)" >> "$GITHUB_OUTPUT"

for try in 1 2 3 4 5 6; do
  ask "$answer" "$path/$VERSION.info"
  [[ ! -s $answer ]] || break
  (( try < 6 )) || fail "the proxy does not find $VERSION of $module"
  sleep "${WAIT:-15}"
done
known=$(jq -er .Version "$answer") && [[ $known == "$VERSION" ]] || fail "the proxy answers with ${known:-nothing} for $VERSION"
commit=$(jq -r '.Origin.Hash // ""' "$answer")
# What it has once seen under a tag, it keeps for good.
[[ -z $commit || $commit == "$SHA" ]] || fail "the proxy knows another commit as $VERSION, $commit: the tag was moved, and the next release needs another number"
echo "$module $VERSION is known to the proxy"
