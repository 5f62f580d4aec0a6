#!/usr/bin/env bash
# Compares the infrastructure with what the state says, and changes neither.
#
# in TERRAFORM_DIR: folder of the configuration, as path in the repository
# in TERRAFORM?: `terraform` or `tofu` (default terraform)
# in BACKEND_CONFIG?: files for `init -backend-config`, one per line, relative to that folder (default: none)
# in VAR_FILES?: files for `-var-file`, one per line, relative to that folder; other variables come as TF_VAR_* (default: none)
# in LOCK_SECONDS?: time to wait for the lock of the state (default 300)
# in ON_FAILURE?: `fail` or `warn`, if there is drift (default fail)
# out drift: `true` if something was changed behind the back of the configuration
# out problem: the first of the differences, in one line; empty without any
set -euo pipefail
terraform=${TERRAFORM:-terraform} lock=${LOCK_SECONDS:-300}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$*")"; exit 1; }
# A name of the project's own, as code in a table.
# shellcheck disable=SC2016
markdown() { local text=${1//[[:cntrl:]]/ }; text=${text//'`'/"'"}; printf '`%s`' "${text//|/\\|}"; }
# shellcheck source=parts/terraform.sh
source "${BASH_SOURCE%/*}/parts/terraform.sh"

[[ -d $TERRAFORM_DIR ]] || fail "$TERRAFORM_DIR is no folder of the repository"
[[ $terraform =~ ^(terraform|tofu)$ ]] || fail "TERRAFORM must be \`terraform\` or \`tofu\`"
[[ $lock =~ ^[0-9]+$ ]] || fail "LOCK_SECONDS must be a number"
[[ ${ON_FAILURE:-fail} =~ ^(warn|fail)$ ]] || fail "ON_FAILURE must be \`warn\` or \`fail\`, not \`$ON_FAILURE\`"
umask 077
folder=$(mktemp -d -p "$RUNNER_TEMP")
trap 'rm -rf "$folder"' EXIT
mapfile -t backend < <(sed '/^[[:space:]]*$/d; s/^/-backend-config=/' <<< "${BACKEND_CONFIG:-}")
mapfile -t variables < <(sed '/^[[:space:]]*$/d; s/^/-var-file=/' <<< "${VAR_FILES:-}")

lockfile=(-lockfile=readonly)
[[ -f $TERRAFORM_DIR/.terraform.lock.hcl ]] || lockfile=()
run init -input=false -no-color "${lockfile[@]}" "${backend[@]}" || fail "$terraform init failed, see above"
code=0
run plan -refresh-only -input=false -no-color -detailed-exitcode -lock-timeout="${lock}s" -out="$folder/plan" "${variables[@]}" || code=$?
explain_lock
[[ $code == 0 || $code == 2 ]] || fail "$terraform plan failed, see above"
if ((code == 0)); then
  printf '%s\n' drift=false problem= >> "$GITHUB_OUTPUT"
  echo "the infrastructure is as the state says"
  exit
fi
"$terraform" -chdir="$TERRAFORM_DIR" show -json -no-color "$folder/plan" > "$folder/plan.json" 2> "$log" ||
  fail "the plan cannot be read again"
# Addresses only: values may be secret.
mapfile -t drifted < <(jq -r '(.resource_drift[]? | "\(if .change.actions == ["delete"] then "gone" else "changed" end) \(.address)"),
  (.output_changes // {} | to_entries[] | select(.value.actions != ["no-op"]) | "changed output.\(.key)")' "$folder/plan.json")
{
  printf '### Drift of %s\n\n' "$(markdown "$TERRAFORM_DIR")"
  for one in "${drifted[@]:0:200}"; do printf -- '- %s\n' "$(markdown "$one")"; done
} >> "$GITHUB_STEP_SUMMARY"
first=$(printf ', %s' "${drifted[@]:0:5}")
problem="${#drifted[@]} differences from the state: ${first:2}"
printf '%s\n' drift=true "problem=${problem//[[:cntrl:]]/ }" >> "$GITHUB_OUTPUT"
[[ ${ON_FAILURE:-fail} == warn ]] || fail "$problem"
printf '::warning::%s\n' "$(escape "$problem")"
