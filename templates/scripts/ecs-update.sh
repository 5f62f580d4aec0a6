#!/usr/bin/env bash
# Brings services of ECS to task definitions, to deploy or to go back, and waits until each really runs it.
#
# in CLUSTER: name or ARN of the cluster
# in TASK_DEFINITIONS: JSON of each service and the ARN of the task definition it shall run
# in MAX_WAIT?: seconds until all must run it (default 1800)
# in INTERVAL?: seconds between two looks (default 10)
set -euo pipefail
max_wait=${MAX_WAIT:-1800} interval=${INTERVAL:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws ecs "$1" --output json --cli-input-json "file://$input"; }
describe() { jq -n --arg service "$1" '{cluster: env.CLUSTER, services: [$service]}' | ask describe-services; }

[[ "$max_wait $interval" =~ ^[0-9]+\ [0-9.]+$ ]] || fail "MAX_WAIT and INTERVAL must be numbers"
[[ $CLUSTER =~ ^[A-Za-z0-9][A-Za-z0-9_:/-]*$ ]] || fail "CLUSTER is \`$CLUSTER\`, which is not the name of a cluster"
jq -es 'length == 1 and (.[0] | type == "object" and length > 0) and all(.[0] | to_entries[]; (.key | test("^[A-Za-z0-9][A-Za-z0-9_-]*\\z"))
  and (.value | type == "string" and test("^arn:[a-z0-9:-]+:task-definition/[A-Za-z0-9_-]+:[0-9]+\\z")))' <<< "$TASK_DEFINITIONS" > /dev/null 2>&1 ||
  fail "TASK_DEFINITIONS is not JSON of services and task definitions: $TASK_DEFINITIONS"

# Prints what is to be thought of an answer. With the circuit breaker a failed deployment ends in a stable
# service too, so what counts is the task definition of the primary deployment.
judge() {
  jq -r --arg wanted "$1" '
    .services[0] as $service
    | [$service.deployments[]? | select(.status == "PRIMARY")][0] as $primary
    | if $service == null then "unknown it is not there (\(.failures[0].reason // "no answer"))"
      elif $primary.taskDefinition != $wanted then "other it runs \($primary.taskDefinition // "nothing")"
      elif $primary.rolloutState == "FAILED" then "failed \($primary.rolloutStateReason // "the deployment failed")"
      elif ($primary.rolloutState // "COMPLETED") == "COMPLETED" and ($service.deployments | length) == 1
        and $service.runningCount == $service.desiredCount then "live \($service.runningCount) tasks"
      else "waits \($primary.runningCount // 0) of \($primary.desiredCount // 0) tasks run, \($primary.failedTasks // 0) failed" end
    | gsub("[\r\n]+"; " ")'
}

declare -A wanted=()
problems=()
while IFS=$'\t' read -r service definition; do
  state=$(describe "$service" | judge "$definition") || state=unknown
  case $state in
    live*) echo "service $service runs $definition already"; continue ;;
    waits*) echo "service $service is on its way to $definition already" ;;
    *)
      # ECS starts no deployment by itself for the task definition that it failed to run before.
      jq -n --arg service "$service" --arg definition "$definition" --arg state "$state" \
        '{cluster: env.CLUSTER, service: $service, taskDefinition: $definition, forceNewDeployment: ($state | startswith("failed"))}' |
        ask update-service > /dev/null || { problems+=("service $service cannot be updated"); continue; }
      echo "service $service goes to $definition" ;;
  esac
  wanted[$service]=$definition
done < <(jq -r 'to_entries[] | [.key, .value] | @tsv' <<< "$TASK_DEFINITIONS")

# One look that shows another task definition may be out of date; two are not.
declare -A doubted=()
give_up() {
  problems+=("service $1 does not run ${wanted[$1]}: $2")
  unset "wanted[$1]"
  describe "$1" | jq -r '.services[0].events[:5][]? | "  \(.message | gsub("[\r\n]+"; " "))"' || true
}
while (( ${#wanted[@]} )); do
  # Sleeps in the background, so that a signal is heard at once.
  sleep "$interval" & wait $!
  for service in "${!wanted[@]}"; do
    state=$(describe "$service" | judge "${wanted[$service]}") || state='unknown it cannot be read'
    echo "service $service: $state"
    case $state in
      live*)
        [[ $state != 'live 0 tasks' ]] || echo "::warning::service $service wants no tasks, so nothing shows that the version runs"
        unset "wanted[$service]" ;;
      failed*) give_up "$service" "${state#failed }" ;;
      other*)
        if [[ -n ${doubted[$service]:-} ]]; then give_up "$service" "${state#other }"; else doubted[$service]=yes; fi ;;
      *) unset "doubted[$service]" ;;
    esac
  done
  if (( SECONDS >= max_wait )); then
    for service in "${!wanted[@]}"; do give_up "$service" "not after $max_wait seconds"; done
  fi
done
for problem in "${problems[@]}"; do printf '::error::%s\n' "$(escape "$problem")"; done
(( ${#problems[@]} == 0 )) || exit 1
echo "every service runs its task definition"
