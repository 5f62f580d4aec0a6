#!/usr/bin/env bash
# Records what is live before anything changes: images and revisions, and the live colour. The record
# is an output for the roll-back of this run, and a ConfigMap for a roll-back by hand.
#
# in NAMESPACE: namespace of the application
# in WORKLOADS: what is deployed, lines such as `deployment/shop`, without a colour
# in VERSION: version to deploy
# in RECORD_NAME: ConfigMap that keeps the record
# in SERVICE?: Service that leads to the live colour; then the workloads take turns as blue and green (default: one colour)
# in SLOT_LABEL?: label of the pods that tells the colours apart (default slot)
# out record: what was live, as JSON; set once a roll-back has something to start from
# out previous_version: version that was live; empty at the first deployment
# out previous_colour: colour that was live; empty with one colour, or at the first deployment
# out colour: colour that this deployment takes; empty with one colour
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

[[ -n $VERSION && $VERSION != *[[:cntrl:]]* ]] || fail "VERSION is empty or holds a control character"
[[ $RECORD_NAME =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] || fail "RECORD_NAME is no name of a ConfigMap"

live='' colour=''
if [[ -n ${SERVICE:-} ]]; then
  service=$(object "service/$SERVICE")
  live=$(jq -r --arg slot "${SLOT_LABEL:-slot}" '.spec.selector[$slot] // "neither"' <<< "$service")
  case $live in
    '' | green) colour=blue ;;
    blue) colour=green ;;
    *) fail "service/$SERVICE leads to pods of every colour, so that a new version would get traffic unchecked:" \
      "deploy the live version as a colour and add \`${SLOT_LABEL:-slot}: blue\` to the selector" ;;
  esac
fi

names=$(workloads)
entries='[]'
while read -r workload; do
  json=$(object "$workload${live:+-$live}")
  # With two colours and no Service yet, nothing is live whatever an attempt left behind.
  [[ -n $json && ( -z ${SERVICE:-} || -n $live ) ]] || json=null
  jq -e '. == null or .spec.template.spec.containers' <<< "$json" > /dev/null || fail "$workload has no pod template of its own"
  entries=$(jq -c --arg workload "$workload" '. as $entries | input | $entries + [{workload: $workload} + if . == null then {} else {
      revision: (.metadata.annotations | .["deployment.kubernetes.io/revision"]? // .["rollout.argoproj.io/revision"]? // ""),
      replicas: (.spec.replicas // 1),
      images: ([.spec.template.spec.containers[] | {key: .name, value: .image}] | from_entries)
    } end]' <<< "$entries $json")
done <<< "$names"

# What the last deployment found runs again if that was rolled back; else what it deployed is live.
previous='' stands='' kept=$(object "configmap/$RECORD_NAME")
if [[ -n $kept ]]; then
  stands=$(jq -ce '.data.record | fromjson | select(.workloads)' <<< "$kept" 2> /dev/null) || fail "configmap/$RECORD_NAME holds no record"
  previous=$(jq -r --arg colour "$live" --argjson entries "$entries" '(.data.record | fromjson) as $record
    | if $record.colour == $colour and [$record.workloads[].images] == [$entries[].images] then $record.version
      else .data.version end' <<< "$kept")
fi
if [[ -n $stands && -z ${SERVICE:-} && $previous == "$VERSION" ]]; then
  # A second attempt: what the first one found is what a roll-back must restore.
  record=$stands
else
  record=$(jq -cn --arg version "$previous" --arg colour "$live" --argjson entries "$entries" '{$version, $colour, workloads: $entries}')
  jq -cn --arg name "$RECORD_NAME" --arg version "$VERSION" --arg record "$record" \
    '{apiVersion: "v1", kind: "ConfigMap", metadata: {$name}, data: {$version, $record}}' |
    kube apply --filename=- | bar || fail "configmap/$RECORD_NAME was not written, and nothing was changed"
fi
previous=$(jq -r .version <<< "$record")
printf '%s\n' "record=$record" "previous_version=$previous" "previous_colour=$live" "colour=$colour" >> "$GITHUB_OUTPUT"
echo "version ${previous:-none} is live${live:+ as $live}; recorded before version $VERSION${colour:+ takes $colour}"
