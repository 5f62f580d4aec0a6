#!/usr/bin/env bash
# Connects to the cluster, checks that it lets this job deploy, and writes `$RUNNER_TEMP/kube.sh`:
# functions that the later steps of the job share. `KUBECONFIG` is set for them as well.
#
# in NAMESPACE: namespace of the application
# in KUBECONFIG_DATA?: kubeconfig, as it is or in base64 (default: the login of an earlier step)
set -euo pipefail

cat > "$RUNNER_TEMP/kube.sh" << 'LIBRARY'
# shellcheck shell=bash
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$*")" >&2; exit 1; }
warn() { printf '::warning::%s\n' "$(escape "$*")" >&2; }
# The bar keeps what others print from being read as workflow commands.
bar() { sed 's/\r/\n| /g; s/^/| /'; }
lines() { sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$1"; }
# Unlike `sleep`, lets a signal be answered at once.
pause() { sleep "$1" & wait "$!"; }

kube() { kubectl --namespace="$NAMESPACE" --request-timeout=60s "$@" 2> >(bar >&2); }
# Flags of a plugin stand after its name.
argo() { kubectl argo rollouts --namespace="$NAMESPACE" "$@" 2>&1 | bar >&2; }

# Prints an object as JSON, or nothing if there is none. A cluster that does not answer is no answer.
object() { kube get "$1" --ignore-not-found --output=json || fail "cannot read $1 in namespace $NAMESPACE"; }

# Prints the names of the workloads, one per line, with an ending for those of one colour.
workloads() {
  local workload names
  names=$(lines "$WORKLOADS")
  [[ -n $names ]] || fail "WORKLOADS names none"
  while read -r workload; do
    [[ $workload =~ ^(deployment|statefulset|daemonset|rollout)/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] ||
      fail "\`$workload\` in WORKLOADS is no \`deployment/NAME\`, \`statefulset/NAME\`, \`daemonset/NAME\` or \`rollout/NAME\`"
    echo "$workload${1:+-$1}"
  done <<< "$names"
}

# Prints the lines of IMAGES as an object of name and image.
images() {
  local line found
  found=$(lines "$1")
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    [[ $line =~ ^[A-Za-z0-9][A-Za-z0-9._:/-]*=[a-z0-9][A-Za-z0-9._:/-]*@sha256:[0-9a-f]{64}$ ]] ||
      fail "\`$line\` in IMAGES is no \`NAME=image@sha256:...\`"
  done <<< "$found"
  jq -Rnc '[inputs | select(. != "") | split("=") | {key: .[0], value: .[1]}] | from_entries' <<< "$found"
}

show_trouble() {
  { kube get pods --output=wide; kube get events --sort-by=.lastTimestamp | tail -n 20; } 2>&1 | bar || true
}

# Waits until a workload is rolled out and every one of its pods is ready with the images of the
# workload, and prints these as an object of container and image.
wait_for() {
  local workload=$1 limit=$2 deadline=$((SECONDS + $2)) problem
  if [[ $workload == rollout/* ]]; then
    wait_for_rollout "$workload" "$limit" Healthy > /dev/null
  elif ! kubectl --namespace="$NAMESPACE" rollout status "$workload" --timeout="${limit}s" 2>&1 | bar >&2; then
    show_trouble >&2
    fail "$workload was not rolled out within $limit seconds"
  fi
  # An autoscaler may be at work, so that one look does not tell.
  until problem=$(unready_pods "$workload") && [[ -z $problem ]]; do
    ((SECONDS < deadline)) || { show_trouble >&2; fail "$workload: ${problem:-its pods cannot be read}"; }
    pause "${POLL_SECONDS:-3}"
  done
  object "$workload" | jq -c '[.spec.template.spec.containers[] | {key: .name, value: .image}] | from_entries'
}

# Prints what is wrong with the pods of a workload, which are those that it owns.
unready_pods() {
  local workload pods selector
  workload=$(kube get "$1" --ignore-not-found --output=json) || return
  [[ -n $workload ]] || { echo "it does not exist"; return; }
  selector=$(jq -r '.spec.selector.matchLabels | to_entries | map("\(.key)=\(.value)") | join(",")' <<< "$workload")
  pods=$(kube get pods --selector="$selector" --output=json) || return
  jq -rn 'input as $workload | input as $pods
    | ($workload.metadata.name) as $name
    | [$workload.spec.template.spec.containers[] | "\(.name)=\(.image)"] as $wanted
    | [$pods.items[] | select(.metadata.deletionTimestamp == null and (.status.phase | IN("Succeeded", "Failed") | not))
        | .metadata.labels as $labels
        | select(any(.metadata.ownerReferences[]?; .name == $name
            or (.kind == "ReplicaSet" and (.name == "\($name)-\($labels["pod-template-hash"])"
              or .name == "\($name)-\($labels["rollouts-pod-template-hash"])"))))] as $own
    | if ($own | length) == 0 and $workload.spec.replicas != 0 then "it has no pods" else empty end,
      ($own[] | .metadata.name as $pod | [.spec.containers[] | "\(.name)=\(.image)"] as $runs
        | ($wanted - $runs)[] | "pod \($pod) does not run \(.)"),
      ($own[] | select(any(.status.conditions[]?; .type == "Ready" and .status == "True") | not)
        | "pod \(.metadata.name) is not ready")' <<< "$workload $pods" | sed -n 1p
}

# Waits until an Argo rollout has got to one of these phases, and prints which.
wait_for_rollout() {
  local rollout=$1 deadline=$((SECONDS + $2)) wanted=" $3 " json phase
  while true; do
    json=$(object "$rollout") || return
    # The phase counts only for the generation that the controller has seen.
    phase=$(jq -r 'if "\(.status.observedGeneration)" == "\(.metadata.generation)" then .status.phase else "Progressing" end' <<< "$json")
    [[ $wanted != *" $phase "* ]] || { echo "$phase"; return; }
    [[ $phase != Degraded ]] || fail "$rollout is degraded: $(jq -r '.status.message' <<< "$json")"
    ((SECONDS < deadline)) || { show_trouble >&2; fail "$rollout is $phase after $2 seconds"; }
    pause "${POLL_SECONDS:-3}"
  done
}

# Sets images of a workload: `set_images deployment/NAME '{"container": "image"}'`.
set_images() {
  local pairs
  mapfile -t pairs < <(jq -r 'to_entries[] | "\(.key)=\(.value)"' <<< "$2")
  if [[ $1 != rollout/* ]]; then kube set image "$1" "${pairs[@]}" | bar >&2; return; fi
  local pair
  for pair in "${pairs[@]}"; do
    argo set image "${1#*/}" "$pair"
  done
}

# Prints which containers of a workload get which image: those with the name that an image is given
# for, as `backend` or `BACKEND_IMAGE`, or with an image of the same repository.
images_for() {
  jq -c --argjson images "$2" '
    def repository: split("@")[0] | sub(":[^/:]*$"; "");
    def variable: ascii_upcase | gsub("[^A-Z0-9]"; "_") + "_IMAGE";
    [.spec.template.spec.containers[]? | . as $container | $images | to_entries[]
      | select(.key == $container.name or .key == ($container.name | variable)
          or (.value | repository) == ($container.image | repository))
      | {key: $container.name, value: .value}] | from_entries' <<< "$1"
}

# Points a Service at the pods with this value of the slot label.
select_slot() {
  local patch
  patch=$(jq -cn --arg slot "${SLOT_LABEL:-slot}" --arg value "$2" '{spec: {selector: {($slot): $value}}}')
  kube patch "service/$1" --type=merge --patch="$patch" | bar >&2
}

# Waits until the ready endpoints of a Service are pods of this slot, and at least one.
wait_for_endpoints() {
  local deadline=$((SECONDS + $3)) slices pods problem
  while true; do
    slices=$(kube get endpointslices --selector="kubernetes.io/service-name=$1" --output=json) &&
      pods=$(kube get pods --selector="${SLOT_LABEL:-slot}=$2" --output=json) &&
      problem=$(jq -rn --arg slot "$2" 'input as $slices | input as $pods
        | [$pods.items[].metadata.name] as $own
        | [$slices.items[].endpoints[]? | select(.conditions.ready != false) | .targetRef.name] as $ready
        | if $ready == [] then "no endpoint is ready"
          else ($ready - $own)[0] // empty | "\(.) is no pod of \($slot)" end' <<< "$slices $pods") || problem="its endpoints cannot be read"
    [[ -n $problem ]] || return 0
    ((SECONDS < deadline)) || fail "service/$1 does not lead to $2: $problem"
    pause "${POLL_SECONDS:-3}"
  done
}

# Gives the canary this percentage of the traffic in every rule of the route that names both Services.
weigh_canary() {
  local patch
  patch=$(object "httproute/$HTTP_ROUTE" | jq -c --arg stable "$STABLE_SERVICE" --arg canary "$CANARY_SERVICE" --argjson weight "$1" '
    [.spec.rules | to_entries[] | .key as $rule
      | select([.value.backendRefs[]?.name] | index([$stable]) != null and index([$canary]) != null)
      | .value.backendRefs | to_entries[] | select(.value.name == $stable or .value.name == $canary)
      | "/spec/rules/\($rule)/backendRefs/\(.key)" as $path
      | {op: "test", path: "\($path)/name", value: .value.name},
        {op: "add", path: "\($path)/weight", value: (if .value.name == $canary then $weight else 100 - $weight end)}]')
  [[ -n $patch && $patch != '[]' ]] || fail "httproute/$HTTP_ROUTE has no rule with the backends $STABLE_SERVICE and $CANARY_SERVICE"
  kube patch "httproute/$HTTP_ROUTE" --type=json --patch="$patch" | bar >&2
}

# Prints what is wrong with a release that has a part of the traffic, and nothing if all is well.
problem_of_release() {
  if [[ -n ${HEALTH_URL:-} ]]; then
    curl --silent --show-error --fail --globoff --proto '=http,https' --max-time 10 --output /dev/null --url "$HEALTH_URL" 2>&1 |
      bar >&2 || { echo "$HEALTH_URL does not answer with success"; return; }
  fi
  if [[ -n ${CHECK_COMMAND:-} ]]; then
    bash -euo pipefail -c "$CHECK_COMMAND" < /dev/null 2>&1 | bar >&2 || { echo "the check command failed"; return; }
  fi
  [[ -n ${PROMETHEUS_URL:-} ]] || return 0
  local reply value
  reply=$(curl --silent --show-error --fail --globoff --proto '=http,https' --max-time 10 \
    --header @<(printf '%s' "${PROMETHEUS_TOKEN:+Authorization: Bearer $PROMETHEUS_TOKEN}") \
    --get --data-urlencode "query=$PROMETHEUS_QUERY" --url "${PROMETHEUS_URL%/}/api/v1/query" 2>&1) || { echo "Prometheus: $reply"; return; }
  value=$(jq -r 'if .status == "success" and (.data.result | length) == 1 then .data.result[0].value[1] else empty end' <<< "$reply" 2>&1) || value=
  [[ $value =~ ^-?[0-9.]+(e[-+]?[0-9]+)?$ ]] || { echo "Prometheus has no data"; return; }
  awk -v value="$value" -v limit="${PROMETHEUS_LIMIT:-0.05}" \
    'BEGIN { if (value + 0 > limit + 0) print "Prometheus: " value " is above " limit }'
}

# Watches a release for some seconds, at least for one check, and fails when several in a row do.
watch_release() {
  local deadline=$((SECONDS + $1)) failed=0 problem=unknown
  [[ -n ${HEALTH_URL:-}${CHECK_COMMAND:-}${PROMETHEUS_URL:-} ]] ||
    fail "nothing tells how the new version does: set HEALTH_URL, CHECK_COMMAND, or PROMETHEUS_URL and PROMETHEUS_QUERY"
  [[ "${INTERVAL:-10} ${MAX_CONSECUTIVE:-2} ${PROMETHEUS_LIMIT:-0.05}" =~ ^[0-9.]+\ [1-9][0-9]*\ [0-9.]+$ ]] ||
    fail "INTERVAL, MAX_CONSECUTIVE and PROMETHEUS_LIMIT must be numbers"
  until ((SECONDS >= deadline)) && [[ -z $problem ]]; do
    pause "${INTERVAL:-10}"
    # In the background, so that a signal is answered at once.
    problem_of_release > "$RUNNER_TEMP/kube-problem" & wait "$!" || true
    problem=$(< "$RUNNER_TEMP/kube-problem")
    if [[ -z $problem ]]; then failed=0; else failed=$((failed + 1)); fi
    [[ -z $problem ]] || echo "check failed: $(escape "$problem")"
    ((failed < ${MAX_CONSECUTIVE:-2})) || fail "$failed checks in a row failed: $problem"
  done
}

[[ $NAMESPACE =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || fail "NAMESPACE is no name of a namespace"
[[ ${POLL_SECONDS:-3} =~ ^[0-9.]+$ ]] || fail "POLL_SECONDS must be a number"
[[ ${SLOT_LABEL:-slot} =~ ^[A-Za-z0-9]([A-Za-z0-9./_-]*[A-Za-z0-9])?$ ]] || fail "SLOT_LABEL is no name of a label"
LIBRARY
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

if [[ -n ${KUBECONFIG_DATA:-} ]]; then
  umask 077
  export KUBECONFIG=$RUNNER_TEMP/kubeconfig
  rm -f "$KUBECONFIG"
  if [[ $KUBECONFIG_DATA == *clusters:* || $KUBECONFIG_DATA == *'"clusters"'* ]]; then
    printf '%s\n' "$KUBECONFIG_DATA" > "$KUBECONFIG"
  else
    base64 --decode --ignore-garbage <<< "$KUBECONFIG_DATA" > "$KUBECONFIG" 2> /dev/null ||
      fail "KUBECONFIG_DATA is neither a kubeconfig nor one in base64"
  fi
  # `config view` leaves the credentials out.
  config=$(kubectl config view --minify --output=json 2> /dev/null) ||
    fail "KUBECONFIG_DATA is no kubeconfig with a current context"
  jq -e '[.clusters[]?.cluster["insecure-skip-tls-verify"]] | any | not' <<< "$config" > /dev/null ||
    fail "KUBECONFIG_DATA does not check who the cluster is: give \`certificate-authority-data\` instead of \`insecure-skip-tls-verify\`"
  echo "KUBECONFIG=$KUBECONFIG" >> "$GITHUB_ENV"
fi

# Answers `yes`, or `no` with or without a reason, and nothing if the cluster cannot be asked.
answer=$(kube auth can-i patch deployments.apps) || true
[[ $answer == yes* || $answer == no* ]] || fail "the cluster cannot be reached, see above"
[[ $answer == yes* ]] || fail "these credentials may not patch deployments in namespace $NAMESPACE"
echo "connected, to deploy in namespace $NAMESPACE"
