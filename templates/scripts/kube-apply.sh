#!/usr/bin/env bash
# Applies the manifests that kube-render.sh made, after the cluster has checked them all.
# With COLOUR each workload becomes one of its own, `NAME-COLOUR`, beside those that are there.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: what is deployed, lines such as `deployment/shop`, without a colour
# in PART?: `configuration` applies all but the workloads, `workloads` those alone (default: both)
# in COLOUR?: colour or track that the workloads take (default: they keep their names)
# in SERVICE?: Service that goes on leading to the live colour (default: none is touched)
# in SLOT_LABEL?: label of the pods that tells the colours apart (default slot)
# in HTTP_ROUTE?: HTTPRoute that keeps its weights: it is only applied if it is not there yet (default: none)
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

part=${PART:-both} colour=${COLOUR:-} live='' route=''
[[ $part =~ ^(both|configuration|workloads)$ ]] || fail "PART must be \`configuration\` or \`workloads\`, not \`$part\`"
[[ $colour =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$ ]] || fail "COLOUR has other characters than a-z 0-9 -"
names=$(workloads | jq -Rnc '[inputs]')
missing=$(jq -r --argjson names "$names" '$names - map("\(.kind | ascii_downcase)/\(.metadata.name)") | .[0] // empty' \
  "$RUNNER_TEMP/kube-manifests.json")
[[ -z $missing ]] || fail "no manifest is for $missing"
if [[ -n ${SERVICE:-} ]]; then
  live=$(object "service/$SERVICE" | jq -r --arg slot "${SLOT_LABEL:-slot}" '.spec.selector[$slot] // empty')
fi
if [[ -n ${HTTP_ROUTE:-} ]]; then route=$(object "httproute/$HTTP_ROUTE" | jq -r .metadata.name); fi

jq --argjson names "$names" --arg part "$part" --arg colour "$colour" --arg slot "${SLOT_LABEL:-slot}" \
  --arg service "${SERVICE:-}" --arg live "$live" --arg route "$route" '
  def id: "\(.kind | ascii_downcase)/\(.metadata.name)";
  def is_named: id as $id | any($names[]; . == $id);
  # An autoscaler goes with its workload.
  def scales: .kind == "HorizontalPodAutoscaler" and (.spec.scaleTargetRef
    | "\(.kind | ascii_downcase)/\(.name)" as $id | any($names[]; . == $id));
  def renamed: .metadata.name += "-\($colour)" | .metadata.labels[$slot] = $colour;
  {apiVersion: "v1", kind: "List", items: map(
    select($part == "both" or ((is_named or scales) == ($part == "workloads")))
    | select($route == "" or id != "httproute/\($route)")
    | if $colour != "" and is_named then renamed
          | .spec.selector.matchLabels[$slot] = $colour | .spec.template.metadata.labels[$slot] = $colour
      elif $colour != "" and scales then renamed | .spec.scaleTargetRef.name += "-\($colour)"
      elif $service != "" and id == "service/\($service)" then
        .spec.selector[$slot] = (if $live == "" then $colour else $live end)
      else . end)}' "$RUNNER_TEMP/kube-manifests.json" > "$RUNNER_TEMP/kube-apply.json"

if jq -e '.items == []' "$RUNNER_TEMP/kube-apply.json" > /dev/null; then
  echo "there is nothing to apply"
  exit
fi
kube apply --dry-run=server --filename="$RUNNER_TEMP/kube-apply.json" 2>&1 | bar ||
  fail "the cluster does not accept the manifests, and nothing was changed"
kube apply --filename="$RUNNER_TEMP/kube-apply.json" 2>&1 | bar || fail "the manifests were not all applied"
