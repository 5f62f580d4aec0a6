#!/usr/bin/env bash
# Checks the configuration of an environment before anything is deployed with it.
# in COMPOSE_FILES: compose files, one per line
# in ENV_FILE?: configuration file of the environment (default none)
# in EXAMPLE_FILE?: file whose keys the configuration file must all have (default none)
# in REQUIRED_KEYS?: further keys that it must have, separated by blanks (default none)
# in IMAGES?: lines `NAME=image` that the compose files read (default none)
# in APP_PORT?: port that the compose files read (default none)
set -euo pipefail

fail() {
  local text="$*"
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  echo "::error::${text//$'\n'/%0A}" >&2
  exit 1
}

name='[A-Za-z_][A-Za-z0-9_]*'

# Prints what the configuration gives a key, without quotes, a comment and outer blanks.
value_of() {
  sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*//p" "$ENV_FILE" | tail -n 1 |
    sed -E "s/^(#.*|\"\"|'')//; s/[[:space:]]+$//"
}

if [[ -n ${ENV_FILE-} ]]; then
  [[ -f $ENV_FILE ]] || fail "$ENV_FILE is not in the repository"
  [[ -z ${EXAMPLE_FILE-} || -f $EXAMPLE_FILE ]] || fail "$EXAMPLE_FILE is not in the repository"
  mapfile -t keys < <(
    tr -s '[:space:]' '\n' <<<"${REQUIRED_KEYS-}" | sed '/^$/d'
    sed -nE "s/^[[:space:]]*(export[[:space:]]+)?($name)[[:space:]]*=.*/\2/p" -- "${EXAMPLE_FILE:-/dev/null}"
  )
  missing=
  for key in "${keys[@]}"; do
    [[ $key =~ ^$name$ ]] || fail "$key is no name of a key"
    [[ -n $(value_of "$key") ]] || missing+=" $key"
  done
  [[ -z $missing ]] || fail "$ENV_FILE gives no value to:$missing"
  echo "$ENV_FILE: ${#keys[@]} keys have values"
fi

mapfile -t images < <(sed '/^[[:space:]]*$/d' <<<"${IMAGES-}")
for image in "${images[@]}"; do
  [[ $image =~ ^$name= ]] || fail "IMAGES has a line that is no \`NAME=image\`: $image"
done
mapfile -t files < <(sed '/^[[:space:]]*$/d; s/^/--file\n/' <<<"$COMPOSE_FILES")
env "${images[@]}" ${APP_PORT:+"APP_PORT=$APP_PORT"} \
  docker compose "${files[@]}" ${ENV_FILE:+--env-file "$ENV_FILE"} config --quiet ||
  fail "docker compose does not accept the configuration, see above"
echo "docker compose accepts the configuration"
