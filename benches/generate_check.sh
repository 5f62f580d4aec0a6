#!/usr/bin/env bash
# Measures `cicd generate --check` and `cicd drift` as whole processes, on a preset, on
# made-up projects of 100 and 1,000 components, and on 100 and 1,000 projects in one
# call, and prints a table.
#
#   benches/generate_check.sh [RUNS]
#
# RUNS is how often each is measured after a warm-up (default: 200; a tenth of it
# for the largest). CICD names the program (default: the release build, made
# first); LIMIT is the most that either may take for the preset, in milliseconds at
# the median (default: 15). Exits with 1 above the limit, or when ten times the
# components or projects take more than twenty times the time.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-200}
limit=${LIMIT:-15}
if [[ -z ${CICD:-} ]]; then
  cargo build --release --quiet
  CICD=${CARGO_TARGET_DIR:-target}/release/cicd
fi
cicd=$(realpath "$CICD")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints a manifest with so many components, each linted and tested.
components() {
  printf 'version: 1\nname: large\nstack:\n'
  for ((i = 1; i <= $1; i++)); do
    printf '  part-%d: {path: parts/%d, language: python@3.12, lint: [flake8, black], test: pytest}\n' "$i" "$i"
  done
}

# Fills a folder, so that a check finds nothing to do.
prepare() {
  local folder=$work/$1 i
  mkdir "$folder"
  cat > "$folder/cicd.yml"
  # The warnings about folders that are not there would be measured, too.
  for i in $(grep -o 'path: [a-z][a-z0-9/-]*' "$folder/cicd.yml" | cut -d' ' -f2); do mkdir -p "$folder/$i"; done
  (cd "$folder" && "$cicd" generate --exit-zero > /dev/null)
}

# Prints the milliseconds of each run of a command in a folder.
times() {
  local folder=$work/$1 count=$2 i start end
  shift 2
  cd "$folder"
  for ((i = 0; i < 5; i++)); do "$cicd" "$@" > /dev/null; done
  for ((i = 0; i < count; i++)); do
    start=${EPOCHREALTIME/[.,]/}
    "$cicd" "$@" > /dev/null
    end=${EPOCHREALTIME/[.,]/}
    echo "$((end - start))"
  done
}

# Prints a line of the table, and leaves the median in microseconds in `median`.
measure() {
  local name=$1 folder=$2 count=$3 sorted
  shift 3
  sorted=$(times "$folder" "$count" "$@" | sort -n)
  at() { sed -n "$((($count * $1 + 99) / 100))p" <<< "$sorted"; }
  median=$(at 50)
  awk -v name="$name" -v runs="$count" -v low="$(head -n 1 <<< "$sorted")" -v mid="$median" -v high="$(at 95)" \
    'BEGIN { printf "%-34s %5d %8.1f %8.1f %8.1f\n", name, runs, low / 1000, mid / 1000, high / 1000 }'
}

prepare preset < presets/pitchey.yml
components 100 | prepare hundred
components 1000 | prepare thousand
prepare small < presets/node-service.yml

mkdir "$work/many"
for ((i = 1; i <= 1000; i++)); do cp -r "$work/small" "$work/many/$i"; done

printf '%-34s %5s %8s %8s %8s\n' 'milliseconds' runs min median p95
measure 'start-up (--version)' preset "$runs" --version
measure 'generate --check, pitchey' preset "$runs" generate --check
preset=$median
measure 'generate --check, 100 components' hundred "$runs" generate --check
hundred=$median
measure 'generate --check, 1,000 components' thousand "$(((runs + 9) / 10))" generate --check
thousand=$median
measure 'drift, pitchey' preset "$runs" drift
drift=$median
measure 'drift, 100 projects' many "$(((runs + 9) / 10))" drift $(seq 100)
projects_100=$median
measure 'drift, 1,000 projects' many "$(((runs + 9) / 10))" drift $(seq 1000)
projects_1000=$median

awk -v a="$hundred" -v b="$thousand" 'BEGIN { printf "10 times the components: %.1f times the time\n", b / a }'
awk -v a="$projects_100" -v b="$projects_1000" 'BEGIN { printf "10 times the projects: %.1f times the time\n", b / a }'
status=0
if ((preset > limit * 1000 || drift > limit * 1000)); then
  echo "the preset takes more than $limit ms" >&2
  status=1
fi
if ((thousand > hundred * 20 || projects_1000 > projects_100 * 20)); then
  echo "the time grows faster than the work" >&2
  status=1
fi
exit "$status"
