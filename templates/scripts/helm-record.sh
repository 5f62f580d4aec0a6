#!/usr/bin/env bash
# Records which revision of a Helm release is live before anything changes.
#
# in NAMESPACE: namespace of the application
# in RELEASE: name of the Helm release
# out revision: revision that is live; empty at the first deployment
# out previous_version: version that helm-upgrade.sh described it with; empty if there is none
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

[[ $RELEASE =~ ^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$ ]] || fail "RELEASE is no name of a Helm release"
if ! history=$(helm history "$RELEASE" --namespace="$NAMESPACE" --output=json 2> "$RUNNER_TEMP/helm-error"); then
  grep -qF 'release: not found' "$RUNNER_TEMP/helm-error" || { bar < "$RUNNER_TEMP/helm-error"; fail "helm cannot read the history of $RELEASE"; }
  history='[]'
fi
pending=$(jq -r 'last // {} | select(.status // "" | startswith("pending-")) | "\(.status) at revision \(.revision)"' <<< "$history")
[[ -z $pending ]] || fail "$RELEASE is $pending: another deployment is at work, or one was killed;" \
  "if it was, run \`helm rollback $RELEASE\`"

# A revision that a roll-back made is described by the one it copies.
read -r revision version < <(jq -r '
  . as $all
  | def described: if test("^Rollback to [0-9]+$") then (.[12:] | tonumber) as $n
      | first($all[] | select(.revision == $n) | .description | described) // "" else . end;
  last(.[] | select(.status == "deployed")) // {revision: "", description: ""}
  | "\(.revision) \(.description | described | if test("^(Install|Upgrade) complete$|[[:cntrl:]]") then "" else . end)"' <<< "$history")
printf '%s\n' "revision=$revision" "previous_version=$version" >> "$GITHUB_OUTPUT"
echo "revision ${revision:-none} of $RELEASE is live${version:+, version $(escape "$version")}"
