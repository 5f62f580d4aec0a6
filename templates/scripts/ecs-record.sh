#!/usr/bin/env bash
# Records which task definition each service of ECS runs, before anything changes.
#
# in CLUSTER: name or ARN of the cluster
# in SERVICES: names of the services, one per line
# out recorded: JSON of each service and the ARN of its task definition, for `ecs-register` and to go back by `ecs-update`
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $CLUSTER =~ ^[A-Za-z0-9][A-Za-z0-9_:/-]*$ ]] || fail "CLUSTER is \`$CLUSTER\`, which is not the name of a cluster"
mapfile -t names < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$SERVICES")
(( ${#names[@]} )) || fail "SERVICES names no service"

# The request is JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
recorded='{}'
for service in "${names[@]}"; do
  [[ $service =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] || fail "\`$service\` is not the name of a service"
  jq -n --arg service "$service" '{cluster: env.CLUSTER, services: [$service]}' > "$input"
  answer=$(aws ecs describe-services --output json --cli-input-json "file://$input") || fail "service $service cannot be read"
  # While a deployment is under way or has failed, what completed before it is what one can go back to.
  found=$(jq -r '
    .services[0] as $service
    | [$service.deployments[]? | select(.status == "PRIMARY")][0] as $primary
    | [$service.deployments[]? | select(.rolloutState == "COMPLETED")][0] as $completed
    | if $service == null then "failed it is not there (\(.failures[0].reason // "no answer"))"
      elif $service.status != "ACTIVE" then "failed it is \($service.status)"
      elif ($service.deploymentController.type // "ECS") != "ECS" then "failed it is deployed by \($service.deploymentController.type), not by ECS itself"
      elif $primary == null then "failed it has no deployment"
      elif ($primary.rolloutState // "COMPLETED") == "COMPLETED" then "live \($primary.taskDefinition)"
      elif $completed then "live \($completed.taskDefinition)"
      else "unproven \($primary.taskDefinition)" end' <<< "$answer")
  definition=${found#* }
  case $found in
    failed*) fail "service $service cannot be deployed: $definition" ;;
    unproven*) echo "::warning::no deployment of service $service ever completed; going back means $definition" ;;
  esac
  [[ $definition =~ ^arn:[a-z0-9:-]+:task-definition/[A-Za-z0-9_-]+:[0-9]+$ ]] || fail "service $service names no task definition"
  recorded=$(jq -c --arg service "$service" --arg definition "$definition" '.[$service] = $definition' <<< "$recorded")
  echo "service $service runs $definition"
done
echo "recorded=$recorded" >> "$GITHUB_OUTPUT"
