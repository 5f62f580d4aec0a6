#!/usr/bin/env bash
# Connects to the server and writes the helper `$RUNNER_TEMP/on-target NAME… <<'REMOTE'`, which
# runs a bash program there with the named variables, for the later steps of this job.
# in SSH_KEY: private key of the deploy user, without a passphrase
# in SSH_HOST: name or address of the server
# in SSH_USER: the deploy user
# in SSH_PORT?: port of sshd (default 22)
# in SSH_KNOWN_HOSTS: known_hosts lines that the server's host key must match
set -euo pipefail

fail() {
  local text="$*"
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  echo "::error::${text//$'\n'/%0A}" >&2
  exit 1
}

port=${SSH_PORT:-22}
[[ $SSH_HOST =~ ^[A-Za-z0-9][A-Za-z0-9.:_-]*$ ]] || fail "SSH_HOST is no host name or address"
[[ $SSH_USER =~ ^[A-Za-z0-9_][A-Za-z0-9._@+-]*$ ]] || fail "SSH_USER is no user name"
[[ $port =~ ^[0-9]{1,5}$ ]] || fail "SSH_PORT is no port number"
[[ $SSH_KNOWN_HOSTS == *[![:space:]]* ]] ||
  fail "SSH_KNOWN_HOSTS is empty, so the server cannot prove who it is: run \`ssh-keyscan -p $port $SSH_HOST\`," \
    "compare the fingerprint with the server's own, and store the lines in that variable"

umask 077
ssh=$RUNNER_TEMP/ssh
mkdir -p "$ssh"
# A secret pasted in a browser may have lost its last line end or gained carriage returns.
printf '%s\n' "${SSH_KEY//$'\r'/}" >"$ssh/key"
printf '%s\n' "${SSH_KNOWN_HOSTS//$'\r'/}" >"$ssh/known_hosts"
ssh-keygen -y -P '' -f "$ssh/key" >"$ssh/key.pub" || fail "SSH_KEY is no private key, or has a passphrase"
cat >"$ssh/config" <<CONFIG
Host target
  HostName $SSH_HOST
  Port $port
  User $SSH_USER
  IdentityFile "$ssh/key"
  IdentitiesOnly yes
  UserKnownHostsFile "$ssh/known_hosts"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 10
  ConnectionAttempts 3
  ServerAliveInterval 15
  ServerAliveCountMax 4
CONFIG

printf '%s\n' '#!/usr/bin/env bash' "$(declare -f fail)" >"$RUNNER_TEMP/on-target"
cat >>"$RUNNER_TEMP/on-target" <<'HELPER'

# on-target NAME… <<'REMOTE': runs the program on the server, with these variables and functions.
set -euo pipefail

# Goes to the application's folder, as the only one at work there.
enter() {
  cd -- "$APP_DIR"
  exec 9>>.cicd/lock
  flock --nonblock 9 || fail "another deployment or roll-back is at work in $APP_DIR"
}

# The same, for a step of the deployment that compose-record.sh opened.
open_release() {
  enter
  [[ $(state next) == "$RELEASE" ]] || fail "release $RELEASE is not the one being deployed"
  record=.cicd/releases/$RELEASE
  mapfile -t compose <"$record/compose"
}

state() { sed -n "s/^$1=//p" .cicd/state; }

{
  # One compound command, so that nothing runs of a program that arrives cut off, and without
  # the program as its standard input.
  echo '{ set -euo pipefail'
  declare -f fail enter open_release state
  for name; do printf '%s=%q\n' "$name" "${!name-}"; done
  cat
  printf '\n} </dev/null\n'
} | ssh -F "${0%/*}/ssh/config" target bash -s
HELPER
chmod +x "$RUNNER_TEMP/on-target"

"$RUNNER_TEMP/on-target" <<<':' || fail "cannot log in to $SSH_HOST, see above"
echo "connected to $SSH_USER@$SSH_HOST"
