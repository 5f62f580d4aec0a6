#!/usr/bin/env bash
# Stands in for `aws`: records each call, keeps a small account in `aws.json`, and fails on demand.
# What a service does and how it answers is in its file beside this one.
set -euo pipefail
home=${0%/*}
{ printf '%s\x1f' "$@"; printf '\x1e'; } >> "$home/aws.calls"

# The program that called, beyond its subshells.
kill_script() {
  local pid=$PPID parent
  while parent=$(awk '{ print $4 }' "/proc/$pid/stat") && grep -q 'templates/scripts' "/proc/$parent/cmdline"; do pid=$parent; done
  kill -TERM "$pid"
  exit 143
}
# The files of a folder by their paths, each with its one line.
files_below() {
  (cd "$1" && find . -type f -printf '%P\0' | xargs --null jq -Rn '[inputs | {key: input_filename, value: .}] | from_entries')
}

input=null files=null service=${1/s3api/s3}
case "$1 $2 $*" in
  # The real one reads the file twice, so it cannot be a pipe.
  *'--cli-input-json file://'*)
    input=${!#}
    [[ -f ${input#file://} ]]
    input=$(< "${input#file://}") ;;
  's3 cp s3 cp - '*) files=$(jq -Rs '{"-": .}') ;;
  's3 cp s3 cp s3://'*) ;;
  's3 cp '*) files=$(files_below "$3") ;;
esac
# One run of jq, since it takes its time to start: how the call ends, the account after it, the answer.
printf '%s\x1f' "$@" | jq -Rrs --argjson input "$input" --argjson files "$files" --slurpfile account "$home/aws.json" -f "$home/aws-$service.jq" > "$home/aws.answer"
{ read -r ends; read -r account; answer=$(cat); } < "$home/aws.answer"
echo "$account" > "$home/aws.new"
mv "$home/aws.new" "$home/aws.json"
case $ends in
  kill) kill_script ;;
  fail) echo "$answer" >&2; exit 254 ;;
  *) [[ -z $answer ]] || echo "$answer" ;;
esac
