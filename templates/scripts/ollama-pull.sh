#!/usr/bin/env bash
# Lets the Ollama service fetch the model that the tests need, and looks whether it has it.
#
# in OLLAMA_HOST?: address of the service (default `http://localhost:11434`)
# in OLLAMA_MODEL?: name of the model (default `smollm2:135m`, the smallest)
# in MAX_WAIT?: seconds until it must be there (default 900)
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
model=${OLLAMA_MODEL:-smollm2:135m} host=${OLLAMA_HOST:-http://localhost:11434} wait=${MAX_WAIT:-900}

[[ $wait =~ ^[1-9][0-9]*$ ]] || fail "MAX_WAIT must be a number"
ask() { curl --silent --show-error --fail-with-body --globoff --proto '=http,https' --max-time "$wait" --url "${host%/}$1" "${@:2}"; }
answer=$(jq -n --arg model "$model" '{model: $model, stream: false}' | ask /api/pull --header 'Content-Type: application/json' --data @-) ||
  fail "the model \`$model\` cannot be fetched: ${answer:-no answer}"
jq -e '.status == "success"' <<< "$answer" > /dev/null 2>&1 || fail "the model \`$model\` was not fetched: $answer"
ask /api/tags | jq -e --arg model "$model" 'any(.models[]; .name == $model or .name == "\($model):latest")' > /dev/null ||
  fail "Ollama does not have the model \`$model\`"
echo "Ollama has $(escape "$model")"
