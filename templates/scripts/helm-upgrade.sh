#!/usr/bin/env bash
# Installs or upgrades a Helm release and waits until it is ready. If that fails, or the job is
# stopped, Helm itself goes back to the revision before.
#
# in NAMESPACE: namespace of the application
# in RELEASE: name of the Helm release
# in CHART: folder of the chart in the repository, or its address, such as `oci://ghcr.io/acme/charts/shop`
# in VERSION: version to deploy, which describes the revision
# in CHART_VERSION?: version of the chart (default: the latest, or what is in the folder)
# in VALUES_FILES?: values files, one per line, as paths in the repository (default: none)
# in IMAGES?: lines `NAME=image@sha256:...`, which set the values `PATH.repository` and `PATH.digest` (default: none)
# in PATHS?: lines `NAME=PATH`, where the values name each image (default: NAME is the path)
# in WAIT_SECONDS?: time to become ready (default 600)
# out revision: the new revision
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

wait=${WAIT_SECONDS:-600}
[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "WAIT_SECONDS must be a number"
[[ $RELEASE =~ ^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$ ]] || fail "RELEASE is no name of a Helm release"
[[ $CHART != -* && -n $CHART ]] || fail "CHART is no chart"
[[ ${CHART_VERSION:-} =~ ^[0-9A-Za-z.+~^*_-]*$ ]] || fail "CHART_VERSION is no version"
[[ -n $VERSION && $VERSION != *[[:cntrl:]]* && ${#VERSION} -le 200 ]] || fail "VERSION is empty, too long or holds a control character"
arguments=()
while IFS= read -r file; do
  [[ -z $file ]] || { [[ -f $file ]] || fail "$file is not in the repository"; arguments+=("--values=$file"); }
done < <(lines "${VALUES_FILES:-}")
images=$(images "${IMAGES:-}")
if [[ $images != '{}' ]]; then
  paths=$(lines "${PATHS:-}" | jq -Rnc '[inputs | capture("^(?<key>[^=]+)=(?<value>[A-Za-z0-9_.-]+)$")] | from_entries')
  twice=$(jq -r --argjson paths "$paths" '[to_entries[] | $paths[.key] // .key] | group_by(.)[] | select(length > 1) | .[0]' <<< "$images")
  [[ -z $twice ]] || fail "several images have the path \`$twice\` in the values"
  jq --argjson paths "$paths" 'reduce to_entries[] as $image ({}; ($paths[$image.key] // $image.key | split(".")) as $path | ($image.value | split("@")) as [$repository, $digest]
    | setpath($path + ["repository"]; $repository) | setpath($path + ["digest"]; $digest))' <<< "$images" > "$RUNNER_TEMP/helm-images.json"
  arguments+=("--values=$RUNNER_TEMP/helm-images.json")
fi
[[ -z ${CHART_VERSION:-} ]] || arguments+=("--version=$CHART_VERSION")
# Helm 4 has another name for the same.
case $(helm version --template='{{.Version}}') in
  v3.*) arguments+=(--atomic) ;;
  v[4-9].*) arguments+=(--rollback-on-failure) ;;
  *) fail "this helm is neither version 3 nor 4" ;;
esac

code=0 helm='' stopped=''
# Set before the start, so that no signal falls between the two.
trap 'if [[ -n $helm ]]; then kill -TERM "$helm" 2> /dev/null || true; else stopped=1; fi' INT TERM
# In the background, so that the signal of a stopped job gets to helm, which then goes back.
helm upgrade "$RELEASE" "$CHART" --install --namespace="$NAMESPACE" --wait --timeout="${wait}s" --history-max=20 \
  --description="$VERSION" --output=json "${arguments[@]}" > "$RUNNER_TEMP/helm-result.json" 2> "$RUNNER_TEMP/helm-error" &
helm=$!
[[ -z $stopped ]] || kill -TERM "$helm" 2> /dev/null || true
while kill -0 "$helm" 2> /dev/null; do wait "$helm" || code=$?; done
wait "$helm" || code=$?
bar < "$RUNNER_TEMP/helm-error"
((code == 0)) || fail "$RELEASE was not upgraded to version $VERSION, see above"
revision=$(jq -r .version "$RUNNER_TEMP/helm-result.json")
[[ $revision =~ ^[0-9]+$ ]] || fail "helm does not say which revision it made"
echo "revision=$revision" >> "$GITHUB_OUTPUT"
echo "revision $revision of $RELEASE is version $VERSION"
