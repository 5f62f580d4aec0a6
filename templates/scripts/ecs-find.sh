#!/usr/bin/env bash
# Finds the task definitions of ECS that were registered for a release, for a roll-back by hand.
#
# in CLUSTER: name or ARN of the cluster
# in SERVICES: names of the services, one per line
# in VERSION: name of the release, as ecs-register.sh kept it in the tag `release`
# out task_definitions: JSON of each service and the ARN of the newest such task definition
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws ecs "$1" --output json --cli-input-json "file://$input"; }

[[ $CLUSTER =~ ^[A-Za-z0-9][A-Za-z0-9_:/-]*$ ]] || fail "CLUSTER is \`$CLUSTER\`, which is not the name of a cluster"
[[ -n $VERSION ]] || fail "VERSION names no release"
mapfile -t names < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$SERVICES")
(( ${#names[@]} )) || fail "SERVICES names no service"

definitions='{}'
for service in "${names[@]}"; do
  [[ $service =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] || fail "\`$service\` is not the name of a service"
  live=$(jq -n --arg service "$service" '{cluster: env.CLUSTER, services: [$service]}' | ask describe-services |
    jq -er '.services[0].taskDefinition') || fail "service $service cannot be read"
  family=$(sed -E 's,^.*:task-definition/([A-Za-z0-9_-]+):[0-9]+$,\1,' <<< "$live")
  # The newest hundred.
  revisions=$(jq -n --arg family "$family" '{familyPrefix: $family, sort: "DESC", maxResults: 100}' | ask list-task-definitions |
    jq -r --arg family "$family" '.taskDefinitionArns[] | select(test(":task-definition/\($family):[0-9]+$"))') ||
    fail "the task definitions of service $service cannot be listed"
  found=''
  while read -r arn; do
    [[ -n $arn ]] || continue
    release=$(jq -n --arg arn "$arn" '{taskDefinition: $arn, include: ["TAGS"]}' | ask describe-task-definition |
      jq -r 'first(.tags[]? | select(.key == "release") | .value) // ""') || fail "$arn cannot be read"
    if [[ $release == "$VERSION" ]]; then found=$arn; break; fi
  done <<< "$revisions"
  [[ -n $found ]] || fail "service $service has no task definition of release $VERSION: deploy that release again"
  definitions=$(jq -c --arg service "$service" --arg arn "$found" '.[$service] = $arn' <<< "$definitions")
  echo "service $service: $found"
done
echo "task_definitions=$definitions" >> "$GITHUB_OUTPUT"
