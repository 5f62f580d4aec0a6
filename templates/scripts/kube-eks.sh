#!/usr/bin/env bash
# Writes the kubeconfig of a cluster of AWS EKS for the later steps of the job, with the login to AWS of an earlier step.
#
# in CLUSTER: name of the cluster, in the region of that login
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$*")"; exit 1; }

[[ $CLUSTER =~ ^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$ ]] || fail "\`$CLUSTER\` is not the name of a cluster"
umask 077
export KUBECONFIG=$RUNNER_TEMP/kubeconfig
rm -f "$KUBECONFIG"
# The bar keeps what others print from being read as workflow commands.
aws eks update-kubeconfig --name "$CLUSTER" --kubeconfig "$KUBECONFIG" > /dev/null 2> >(sed "s/\r/\n| /g; s/^/| /" >&2) ||
  fail "the cluster $CLUSTER cannot be found with this login to AWS"
[[ -s $KUBECONFIG ]] || fail "there is no kubeconfig for $CLUSTER"
echo "KUBECONFIG=$KUBECONFIG" >> "$GITHUB_ENV"
echo "the cluster is $CLUSTER"
