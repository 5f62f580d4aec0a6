#!/usr/bin/env bash
# Goes back to a revision of a Helm release, unless Helm has done so itself.
#
# in NAMESPACE: namespace of the application
# in RELEASE: name of the Helm release
# in REVISION?: revision that was live (output of helm-record.sh) (default: the one deployed before the live one)
# in WAIT_SECONDS?: time to become ready (default 600)
# out version: version that is live afterwards; empty if it was not described
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-600} revision=${REVISION:-}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
[[ $revision =~ ^[0-9]*$ ]] || fail "REVISION must be a number"
[[ $RELEASE =~ ^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$ ]] || fail "RELEASE is no name of a Helm release"
read_history() {
  helm history "$RELEASE" --namespace="$NAMESPACE" --output=json 2> "$RUNNER_TEMP/helm-error" ||
    { bar < "$RUNNER_TEMP/helm-error" >&2; fail "helm cannot read the history of $RELEASE"; }
}
# The revision that the live one is, or is a copy of.
# shellcheck disable=SC2016
origin='def origin: if .description | test("^Rollback to [0-9]+$") then (.description[12:] | tonumber) as $n
  | first($all[] | select(.revision == $n)) // . | if .revision == $n then origin else . end else . end;'
live() { jq -r ". as \$all | $origin last(.[] | select(.status == \"deployed\")) // {description: \"\"} | origin | .$1 // empty"; }

history=$(read_history)
if [[ -z $revision ]]; then
  revision=$(jq -r ". as \$all | $origin"' last(.[] | select(.status == "deployed") | .revision) as $live
    | ($all[] | select(.revision == $live) | origin | .revision) as $origin
    | last(.[] | select(.revision < $live and .status == "superseded" and (origin | .revision) != $origin) | .revision) // empty' <<< "$history")
  [[ -n $revision ]] || fail "nothing was deployed before, so there is nothing to go back to"
fi
jq -e --argjson revision "$revision" 'any(.[]; .revision == $revision)' <<< "$history" > /dev/null ||
  fail "$RELEASE has no revision $revision"
state=$(jq -r 'last | .status' <<< "$history")
target=$(jq -r --argjson revision "$revision" ". as \$all | $origin first(.[] | select(.revision == \$revision)) | origin | .revision" <<< "$history")
if [[ $(live revision <<< "$history") == "$target" && $state == deployed ]]; then
  echo "revision $revision of $RELEASE is live already"
else
  helm rollback "$RELEASE" "$revision" --namespace="$NAMESPACE" --wait --timeout="${wait}s" --history-max=20 2>&1 | bar ||
    fail "$RELEASE did not go back to revision $revision, see above"
  history=$(read_history)
  [[ $(live revision <<< "$history") == "$target" ]] || fail "revision $revision of $RELEASE is not live"
fi
version=$(live description <<< "$history")
[[ ! $version =~ ^(Install|Upgrade)\ complete$|[[:cntrl:]] ]] || version=''
echo "version=$version" >> "$GITHUB_OUTPUT"
echo "revision $revision of $RELEASE is live${version:+, version $(escape "$version")}"
