#!/usr/bin/env bash
# Checks a built image: not run by root, not too large, and from a minimal base (a warning).
#
# in IMAGE: the image, present in the local Docker daemon
# in ROOT_USER?: `fail`, `warn` or `allow` an image that runs as root (default fail)
# in MAX_SIZE_MB?: largest size as `docker images` counts it (default: any)
# in ON_SIZE?: `fail` or `warn` when it is larger (default fail)
# in DOCKERFILE?: file whose last stage names the base (default: base not checked)
# in MINIMAL_BASES?: patterns of minimal bases, one per line (default scratch, distroless, alpine, slim and chiselled images)
set -euo pipefail
bases=${MINIMAL_BASES:-$'scratch\n*distroless*\n*alpine*\n*slim*\n*chiselled*\n*chainguard*'}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

details=$(docker image inspect -- "$IMAGE") || fail "the image $IMAGE is not there"
user=$(jq -r '.[0].Config.User // ""' <<< "$details")
bytes=$(jq -er '.[0].Size' <<< "$details") || fail "Docker names no size for $IMAGE"

# A user may be given as USER:GROUP, and root also as 0.
if [[ ${user%%:*} =~ ^(root|0*)$ ]]; then
  said="$IMAGE runs as root (user \`$user\`): set USER in the Dockerfile"
  case ${ROOT_USER:-fail} in
    allow) ;;
    warn) printf '::warning::%s\n' "$(escape "$said")" ;;
    *) fail "$said" ;;
  esac
fi
echo "$IMAGE runs as user $user and has $(( bytes / 1000000 )) MB"
if [[ -n ${MAX_SIZE_MB:-} ]]; then
  [[ $MAX_SIZE_MB =~ ^[1-9][0-9]*$ ]] || fail "MAX_SIZE_MB must be a number, not \`$MAX_SIZE_MB\`"
  if (( bytes > MAX_SIZE_MB * 1000000 )); then
    said="$IMAGE has $(( bytes / 1000000 )) MB, more than $MAX_SIZE_MB"
    [[ ${ON_SIZE:-fail} == warn ]] || fail "$said"
    printf '::warning::%s\n' "$(escape "$said")"
  fi
fi

[[ -n ${DOCKERFILE:-} ]] || exit 0
# The base of the last stage, followed through the names of earlier stages.
base=$(awk 'toupper($1) == "FROM" {
    at = 2; while ($at ~ /^--/) at++
    base = ($at in stages) ? stages[$at] : $at
    if (toupper($(at + 1)) == "AS") stages[$(at + 2)] = base
  }
  END { print base }' < "$DOCKERFILE") || fail "$DOCKERFILE cannot be read"
while read -r pattern; do
  # The right side is a pattern on purpose.
  # shellcheck disable=SC2053
  [[ -z $pattern || $base != $pattern ]] || { echo "$base is a minimal base image"; exit 0; }
done <<< "$bases"
printf '::warning::%s\n' "$(escape "$DOCKERFILE builds on ${base:-an unknown image}, which is no minimal base image")"
