#!/usr/bin/env bash
# Pulls models into a running Ollama, through its API.
#
# in OLLAMA_HOST: its address
# in OLLAMA_MODELS: the models, one per line, such as `llama3.2:1b`
# in TIMEOUT?: seconds for each model (default 600)
set -euo pipefail
timeout=${TIMEOUT:-600}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $timeout =~ ^[1-9][0-9]*$ ]] || fail "TIMEOUT must be a number"
mapfile -t models < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$OLLAMA_MODELS")
(( ${#models[@]} )) || fail "OLLAMA_MODELS names no model"
for model in "${models[@]}"; do
  # A pull that broke off goes on where it stopped.
  answer=$(jq -nc --arg model "$model" '{model: $model, stream: false}' |
    curl --silent --show-error --globoff --proto '=http,https' --max-time "$timeout" --retry 3 --retry-delay 2 --retry-connrefused \
      --data-binary @- --url "${OLLAMA_HOST%/}/api/pull" 2>&1) || fail "$model was not pulled: $answer"
  status=$(jq -r '.status // .error // empty' <<< "$answer" 2> /dev/null) || status=
  [[ $status == success ]] || fail "$model was not pulled: ${status:-$answer}"
  echo "the model $model is there"
done
