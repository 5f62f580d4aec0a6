#!/usr/bin/env bash
# Stands in for kubectl, helm, terraform, migrate and aws: records each call, fails or hangs when told to,
# and keeps what a cluster, a state or a database would keep. Its folder `$FAKE` holds:
#   calls        one line per call, each argument quoted where it must be
#   fail, hang   patterns; a call that matches one fails, or does not come back until it gets a signal
#   signals      which signals a hanging call got
#   broken       pattern; pods with such an image do not become ready, and a roll-out with them does
#                not end, unless there is `rolled-out`
#   nodes.json   the nodes; nodes-later.json those after the first look at them
#   quotas.json  the quotas of the namespace
#   stuck        an Argo rollout does not get to its first pause
#   cluster.json objects by kind/name, and the pod templates of each revision; objects the same by line
#   helm.json    history of the one release; helm-version the version of helm
#   database     version of the database, `(dirty)` after it if so; steps/ the migrations
# shellcheck disable=SC2016
set -euo pipefail
program=${0##*/}
call=$program
for argument; do printf -v call '%s %q' "$call" "$argument"; done
echo "$call" >> "$FAKE/calls"
if [[ -s $FAKE/hang && $call =~ $(< "$FAKE/hang") ]]; then
  trap 'echo TERM >> "$FAKE/signals"; exit 143' TERM
  trap 'echo INT >> "$FAKE/signals"; exit 130' INT
  echo "$$" > "$FAKE/hanging"
  for _ in {1..300}; do sleep 0.05; done
fi
if [[ -s $FAKE/fail && $call =~ $(< "$FAKE/fail") ]]; then printf '%s: told to fail\n::stop-commands::x\r::stop-commands::y\n' "$program" >&2; exit 1; fi

cluster=$FAKE/cluster.json
# What controllers do after a change: a new template is a new revision.
controllers='
  reduce (.objects | to_entries[] | select(.value.kind | IN("Deployment", "Rollout"))) as $entry (.;
    $entry.key as $key | $entry.value.spec.template as $template | (.history[$key] // {}) as $history
    | ([$history | keys[] | tonumber] | max // 0) as $last
    | if $last > 0 and $history["\($last)"] == $template then . else
        # An old revision that comes back gets a new number.
        .history[$key] = ([$history | to_entries[] | select(.value != $template)] | from_entries) + {"\($last + 1)": $template}
        | .objects[$key].metadata.generation = $last + 1
        | .objects[$key].metadata.annotations[
            if $entry.value.kind == "Rollout" then "rollout.argoproj.io/revision" else "deployment.kubernetes.io/revision" end] = "\($last + 1)"
      end)'
# One line for each object, so that a look at one needs no jq, which takes its time to start.
lines='(.objects | to_entries[] | select(.value) | "\(.key)\t\(.value | tojson)")'
# Changes the cluster by a jq program, the last argument. What is not there cannot be changed.
change() {
  local all objects
  mkdir -p "$FAKE/new"
  jq -r "${@:1:$#-1}" "if \$ARGS.named.key and .objects[\$ARGS.named.key] == null then error(\"not found\") else ${!#} end
    | $controllers | tojson, $lines" "$cluster" > "$FAKE/new/all"
  { IFS= read -r all; mapfile objects; } < "$FAKE/new/all"
  echo "$all" > "$FAKE/new/cluster.json"
  printf '%s' "${objects[@]}" > "$FAKE/new/objects"
  mv "$FAKE/new/objects" "$FAKE/new/cluster.json" "$FAKE"
}
# Prints an object; fails if there is none.
object() {
  local key json
  [[ -e $FAKE/objects ]] || jq -r "$lines" "$cluster" > "$FAKE/objects"
  while IFS=$'\t' read -r key json; do
    [[ $key != "$1" ]] || { printf '%s\n' "$json"; return; }
  done < "$FAKE/objects"
  return 1
}
# Answers by a jq program from the `pods`, those with all labels of a selector `a=b,c=d`.
ask_pods() {
  local broken='^$'
  [[ ! -s $FAKE/broken ]] || broken=$(< "$FAKE/broken")
  jq --arg broken "$broken" --arg selector "$1" '
    def with($labels): map(select(.metadata.labels | contains($labels)));
    . as $cluster
    | ($selector | split(",") | map(split("=") | {key: .[0], value: .[1]}) | from_entries) as $wanted
    | [.objects | to_entries[] | .key as $key | .value | select(.kind | IN("Deployment", "Rollout"))
      | . as $owner | (.spec.replicas // 1) as $replicas | range($replicas)
      | "\($owner.metadata.name)-\($owner.metadata.generation)" as $set
      | any($owner.spec.template.spec.containers[]; .image | test($broken)) as $crashes
      | {metadata: {name: "\($set)-\(.)", ownerReferences: [{kind: "ReplicaSet", name: $set}], labels: ($owner.spec.template.metadata.labels
            + {(if $owner.kind == "Rollout" then "rollouts-pod-template-hash" else "pod-template-hash" end): "\($owner.metadata.generation)"})},
         spec: {containers: $owner.spec.template.spec.containers},
         status: {phase: "Running", conditions: [{type: "Ready", status: (if $crashes then "False" else "True" end)}],
           containerStatuses: [{state: (if $crashes then {waiting: {reason: "CrashLoopBackOff"}} else {running: {}} end)}]}}]
    | '"$2" "$cluster"
}
missing() { echo "Error from server (NotFound): $1 not found" >&2; exit 1; }

get() {
  local what=$1 selector=''
  shift
  for argument; do [[ $argument != --selector=* ]] || selector=${argument#*=}; done
  case $what in
    pods)
      if [[ $* == *--output=json* ]]; then ask_pods "$selector" '{items: with($wanted)}'
      else echo 'NAME  READY ::stop-commands::x'; fi ;;
    nodes)
      cat "$FAKE/nodes.json"
      [[ ! -e $FAKE/nodes-later.json ]] || mv "$FAKE/nodes-later.json" "$FAKE/nodes.json" ;;
    resourcequotas) cat "$FAKE/quotas.json" 2> /dev/null || echo '{"items": []}' ;;
    events) echo '::error::an event' ;;
    endpointslices)
      ask_pods '' 'with($cluster.objects["service/'"${selector#*=}"'"].spec.selector)
        | {items: [{endpoints: [.[] | {targetRef: {name: .metadata.name}, conditions: {ready: (.status.conditions[0].status == "True")}}]}]}' ;;
    rollout/*)
      # The controller is late: the first look after a change still shows the state before.
      if [[ $(< "$cluster") == *'"late":true'* ]]; then
        jq --arg key "$what" '.objects[$key] | .status = .before' "$cluster"
        change 'del(.late)'
      else object "$what" || true; fi ;;
    *) object "$what" || true ;;
  esac
}

apply() {
  local file='' dry=''
  for argument; do
    case $argument in --filename=-) file=/dev/stdin ;; --filename=*) file=${argument#*=} ;; --dry-run=server) dry=1 ;; esac
  done
  jq -rs --arg dry "$dry" 'map(if .kind == "List" then .items[] else . end) | tojson,
    (.[] | "\(.kind | ascii_downcase)/\(.metadata.name) configured\(if $dry != "" then " (server dry run)" else "" end)")' "$file" > "$FAKE/answer"
  { IFS= read -r file; cat; } < "$FAKE/answer"
  echo "$file" > "$FAKE/applied"
  [[ -n $dry ]] || change --slurpfile applied "$FAKE/applied" 'reduce $applied[0][] as $object (.;
    .objects["\($object.kind | ascii_downcase)/\($object.metadata.name)"] |= ((. // {}) * $object
      # As three-way merges do, it keeps what others added.
      | if .kind == "Job" then .status = {conditions: [{type: "SuccessCriteriaMet", status: "True"}, {type: "Complete", status: "True"}]} else . end))'
}

set_image() {
  local key=$1
  shift
  for pair; do
    change --arg key "$key" --arg name "${pair%%=*}" --arg image "${pair#*=}" \
      '.objects[$key].spec.template.spec.containers |= map(if .name == $name then .image = $image else . end)'
  done
}
undo() {
  jq -e --arg key "$1" --arg revision "$2" '.history[$key][$revision]' "$cluster" > /dev/null ||
    { echo "error: unable to find specified revision $2 in history" >&2; exit 1; }
  change --arg key "$1" --arg revision "$2" '.objects[$key].spec.template = .history[$key][$revision]'
}

argo() {
  local key=rollout/$2
  case $1 in
    'set') key=rollout/$3; set_image "$key" "$4"
      change --arg key "$key" '.late = true | .objects[$key] |= (.before = .status
        | .status = {phase: "Paused", currentStepIndex: 1, observedGeneration: "\(.metadata.generation)"})'
      [[ ! -e $FAKE/stuck ]] || change --arg key "$key" '.objects[$key].status.phase = "Progressing"' ;;
    promote) change --arg key "$key" '.late = true | .objects[$key] |= (.before = .status | .status.currentStepIndex += 2
      | if .status.currentStepIndex >= (.spec.strategy.canary.steps | length) then .status.phase = "Healthy" else . end)' ;;
    abort) change --arg key "$key" '.objects[$key].status |= (.phase = "Degraded" | .message = "RolloutAborted: ::stop-commands::x")' ;;
    undo) undo "$key" "${3#--to-revision=}"
      change --arg key "$key" '.objects[$key] |= (.status = {phase: "Healthy", observedGeneration: "\(.metadata.generation)"})' ;;
    *) exit 64 ;;
  esac
}

kubectl() {
  local words=() argument
  for argument; do case $argument in --namespace=* | --request-timeout=*) ;; *) words+=("$argument") ;; esac; done
  set -- "${words[@]}"
  case "$1 ${2-}" in
    'config view')
      jq -e '.["current-context"]' "$KUBECONFIG" > /dev/null || exit 1
      jq '{clusters: [.clusters[] | .cluster |= del(.["certificate-authority-data"])]}' "$KUBECONFIG" ;;
    'auth can-i') cat "$FAKE/can-i" 2> /dev/null || echo yes ;;
    get\ *) shift && get "$@" ;;
    kustomize\ *) cp "${!#}/kustomization.yaml" "$FAKE/overlay"; kustomize "${!#}" ;;
    create\ --dry-run=client) cat "${!##*=}" ;;
    create\ --filename=*) apply "$2" ;;
    apply\ *) shift && apply "$@" ;;
    'rollout status')
      object "$3" > /dev/null || missing "$3"
      if [[ -s $FAKE/broken && ! -e $FAKE/rolled-out ]] && jq -r --arg key "$3" '.objects[$key].spec.template.spec.containers[].image' "$cluster" | grep -qE -f "$FAKE/broken"; then
        echo "Waiting for $3 rollout to finish: 0 of 2 updated replicas are available..."
        echo 'error: timed out waiting for the condition' >&2
        exit 1
      fi
      echo "$3 successfully rolled out" ;;
    'rollout undo') undo "$3" "${4#--to-revision=}"; echo "$3 rolled back" ;;
    'set image') shift 2 && set_image "$@" && echo "$1 image updated" ;;
    scale\ *)
      change --arg key "$2" --argjson replicas "${3#--replicas=}" '.objects[$key].spec.replicas = $replicas'
      echo "$2 scaled" ;;
    patch\ *)
      case $3 in
        --type=merge) change --arg key "$2" --argjson patch "${4#--patch=}" '.objects[$key] *= $patch' ;;
        --type=json) change --arg key "$2" --argjson patch "${4#--patch=}" '.objects[$key] |= reduce $patch[] as $op (.;
          ($op.path[1:] | split("/") | map(tonumber? // .)) as $path
          | if $op.op == "add" then setpath($path; $op.value) elif getpath($path) == $op.value then . else error("test failed") end)' ;;
      esac
      echo "$2 patched"
      jq -c --arg key "$2" '.objects[$key].spec | .selector // [.rules[].backendRefs[]?.weight]' "$cluster" >> "$FAKE/traffic" ;;
    logs\ *) printf 'migrated\r::stop-commands::x\n' ;;
    port-forward\ *)
      echo "Forwarding from 127.0.0.1:$(< "$FAKE/port") -> ${!#}"
      # As the real one: it stays until it is told to end.
      exec sleep 20 ;;
    'argo rollouts') shift 2 && argo "$@" ;;
    *) exit 64 ;;
  esac
}
# Understands what the scripts write: resources that are JSON files or folders with them, and images.
kustomize() {
  local resource files=()
  while read -r resource; do
    resource=$1/$resource
    if [[ -d $resource ]]; then
      while read -r file; do files+=("$resource/$file"); done < <(jq -r '.resources[]' "$resource/kustomization.yaml")
    else files+=("$resource"); fi
  done < <(jq -r '.resources[]' "$1/kustomization.yaml")
  jq --slurpfile overlay "$1/kustomization.yaml" 'walk(if type == "object" and (.image | type) == "string" then
      .image as $image | first(($overlay[0].images[] | select(.name == ($image | split("@")[0] | sub(":[^/:]*$"; ""))) | "\(.newName)@\(.digest)"), $image) as $new
      | .image = $new else . end)' "${files[@]}"
}

helm() {
  local history=$FAKE/helm.json
  record() { jq --arg description "$1" --arg status "$2" --argjson values "${3:-null}" '
      (if $status == "deployed" then map(if .status == "deployed" then .status = "superseded" else . end) else . end)
      + [{revision: (length + 1), status: $status, chart: "shop-1.0.0", app_version: "9", description: $description, values: $values}]' \
    "$history" > "$history.new"; mv "$history.new" "$history"; }
  case $1 in
    version) cat "$FAKE/helm-version" ;;
    history) [[ -s $history ]] || { echo 'Error: release: not found' >&2; exit 1; }; cat "$history" ;;
    upgrade)
      local description='' values=null argument
      for argument; do case $argument in --description=*) description=${argument#*=} ;; --values=*images.json) values=$(jq -c . "${argument#*=}") ;; esac; done
      [[ -s $history ]] || echo '[]' > "$history"
      if [[ -e $FAKE/helm-fails ]]; then
        record 'Upgrade "shop" failed: ::stop-commands::x' failed
        local live
        live=$(jq 'last(.[] | select(.status == "deployed")) | .revision' "$history")
        [[ $(< "$FAKE/helm-fails") != back ]] || record "Rollback to $live" deployed
        echo 'Error: UPGRADE FAILED: ::stop-commands::x' >&2
        exit 1
      fi
      record "$description" deployed "$values"
      jq '{name: "shop", version: length, info: {status: "deployed"}}' "$history" ;;
    rollback) record "Rollback to $3" deployed; echo 'Rollback was a success! Happy Helming!' ;;
    *) exit 64 ;;
  esac
}

migrate() {
  local version='' command count
  env | grep '^PGPASSWORD=' > "$FAKE/password" || true
  shift 6
  command=$1 count=${2-}
  [[ ! -s $FAKE/database ]] || version=$(< "$FAKE/database")
  if [[ $command == version ]]; then
    [[ -n $version ]] || { echo 'error: no migration' >&2; exit 1; }
    echo "$version" >&2
    return
  fi
  local now=${version:-0} last
  last=$(find "$FAKE/../repo/migrations" -name '*.up.sql' | wc -l)
  case $command in
    up) count=$((now + ${count:-$last})); ((count <= last)) || count=$last ;;
    down) count=$((now - count)); ((count >= 0)) || { echo 'error: limit 1 short' >&2; exit 1; } ;;
    goto) ;;
  esac
  [[ $count != "$now" ]] || { echo 'no change' >&2; return 0; }
  if [[ -e $FAKE/migration-breaks ]]; then
    echo "$count (dirty)" > "$FAKE/database"
    echo 'error: migration failed: ::stop-commands::x' >&2
    exit 1
  fi
  echo "$count" > "$FAKE/database"
  ((count > 0)) || rm "$FAKE/database"
  echo "$count/u step (1.5ms)" >&2
}

# Writes the kubeconfig of a cluster.
aws() {
  [[ "$1 $2 $3 $5" == 'eks update-kubeconfig --name --kubeconfig' ]] || exit 64
  echo "clusters: [$4]" > "$6"
  echo "Added new context arn:aws:eks:us-west-2:1:cluster/$4 to $6"
}

# The plan is a file; what it would do is in `changes.json`, the number of the state in `serial`.
terraform() {
  local folder=${1#-chdir=} serial file=''
  shift
  serial=$(cat "$FAKE/serial" 2> /dev/null || echo 0)
  cd "$folder"
  case $1 in
    init) echo '::stop-commands::initialised' ;;
    plan)
      for argument; do [[ $argument != -out=* ]] || file=${argument#*=}; done
      if [[ -e $FAKE/locked ]]; then printf 'Error: Error acquiring the state lock\n\nLock Info:\n  ID: 7\n' >&2; exit 1; fi
      printf '%s secret-in-the-plan' "$serial" > "$file"
      echo 'Plan: ::stop-commands::x'
      if jq -e '[.resource_changes[]?.change.actions | select(. != ["no-op"])] + [.resource_drift[]?] == []' "$FAKE/changes.json" > /dev/null; then exit 0; fi
      exit 2 ;;
    show) cat "$FAKE/changes.json" ;;
    apply)
      [[ $(cut -d ' ' -f 1 "${!#}") == "$serial" ]] || { printf '\nError: Saved plan is stale\n\n' >&2; exit 1; }
      echo "$((serial + 1))" > "$FAKE/serial"
      echo 'Apply complete!' ;;
    *) exit 64 ;;
  esac
}

"$program" "$@"
