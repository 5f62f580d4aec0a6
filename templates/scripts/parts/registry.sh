# shellcheck shell=bash
# Writes what a registry answers to $2 into the file $1: nothing if it knows no such package.
ask() {
  local status
  status=$(curl --silent --show-error --location --globoff --proto '=http,https' --retry 3 --retry-delay 1 --max-time 60 \
    --header "Accept: ${3:-application/json}" --output "$1" --write-out '%{http_code}' --url "$2") || status="no answer"
  case $status in
    200) [[ -s $1 ]] || fail "$2 answers with nothing" ;;
    404 | 410) : > "$1" ;;
    *) fail "$2 does not tell what is published ($status)" ;;
  esac
}
