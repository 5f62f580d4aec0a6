#!/usr/bin/env bash
# Runs a command, such as the migrations, once in a task of ECS with the new image, and judges its exit code.
#
# in CLUSTER: name or ARN of the cluster
# in SERVICE: service whose network and place the task takes
# in TASK_DEFINITIONS: JSON of each service and the ARN of its new task definition, as `ecs-register` gave it
# in CONTAINER: container that runs the command
# in COMMAND: shell command
# in MAX_WAIT?: seconds until it must have ended; then it is stopped (default 1800)
# in INTERVAL?: seconds between two looks (default 10)
# out task: ARN of the task
set -euo pipefail
max_wait=${MAX_WAIT:-1800} interval=${INTERVAL:-10}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws ecs "$1" --output json --cli-input-json "file://$input"; }

[[ "$max_wait $interval" =~ ^[0-9]+\ [0-9.]+$ ]] || fail "MAX_WAIT and INTERVAL must be numbers"
[[ $CLUSTER =~ ^[A-Za-z0-9][A-Za-z0-9_:/-]*$ ]] || fail "CLUSTER is \`$CLUSTER\`, which is not the name of a cluster"
[[ $SERVICE =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] || fail "\`$SERVICE\` is not the name of a service"
[[ $CONTAINER =~ ^[A-Za-z0-9_-]+$ ]] || fail "\`$CONTAINER\` is not the name of a container"
definition=$(jq -r '.[env.SERVICE] // empty | select(test("^arn:[a-z0-9:-]+:task-definition/[A-Za-z0-9_-]+:[0-9]+\\z"))' <<< "$TASK_DEFINITIONS" 2> /dev/null) || definition=
[[ -n $definition ]] || fail "TASK_DEFINITIONS has none for service $SERVICE"

live=$(jq -n '{cluster: env.CLUSTER, services: [env.SERVICE]}' | ask describe-services | jq -e '.services[0] | select(.status == "ACTIVE")') ||
  fail "service $SERVICE cannot be read"

# Nothing may go on changing the database once this step has ended, even if the answer to its start was lost.
started_by=github-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT-$(date +%s%N)
stop_tasks() {
  local tasks task
  tasks=$(jq -n --arg by "$started_by" '{cluster: env.CLUSTER, startedBy: $by}' | ask list-tasks | jq -r '.taskArns[]') ||
    echo "::warning::whether a task of $started_by still runs is unknown"
  for task in $tasks; do
    jq -n --arg task "$task" '{cluster: env.CLUSTER, task: $task, reason: "the step of the workflow has ended"}' | ask stop-task > /dev/null ||
      echo "::warning::$task could not be stopped and may still run"
  done
}
trap stop_tasks EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

answer=$(jq --arg definition "$definition" --arg by "$started_by" '{
    cluster: env.CLUSTER, taskDefinition: $definition, count: 1,
    startedBy: $by,
    overrides: {containerOverrides: [{name: env.CONTAINER, command: ["sh", "-c", env.COMMAND]}]}
  }
  + if .networkConfiguration then {networkConfiguration} else {} end
  + if (.capacityProviderStrategy // []) != [] then {capacityProviderStrategy} elif .launchType then {launchType} else {} end
  + if .platformVersion then {platformVersion} else {} end' <<< "$live" | ask run-task) || fail "the task cannot be started"
task=$(jq -r '.tasks[0].taskArn // empty' <<< "$answer")
[[ -n $task ]] || fail "the task cannot be started: $(jq -r '.failures[0] | "\(.reason // "no answer") \(.detail // "")"' <<< "$answer")"
echo "task=$task" >> "$GITHUB_OUTPUT"
echo "started $task"

verdict=
while (( SECONDS < max_wait )); do
  # Sleeps in the background, so that a signal is heard at once.
  sleep "$interval" & wait $!
  # A task that has just been started may not be known everywhere yet.
  verdict=$(jq -n --arg task "$task" '{cluster: env.CLUSTER, tasks: [$task]}' | ask describe-tasks | jq -r '
    .tasks[0] as $task | [$task.containers[]? | select(.name == env.CONTAINER)][0] as $container
    | if $container.exitCode != null then "exit \($container.exitCode)"
      elif $task.lastStatus == "STOPPED" then "failed \([$task.stopCode, $task.stoppedReason, $container.reason | values] | unique | join("; "))"
      else empty end') || verdict=
  [[ -z $verdict ]] || break
done
case $verdict in
  '') fail "the task has not ended after $max_wait seconds" ;;
  'exit 0') ;;
  exit*) fail "the command ended with code ${verdict#exit }; its output is in the log of container $CONTAINER" ;;
  *) fail "the command did not run: ${verdict#failed }" ;;
esac
echo "the command ended with code 0"
