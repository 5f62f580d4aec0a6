# shellcheck shell=bash
checks=${CHECKS:-10} interval=${INTERVAL:-30} timeout=${TIMEOUT:-10}
max_percent=${MAX_ERROR_PERCENT:-5} max_consecutive=${MAX_CONSECUTIVE:-3}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ "$checks $timeout $max_consecutive $max_percent $interval" =~ ^([1-9][0-9]*\ ){3}(0|[1-9][0-9]?|100)\ [0-9.]+$ ]] ||
  fail "CHECKS, TIMEOUT, MAX_CONSECUTIVE, MAX_ERROR_PERCENT and INTERVAL must be numbers"
mapfile -t urls < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<< "$HEALTH_URLS")
(( ${#urls[@]} )) || fail "HEALTH_URLS names no address"
request() { curl --silent --globoff --proto '=http,https' --max-time "$timeout" "$@"; }
samples=$(mktemp -p "$RUNNER_TEMP")

# Asks every address, and sets `problem` to what is wrong with the first one that is not well.
# Each leaves a line in the samples: the status and the seconds that it took.
probe() {
  local answer url
  for url in "${urls[@]}"; do
    answer=$(request --output /dev/null --write-out '%{http_code} %{time_total} %{onerror}%{errormsg}' --url "$url" || true)
    cut -d ' ' -f 1,2 <<< "$answer" >> "$samples"
    [[ -n $problem || $answer == 2??' '* ]] || problem="$url answers ${answer%% *}: ${answer#* * }"
  done
  problem=${problem%: }
}

# Looks again and again with the function `look`, which sets `problem` and `warning`, and fails
# when too many looks find a problem, or the last one finds something that `lasting` says.
watch() {
  local failed=0 consecutive=0 check=0 percent result
  printf '| Check | Time | Result |\n| --- | --- | --- |\n' >> "$GITHUB_STEP_SUMMARY"
  while (( check < checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )); do
    (( check == 0 )) || sleep "$interval"
    check=$((check + 1)) problem='' warning='' lasting=''
    look
    if [[ -z $problem ]]; then consecutive=0; else failed=$((failed + 1)) consecutive=$((consecutive + 1)); fi
    result=$(escape "${problem:-${warning:-ok}}")
    echo "check $check of $checks: $result"
    printf '| %s | %(%H:%M:%S)T | %s |\n' "$check" -1 "${result//|/ }" >> "$GITHUB_STEP_SUMMARY"
  done
  percent=$(( (failed * 100 + checks - 1) / checks ))
  printf 'checks=%s\nfailed=%s\nfailed_percent=%s\n' "$check" "$failed" "$percent" >> "$GITHUB_OUTPUT"
  (( check == checks && failed * 100 <= max_percent * checks && consecutive < max_consecutive )) ||
    fail "$failed of $check checks failed, $max_percent % of $checks are allowed; the last one: ${problem:-ok}"
  [[ -z $lasting ]] || fail "over the whole watch, $lasting"
}
