#!/usr/bin/env bash
# Stands in for a command: records its words, and answers by the first rule whose pattern matches them.
# Like `gh`, it passes the answer through the filter of `--jq`.
records=${0%/*}/${0##*/}
{ printf '%s\x1f' "$@"; printf '\x1e'; } >> "$records.calls"
filter='' previous=''
for word in "$@"; do
  case $word in
    --body-file=* | --notes-file=*) { cat "${word#*=}"; printf '\x1e'; } >> "$records.bodies" ;;
    body=@*) { cat "${word#body=@}"; printf '\x1e'; } >> "$records.bodies" ;;
    --jq=*) filter=${word#--jq=} ;;
  esac
  [[ $previous != --jq ]] || filter=$word
  previous=$word
done
for rule in "$records.d"/rule*; do
  pattern=$(< "$rule/pattern")
  # shellcheck disable=SC2053
  [[ $* == $pattern ]] || continue
  echo >> "$rule/used"
  number=$(wc -l < "$rule/used")
  while [[ ! -e $rule/$number ]]; do number=$((number - 1)); done
  if [[ -e $rule/fail ]]; then cat "$rule/$number" >&2; exit 1; fi
  if [[ -n $filter ]]; then jq -r "$filter" "$rule/$number"; else cat "$rule/$number"; fi
  exit
done
printf 'no answer for: %q\n' "$*" >&2
exit 1
