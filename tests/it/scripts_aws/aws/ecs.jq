# ECS. A deployment completes after `polls` looks, unless `behaviour` of its task definition says otherwise.
def deployment($definition; $state): {id: "ecs-svc/1", status: "PRIMARY", taskDefinition: $definition, desiredCount: 2,
  runningCount: (if $state == "COMPLETED" then 2 else 0 end), pendingCount: 0, failedTasks: 0, launchType: "FARGATE",
  rolloutState: $state, rolloutStateReason: "ECS deployment ecs-svc/1 is \($state)"};
def advance:
  if .deployments[0].rolloutState == "IN_PROGRESS" then
    .left -= 1
    | if .left > 0 or .behaviour == "stuck" then .
      elif .behaviour == "circuit" then .deployments = [deployment(.deployments[-1].taskDefinition; "COMPLETED")] | .taskDefinition = .deployments[0].taskDefinition
      elif .behaviour == "fails" then .deployments[0] |= (.rolloutState = "FAILED" | .rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.\n::stop-commands::pwned")
      else .deployments = [.deployments[0] | .rolloutState = "COMPLETED" | .runningCount = 2] end
  else . end;
def view($name): {serviceArn: arn("ecs"; "service/shop/\($name)"), serviceName: $name, clusterArn: arn("ecs"; "cluster/shop"), status: "ACTIVE",
  desiredCount: 2, runningCount: 2, pendingCount: 0, launchType: "FARGATE", platformVersion: "LATEST",
  networkConfiguration: {awsvpcConfiguration: {subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED"}},
  events: [{id: "e", createdAt: 1.5, message: "(service \($name)) has started 2 tasks.\n::stop-commands::pwned"}]} + . | del(.left, .behaviour, .stale);
def ecs($operation):
  if $operation == "describe-services" then
    .input.services[0] as $name
    | if .account.services[$name] == null then .out = {services: [], failures: [{arn: arn("ecs"; "service/shop/\($name)"), reason: "MISSING"}]}
      elif (.account.services[$name].stale // 0) > 0 then
        .account.services[$name].stale -= 1 | .out = {services: [.account.services[$name] | .deployments = [.deployments[-1] | .status = "PRIMARY" | .rolloutState = "COMPLETED"] | view($name)], failures: []}
      else .account.services[$name] |= advance | .out = {services: [.account.services[$name] | view($name)], failures: []} end
  elif $operation == "update-service" then
    .input as {$service, $taskDefinition, $forceNewDeployment}
    | if .account.definitions[$taskDefinition] == null then refuse("ClientException"; "TaskDefinition is inactive")
      else
        .account as $account
        | .account.services[$service] |= (
            if .deployments[0].taskDefinition == $taskDefinition and $forceNewDeployment != true then . else
              .deployments = [deployment($taskDefinition; "IN_PROGRESS")] + [.deployments[] | select(.rolloutState == "COMPLETED") | .status = "ACTIVE"]
              | .taskDefinition = $taskDefinition | .left = ($account.polls // 1) | .behaviour = $account.behaviour[$taskDefinition]
              | .stale = ($account.stale // 0)
            end)
        | .out = {service: (.account.services[$service] | view($service))}
      end
  elif $operation == "describe-task-definition" then
    .account.definitions[.input.taskDefinition] as $definition
    | if $definition == null then refuse("ClientException"; "Unable to describe task definition.")
      else .out = {taskDefinition: ($definition | del(.tags)), tags: ($definition.tags // [])} end
  elif $operation == "register-task-definition" then
    ["family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes", "placementConstraints", "requiresCompatibilities",
      "cpu", "memory", "tags", "pidMode", "ipcMode", "proxyConfiguration", "ephemeralStorage", "runtimePlatform", "enableFaultInjection"] as $known
    | ((.input | keys) - $known) as $unknown
    | if $unknown != [] then .ends = "fail" | .error = "\nParameter validation failed:\nUnknown parameter in input: \"\($unknown[0])\""
      elif any(.input.tags[]?; .key | startswith("aws:")) then refuse("InvalidParameterException"; "aws: prefixed tag key names are not allowed")
      else
        .input.family as $family
        | ([.account.definitions[] | select(.family == $family) | .revision] | max // 0) as $last
        | arn("ecs"; "task-definition/\($family):\($last + 1)") as $arn
        | .account.definitions[$arn] = .input + {taskDefinitionArn: $arn, revision: ($last + 1), status: "ACTIVE", registeredAt: 1.5,
            registeredBy: "me", compatibilities: ["FARGATE"], requiresAttributes: [{name: "ecs.capability.x"}]}
        | .out = {taskDefinition: (.account.definitions[$arn] | del(.tags)), tags: (.input.tags // [])}
      end
  elif $operation == "list-task-definitions" then
    # A prefix: families that only begin so are among the answers.
    .input.familyPrefix as $prefix
    | .out = {taskDefinitionArns: [.account.definitions | to_entries[] | select(.value.family | startswith($prefix)) | .value]
        | sort_by(.family, .revision) | reverse | map(.taskDefinitionArn)}
  elif $operation == "run-task" then
    if .account.run.failure then .out = {tasks: [], failures: [{arn: arn("ecs"; "cluster/shop"), reason: .account.run.failure}]} else
      arn("ecs"; "task/shop/t\(.account.tasks | length)") as $arn
      | .account.tasks[$arn] = {taskArn: $arn, taskDefinitionArn: .input.taskDefinition, startedBy: .input.startedBy, lastStatus: "PENDING", desiredStatus: "RUNNING", left: (.account.run.polls // 2)}
      | .out = {tasks: [.account.tasks[$arn] | del(.left)], failures: []}
    end
  elif $operation == "describe-tasks" then
    .account as $account | .input.tasks[0] as $arn
    | .account.tasks[$arn] |= (
        .left -= 1
        | if .left > 0 then .lastStatus = "RUNNING" | .containers = [{name: "sidecar", lastStatus: "RUNNING"}, {name: "app", lastStatus: "RUNNING"}]
          else . + ($account.run.end // {lastStatus: "STOPPED", stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited",
              containers: [{name: "sidecar", lastStatus: "STOPPED", exitCode: 137}, {name: "app", lastStatus: "STOPPED", exitCode: ($account.run.exit // 0)}]})
          end)
    | .out = if .account.tasks[$arn].left == 1 and $account.run.late then {tasks: [], failures: [{arn: $arn, reason: "MISSING"}]}
        else {tasks: [.account.tasks[$arn] | del(.left)], failures: []} end
  elif $operation == "list-tasks" then
    .input as $input | .out = {taskArns: [.account.tasks[] | select(.startedBy == $input.startedBy and .desiredStatus == "RUNNING" and .lastStatus != "STOPPED") | .taskArn]}
  elif $operation == "stop-task" then
    .account.tasks[.input.task] |= (.desiredStatus = "STOPPED" | .stoppedReason = "stopped by us") | .out = {task: .account.tasks[.input.task]}
  else error("ecs \($operation)") end;
def answer: ecs(.words[1]);
