# shellcheck shell=bash disable=SC2154
# Prints lines `VERSION PERCENT`.
traffic() {
  "${wrangler[@]}" deployments status --json "${worker[@]}" < /dev/null | jq -er '.versions[] | "\(.version_id) \(.percentage)"'
}
