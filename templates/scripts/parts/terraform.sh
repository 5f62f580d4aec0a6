# shellcheck shell=bash disable=SC2154
# Runs terraform in the background, so that the signal of a stopped job gets to it: then it ends what
# it is at, writes the state and gives the lock back. The bar keeps its words from being workflow commands.
log=$RUNNER_TEMP/terraform.log
run() {
  local code=0 pid='' stopped='' bar
  exec 3> >(tee "$log" | sed 's/\r/\n| /g; s/^/| /')
  bar=$!
  # Set before the start, so that no signal falls between the two.
  trap 'if [[ -n $pid ]]; then kill -TERM "$pid" 2> /dev/null || true; else stopped=1; fi' INT TERM
  TF_IN_AUTOMATION=1 "$terraform" -chdir="$TERRAFORM_DIR" "$@" < /dev/null >&3 2>&1 3>&- &
  pid=$!
  [[ -z $stopped ]] || kill -TERM "$pid" 2> /dev/null || true
  while kill -0 "$pid" 2> /dev/null; do wait "$pid" || code=$?; done
  wait "$pid" || code=$?
  trap - INT TERM
  exec 3>&-
  wait "$bar" || true
  return "$code"
}
explain_lock() {
  ! grep -qF 'Error acquiring the state lock' "$log" ||
    fail "another run holds the lock of the state; if none is left, run \`$terraform force-unlock ID\` with the ID above"
}
