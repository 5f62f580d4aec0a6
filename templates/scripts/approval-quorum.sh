#!/usr/bin/env bash
# Fails unless enough different people, other than the one who started the run, have approved its gates.
#
# in ENVIRONMENTS: the gate environments of this run, one per line
# in REQUIRED: how many people
# in GH_TOKEN: token with `actions: read`
# out approvers: their logins, separated by commas
# out count: how many
