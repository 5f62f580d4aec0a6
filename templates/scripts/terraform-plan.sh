#!/usr/bin/env bash
# Plans a change of the infrastructure, saves the plan, and shows what it adds, changes and destroys.
#
# in TERRAFORM_DIR: folder of the configuration, as path in the repository
# in TERRAFORM?: `terraform` or `tofu` (default terraform)
# in BACKEND_CONFIG?: files for `init -backend-config`, one per line, relative to that folder (default: none)
# in VAR_FILES?: files for `-var-file`, one per line, relative to that folder; other variables come as TF_VAR_* (default: none)
# in LOCK_SECONDS?: time to wait for the lock of the state (default 300)
# in PLAN_FILE?: where the plan is saved (default `$RUNNER_TEMP/terraform.plan`)
# in KEPT?: 1 if the plan is kept as an artifact, so that it must be encrypted (default 0)
# in PLAN_PASSPHRASE?: makes PLAN_FILE safe to keep as an artifact, since plans hold secrets in clear (default: not encrypted)
# out changes: `true` if there is something to apply
# out added: number of resources to add, replaced ones included
# out changed: number of resources to change in place
# out destroyed: number of resources to destroy, replaced ones included
# out plan_file: path of the plan
# out plan_digest: its SHA-256, by which terraform-apply.sh knows it again
set -euo pipefail
terraform=${TERRAFORM:-terraform} lock=${LOCK_SECONDS:-300} plan_file=${PLAN_FILE:-$RUNNER_TEMP/terraform.plan}

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
[[ ${KEPT:-0} != 1 || -n ${PLAN_PASSPHRASE:-} ]] ||
  fail "PLAN_PASSPHRASE is empty: a plan holds secrets in clear, so that one which is kept must be encrypted"
umask 077
folder=$(mktemp -d -p "$RUNNER_TEMP")
mapfile -t backend < <(sed '/^[[:space:]]*$/d; s/^/-backend-config=/' <<< "${BACKEND_CONFIG:-}")
mapfile -t variables < <(sed '/^[[:space:]]*$/d; s/^/-var-file=/' <<< "${VAR_FILES:-}")
lockfile=(-lockfile=readonly)
if [[ ! -f $TERRAFORM_DIR/.terraform.lock.hcl ]]; then
  lockfile=()
  printf '::warning::%s\n' "$(escape "$TERRAFORM_DIR has no .terraform.lock.hcl: the newest providers are used, whatever they are")"
fi

run init -input=false -no-color "${lockfile[@]}" "${backend[@]}" || fail "$terraform init failed, see above"
code=0
run plan -input=false -no-color -detailed-exitcode -lock-timeout="${lock}s" -out="$folder/plan" "${variables[@]}" || code=$?
explain_lock
# 0: nothing to do, 2: something to do.
[[ $code == 0 || $code == 2 ]] || fail "$terraform plan failed, see above"

"$terraform" -chdir="$TERRAFORM_DIR" show -json -no-color "$folder/plan" > "$folder/plan.json" 2> "$log" ||
  fail "the plan cannot be read again"
# Addresses and actions only: values may be secret.
jq -r '[.resource_changes[]? | select(.change.actions | inside(["no-op", "read"]) | not) | {address, actions: .change.actions}] as $changes
  | def count($action): [$changes[] | select(.actions | index([$action]) != null)] | length;
    "\(count("create")) \(count("update")) \(count("delete"))",
    ($changes[] | "\(.actions | if length == 2 then "replace" else {create: "add", update: "change", delete: "destroy"}[.[0]] // .[0] end)\t\(.address)")
  ' "$folder/plan.json" > "$folder/changes"
read -r added changed destroyed < "$folder/changes"
{
  echo "### Plan for $(markdown "$TERRAFORM_DIR")"
  if ((code == 0)); then printf '\nNothing to change.\n'; else
    printf '\n%s to add, %s to change, %s to destroy\n\n| Action | Resource |\n| --- | --- |\n' "$added" "$changed" "$destroyed"
    sed 1d "$folder/changes" | head -n 200 | while IFS=$'\t' read -r action address; do
      if [[ $action == replace || $action == destroy ]]; then action="**$action**"; fi
      printf '| %s | %s |\n' "$action" "$(markdown "$address")"
    done
  fi
} >> "$GITHUB_STEP_SUMMARY"

digest=$(sha256sum < "$folder/plan")
if [[ -n ${PLAN_PASSPHRASE:-} ]]; then
  openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass env:PLAN_PASSPHRASE -in "$folder/plan" -out "$plan_file"
else
  cp -- "$folder/plan" "$plan_file"
fi
rm -rf "$folder"
changes=false
((code == 0)) || changes=true
printf '%s\n' "changes=$changes" "added=$added" "changed=$changed" "destroyed=$destroyed" \
  "plan_file=$plan_file" "plan_digest=${digest%% *}" >> "$GITHUB_OUTPUT"
echo "$added to add, $changed to change, $destroyed to destroy"
