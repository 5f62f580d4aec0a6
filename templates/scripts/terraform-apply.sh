#!/usr/bin/env bash
# Applies a plan that terraform-plan.sh saved, and only that one.
#
# in TERRAFORM_DIR: folder of the configuration, as path in the repository
# in PLAN_DIGEST: SHA-256 of the plan (output of terraform-plan.sh)
# in TERRAFORM?: `terraform` or `tofu` (default terraform)
# in BACKEND_CONFIG?: files for `init -backend-config`, one per line, relative to that folder (default: none)
# in LOCK_SECONDS?: time to wait for the lock of the state (default 300)
# in PLAN_FILE?: where the plan is (default `$RUNNER_TEMP/terraform.plan`)
# in PLAN_PASSPHRASE?: passphrase of the plan (default: it is not encrypted)
set -euo pipefail
terraform=${TERRAFORM:-terraform} lock=${LOCK_SECONDS:-300} plan_file=${PLAN_FILE:-$RUNNER_TEMP/terraform.plan}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$*")"; exit 1; }
# shellcheck source=parts/terraform.sh
source "${BASH_SOURCE%/*}/parts/terraform.sh"

[[ -d $TERRAFORM_DIR ]] || fail "$TERRAFORM_DIR is no folder of the repository"
[[ $terraform =~ ^(terraform|tofu)$ ]] || fail "TERRAFORM must be \`terraform\` or \`tofu\`"
[[ $lock =~ ^[0-9]+$ ]] || fail "LOCK_SECONDS must be a number"
[[ -f $plan_file ]] || fail "there is no plan at $plan_file"
umask 077
folder=$(mktemp -d -p "$RUNNER_TEMP")
trap 'rm -rf "$folder"' EXIT
mapfile -t backend < <(sed '/^[[:space:]]*$/d; s/^/-backend-config=/' <<< "${BACKEND_CONFIG:-}")

if [[ -n ${PLAN_PASSPHRASE:-} ]]; then
  openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:PLAN_PASSPHRASE -in "$plan_file" -out "$folder/plan" 2> /dev/null ||
    fail "$plan_file cannot be decrypted with PLAN_PASSPHRASE"
else
  cp -- "$plan_file" "$folder/plan"
fi
digest=$(sha256sum < "$folder/plan")
[[ ${digest%% *} == "$PLAN_DIGEST" ]] || fail "$plan_file is not the plan that was shown"

lockfile=(-lockfile=readonly)
[[ -f $TERRAFORM_DIR/.terraform.lock.hcl ]] || lockfile=()
run init -input=false -no-color "${lockfile[@]}" "${backend[@]}" || fail "$terraform init failed, see above"
code=0
run apply -input=false -no-color -lock-timeout="${lock}s" "$folder/plan" || code=$?
explain_lock
if grep -qF 'Saved plan is stale' "$log"; then
  fail "the infrastructure was changed after it was planned, and nothing was applied: run the workflow again, to plan anew"
fi
((code == 0)) || fail "$terraform apply failed, see above: what it did stays done and is in the state; mend the cause and plan anew"
echo "applied the plan of $TERRAFORM_DIR"
