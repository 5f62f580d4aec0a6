#!/usr/bin/env bash
# Makes the manifests to apply, `$RUNNER_TEMP/kube-manifests.json`, with every image at its digest.
# The repository stays as it is.
#
# in NAMESPACE: namespace of the application
# in MANIFESTS: folder with a kustomization, or with plain manifests, as path in the repository
# in IMAGES: lines `NAME=image@sha256:...`; manifests name the image by NAME or by its repository
set -euo pipefail
# shellcheck source=/dev/null
source "$RUNNER_TEMP/kube.sh"

[[ -d $MANIFESTS ]] || fail "$MANIFESTS is no folder of the repository"
digests=$(images "$IMAGES")
[[ $digests != "{}" ]] || fail "IMAGES names none"
overlay=$(mktemp -d -p "$RUNNER_TEMP")
from_overlay() { realpath --relative-to="$overlay" -- "$1"; }

bases=()
for file in kustomization.yaml kustomization.yml Kustomization; do
  [[ ! -f $MANIFESTS/$file ]] || bases=("$(from_overlay "$MANIFESTS")")
done
if ((${#bases[@]} == 0)); then
  for file in "$MANIFESTS"/*.yaml "$MANIFESTS"/*.yml "$MANIFESTS"/*.json; do
    [[ ! -f $file ]] || bases+=("$(from_overlay "$file")")
  done
fi
((${#bases[@]})) || fail "$MANIFESTS holds no manifest"

# JSON is YAML too, and leaves nothing to quote.
jq -n --argjson images "$digests" '{resources: $ARGS.positional, images: [$images | to_entries[]
  | (.value | split("@")) as [$repository, $digest] | (.key, $repository) | {name: ., newName: $repository, $digest}] | unique}' \
  --args "${bases[@]}" > "$overlay/kustomization.yaml"
# Plain manifests lie outside of the overlay.
kubectl kustomize --load-restrictor=LoadRestrictionsNone "$overlay" > "$overlay/rendered.yaml" 2> >(bar >&2) ||
  fail "kustomize does not accept $MANIFESTS, see above"
kube create --dry-run=client --validate=false --output=json --filename="$overlay/rendered.yaml" > "$overlay/objects.json" ||
  fail "$MANIFESTS holds something that the cluster does not know, see above"
jq -s 'map(if .kind == "List" then .items[] else . end)' "$overlay/objects.json" > "$RUNNER_TEMP/kube-manifests.json"

problem=$(jq -r --argjson images "$digests" '
  def repository: split("@")[0] | sub(":[^/:]*$"; "");
  [.. | objects | (.containers, .initContainers) | arrays | .[].image | strings] as $named
  | ($images | to_entries[] | select(.value as $image | $named | index([$image]) == null)
      | "no manifest has an image `\(.key)` or `\(.value | repository)`"),
    ($named - [$images[]] | .[] | select(repository as $it | any($images[]; repository == $it)) | "a manifest has the image `\(.)`")
  ' "$RUNNER_TEMP/kube-manifests.json" | sed -n 1p)
[[ -z $problem ]] || fail "$MANIFESTS: $problem"
jq -r '.[] | "\(.kind | ascii_downcase)/\(.metadata.name)"' "$RUNNER_TEMP/kube-manifests.json" | bar
