#!/usr/bin/env bash
# Runs the migrations as a Job: the pod of a workload, but with the image of this release, one
# container and one command. Its environment, volumes and service account are those of the workload.
#
# in NAMESPACE: namespace of the application
# in WORKLOAD: such as `deployment/shop`, from the manifests that kube-render.sh made
# in MIGRATE_COMMAND: shell command that migrates
# in RELEASE: id of this deployment, unique for each attempt, such as run id and attempt
# in CONTAINER?: container of the workload that has the command (default: the first one)
# in WAIT_SECONDS?: time for the migrations; the cluster ends them then (default 600)
# in POLL_SECONDS?: pause between two looks at the Job (default 3)
# out job: name of the Job
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-600}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
[[ $RELEASE =~ ^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$ ]] || fail "RELEASE has other characters than a-z 0-9 -, or more than 40"
target=$(WORKLOADS=$WORKLOAD workloads)
job=migrate-$RELEASE

# Without the labels of the workload, since a Service would send requests to the pod.
jq -e --arg workload "$target" --arg job "$job" --arg container "${CONTAINER:-}" --argjson wait "$wait" '
  first(.[] | select("\(.kind | ascii_downcase)/\(.metadata.name)" == $workload)) | .spec.template.spec
  | (.containers | if $container == "" then .[0] else map(select(.name == $container))[0] end) as $main
  | if $main == null then null else
    {apiVersion: "batch/v1", kind: "Job", metadata: {name: $job, labels: {"app.kubernetes.io/component": "migration"}},
     spec: {backoffLimit: 0, activeDeadlineSeconds: $wait, ttlSecondsAfterFinished: 86400,
       template: {metadata: {labels: {"app.kubernetes.io/component": "migration"}},
         spec: (del(.initContainers) | .restartPolicy = "Never"
           | .containers = [$main | del(.livenessProbe, .readinessProbe, .startupProbe, .lifecycle, .ports)
             | .command = ["sh", "-c", env.MIGRATE_COMMAND] | del(.args)])}}}
    end' "$RUNNER_TEMP/kube-manifests.json" > "$RUNNER_TEMP/kube-job.json" ||
  fail "no manifest has ${CONTAINER:+container $CONTAINER of }$target"

kube create --filename="$RUNNER_TEMP/kube-job.json" 2>&1 | bar || fail "the migration was not started"
echo "job=$job" >> "$GITHUB_OUTPUT"
trap 'warn "job/$job goes on in the cluster, for $wait seconds at most"; exit 143' TERM INT

# The cluster ends the Job; waiting a little longer leaves that to it.
deadline=$((SECONDS + wait + 30)) state=''
until [[ $state == Complete || $state == Failed* ]]; do
  ((SECONDS < deadline)) || fail "job/$job did not end within $wait seconds"
  state=$(kube get "job/$job" --output=json | jq -r 'first(.status.conditions[]? | select(.status == "True" and (.type == "Complete" or .type == "Failed")))
    | if .type == "Failed" then "Failed: \(.reason) \(.message)" else .type end') || state=''
  [[ -n $state ]] || pause "${POLL_SECONDS:-3}"
done
kube logs "job/$job" --tail=-1 2>&1 | bar || warn "the log of job/$job cannot be read"
[[ $state == Complete ]] || fail "the migration failed: ${state#Failed: }"
echo "migrated by job/$job"
