#!/usr/bin/env bash
# Connects to the server and writes the helper `$RUNNER_TEMP/on-target NAME… <<'REMOTE'`, which
# runs a bash program there with the named variables, for the later steps of this job.
# in SSH_KEY: private key of the deploy user, without a passphrase
# in SSH_HOST: name or address of the server
# in SSH_USER: the deploy user
# in SSH_PORT?: port of sshd; 22
# in SSH_KNOWN_HOSTS: known_hosts lines that the server's host key must match
