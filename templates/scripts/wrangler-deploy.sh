#!/usr/bin/env bash
# Uploads a new version of a Worker, and gives it all traffic or none.
#
# in VERSION: name of the release, which becomes the tag of the version
# in PREVIOUS_VERSION?: live version, from wrangler-record.sh (default: none, so the Worker is made and has all traffic)
# in TRAFFIC?: `all` deploys at once, with routes and schedules of the configuration; `none` waits for wrangler-shift.sh (default all)
# in VARS?: variables of this version, lines `NAME=value`; those of the configuration are kept (default: none)
# in SECRETS?: names of variables, one per line, that become secrets of this version; others are kept (default: none)
# in CLOUDFLARE_API_TOKEN: token with `Workers Scripts: Edit`
# in CLOUDFLARE_ACCOUNT_ID: account of the Worker
# in WORKER_NAME?: the Worker (default: as in its configuration)
# in WORKER_ENV?: environment of the configuration (default: the top level)
# in WRANGLER?: words that run wrangler 4 (default `npx --yes wrangler@4`)
# out new_version: id of the new version
# out preview_url: address of the version without traffic; empty if the Worker has no preview addresses
set -euo pipefail
read -ra wrangler <<< "${WRANGLER:-npx --yes wrangler@4}"
worker=(${WORKER_NAME:+"--name=$WORKER_NAME"} ${WORKER_ENV:+"--env=$WORKER_ENV"})
traffic=${TRAFFIC:-all}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ -n $CLOUDFLARE_API_TOKEN && -n $CLOUDFLARE_ACCOUNT_ID ]] || fail "CLOUDFLARE_API_TOKEN or CLOUDFLARE_ACCOUNT_ID is empty"
[[ $traffic =~ ^(all|none)$ ]] || fail "TRAFFIC must be \`all\` or \`none\`, not \`$traffic\`"
answer=$(mktemp -d -p "$RUNNER_TEMP")
trap 'rm -rf "$answer"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

command=(deploy)
if [[ $traffic == none && -n ${PREVIOUS_VERSION:-} ]]; then
  command=(versions upload)
elif [[ $traffic == none ]]; then
  echo "::notice::the Worker does not exist yet, so its first version has all traffic at once"
fi
options=("--tag=$VERSION" "--message=$VERSION, $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID")

while IFS= read -r line; do
  [[ -n $line ]] || continue
  [[ $line =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || fail "\`$line\` in VARS is no \`NAME=value\`"
  options+=("--var=${line%%=*}:${line#*=}")
done <<< "${VARS:-}"
mapfile -t names < <(tr -d '[:blank:]\r' <<< "${SECRETS:-}" | sed '/^$/d')
if (( ${#names[@]} )); then
  for name in "${names[@]}"; do
    [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || fail "\`$name\` is not the name of a secret"
    [[ -n ${!name:-} ]] || fail "the secret $name has no value"
  done
  (umask 077 && printf '%s\n' "${names[@]}" | jq -Rn '[inputs | {key: ., value: env[.]}] | from_entries' > "$answer/secrets.json")
  options+=("--secrets-file=$answer/secrets.json")
fi

WRANGLER_OUTPUT_FILE_PATH=$answer/session "${wrangler[@]}" "${command[@]}" "${worker[@]}" "${options[@]}" < /dev/null ||
  fail "the Worker cannot be deployed"
new=$(jq -ers 'map(select(.type == "version-upload" or .type == "deploy"))[-1] | .version_id' "$answer/session") ||
  fail "wrangler does not name the version it uploaded"
[[ $new =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] || fail "\`$new\` is not the id of a version"
preview=$(jq -rs 'map(select(.type == "version-upload"))[-1].preview_url // "" | select(test("^https://\\S+$")) // ""' "$answer/session")
printf 'new_version=%s\npreview_url=%s\n' "$new" "$preview" >> "$GITHUB_OUTPUT"

if [[ ${command[0]} == versions ]]; then
  echo "version $new is uploaded and has no traffic"
  exit
fi
live=$("${wrangler[@]}" deployments status --json "${worker[@]}" < /dev/null | jq -er '.versions[] | "\(.version_id) \(.percentage)"') ||
  fail "version $new was deployed, but the live version cannot be read"
[[ $live == "$new 100" ]] || fail "version $new was deployed, but the traffic is: $live"
echo "version $new has all traffic"
