#!/usr/bin/env bash
# Registers a new revision of each recorded task definition of ECS, with the new images and all else as it is.
#
# in RECORDED: JSON of each service and the ARN of its task definition
# in IMAGES: lines `NAME=image@sha256:...`; a container is found by that name, as `backend` by `BACKEND_IMAGE`, and all others keep their image
# in VERSION?: name of the release, for the tag `release` (default: none)
# out task_definitions: JSON of each service and the ARN of its new task definition
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws ecs "$1" --output json --cli-input-json "file://$input"; }

jq -es 'length == 1 and (.[0] | type == "object" and length > 0) and all(.[0] | to_entries[]; (.key | test("^[A-Za-z0-9][A-Za-z0-9_-]*\\z"))
  and (.value | type == "string" and test("^arn:[a-z0-9:-]+:task-definition/[A-Za-z0-9_-]+:[0-9]+\\z")))' <<< "$RECORDED" > /dev/null 2>&1 ||
  fail "RECORDED is not what \`ecs-record\` gave: $RECORDED"
replaced='{}'
while IFS='=' read -r container image; do
  [[ -n $container$image ]] || continue
  [[ $container =~ ^[A-Za-z0-9_-]+$ ]] || fail "\`$container\` is not the name of a container"
  [[ $image =~ ^[a-z0-9][A-Za-z0-9._:/-]*@sha256:[0-9a-f]{64}$ ]] || fail "$container: \`$image\` is not an image with a digest"
  replaced=$(jq -c --arg container "$container" --arg image "$image" '.[$container] = $image' <<< "$replaced")
done <<< "$IMAGES"
[[ $replaced != '{}' ]] || fail "IMAGES names no image"

# Finds the key of IMAGES for a container.
# shellcheck disable=SC2016
key='def key($images): (ascii_upcase | gsub("[^A-Z0-9]"; "_") + "_IMAGE") as $variable
  | if $images[.] then . elif $images[$variable] then $variable else empty end;'
# All are read and judged before the first is registered.
declare -A before=()
used='[]'
mapfile -t services < <(jq -r 'keys[]' <<< "$RECORDED")
for service in "${services[@]}"; do
  before[$service]=$(jq --arg service "$service" '{taskDefinition: .[$service], include: ["TAGS"]}' <<< "$RECORDED" | ask describe-task-definition) ||
    fail "the task definition of service $service cannot be read"
  matching=$(jq -c --argjson images "$replaced" "$key"'[.taskDefinition.containerDefinitions[].name | key($images)]' <<< "${before[$service]}")
  [[ $matching != '[]' ]] || fail "service $service has none of the containers $(jq -r 'keys | join(", ")' <<< "$replaced")"
  used=$(jq -c --argjson more "$matching" '. + $more' <<< "$used")
done
unused=$(jq -r --argjson used "$used" 'keys - $used | join(", ")' <<< "$replaced")
[[ -z $unused ]] || fail "no service has the container $unused"

definitions='{}'
for service in "${services[@]}"; do
  # Leaves out what only an answer holds. A field that is new there makes ECS refuse, and is not lost.
  definition=$(jq -c --argjson images "$replaced" --arg version "${VERSION:-}" "$key"'
    ([.tags[]? | select((.key | startswith("aws:") | not) and ($version == "" or .key != "release"))]
      + if $version == "" then [] else [{key: "release", value: $version}] end) as $tags
    | .taskDefinition
    | (.containerDefinitions | map(.image)) as $images_before
    | .containerDefinitions |= map((.name | [key($images)][0]) as $key | .image = ($images[$key // ""] // .image))
    | if (.containerDefinitions | map(.image)) == $images_before then null else
        del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,
          .registeredAt, .registeredBy, .deregisteredAt, .deleteRequestedAt)
        | if $tags == [] then . else .tags = $tags end
      end' <<< "${before[$service]}")
  if [[ $definition == null ]]; then
    arn=$(jq -r --arg service "$service" '.[$service]' <<< "$RECORDED")
    echo "service $service has these images already, in $arn"
  else
    arn=$(ask register-task-definition <<< "$definition" | jq -r '.taskDefinition.taskDefinitionArn // empty') && [[ -n $arn ]] ||
      fail "the new task definition of service $service is refused"
    echo "registered $arn for service $service"
  fi
  definitions=$(jq -c --arg service "$service" --arg arn "$arn" '.[$service] = $arn' <<< "$definitions")
done
echo "task_definitions=$definitions" >> "$GITHUB_OUTPUT"
