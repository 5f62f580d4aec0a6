#!/usr/bin/env bash
# Measures `cicd lint`, each run a whole process.
#
#     benches/lint.sh [FOLDER]
#
# FOLDER has workflows (default: `snapshots`, put side by side until they are large
# enough to measure), which are copied without all else that lies there. RUNS is how often
# each is measured after a warm-up (default: 15; ten times that for the single file), CICD the
# program (default: the release build, made first). Scripts are not read by ShellCheck. Parsing
# alone is to take the events of the YAML parser granit-parser from the same files, on all
# cores, and to make nothing of them; our own reader, which builds trees, is told beside it.
# zizmor is measured, too, if it can be found, without the files at which it gives up. Exits
# with 1 when one file takes more than FILE_LIMIT milliseconds at the median (default: 5), when
# linting takes more than PARSE_LIMIT times as long as parsing alone (default: 3), when zizmor
# is less than PEER_LIMIT times as slow (default: 30), or when ten times the files take more
# than fifteen times the time, or a file four times as long more than six times.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-15}
folder=$(realpath "${1:-snapshots}")
cargo=${CARGO_TARGET_DIR:-target}/release
if [[ -z ${CICD:-} ]]; then
  cargo build --release --quiet --bin cicd --example parse-only
  CICD=$cargo/cicd
fi
cicd=$(realpath "$CICD")
parse=$(realpath "${PARSE:-$cargo/examples/parse-only}")
zizmor=$(command -v "${ZIZMOR:-zizmor}" || ls .ci/.tools/*/bin/zizmor 2> /dev/null | head -n 1 || true)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Leaves the median of so many runs of a command in `median`, in microseconds.
measure() {
  local count=$1 i start end
  shift
  for ((i = 0; i < 3 && i < count; i++)); do "$@" > /dev/null 2>&1 || true; done
  for ((i = 0; i < count; i++)); do
    start=${EPOCHREALTIME/[.,]/}
    "$@" > /dev/null 2>&1 || true
    end=${EPOCHREALTIME/[.,]/}
    echo "$((end - start))"
  done | sort -n > "$work/times"
  median=$(sed -n "$(((count + 1) / 2))p" "$work/times")
}

# Prints a line of the table: milliseconds, megabytes a second, peak memory.
row() {
  local name=$1 bytes=$2 peak
  shift 2
  peak=$(/usr/bin/time -f %M "$@" 2>&1 > /dev/null | tail -n 1 || true)
  awk -v name="$name" -v bytes="$bytes" -v time="$median" -v peak="$peak" \
    'BEGIN { printf "%-40s %9.1f %9.1f %9.1f\n", name, time / 1000, bytes / time, peak / 1024 }'
}

# Says when a figure is over its limit.
judge() {
  awk -v what="$1" -v is="$2" -v limit="$3" 'BEGIN {
    printf "%s: %.1f (limit %s)\n", what, is, limit
    exit is > limit
  }' || failed=1
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'; }

# Copies the workflows of the folder so many times: as they lie in their repositories, or,
# where they lie elsewhere, each into one of its own.
corpus() {
  local to=$work/$1 times=$2 i number=0 file
  for ((i = 0; i < times; i++)); do
    mkdir -p "$to/$i"
    if [[ -n $placed ]]; then
      (cd "$folder" && xargs -d '\n' cp --parents -t "$to/$i") < "$work/files"
      continue
    fi
    while read -r file; do
      number=$((number + 1))
      mkdir -p "$to/$number/.github/workflows"
      cp "$folder/$file" "$to/$number/.github/workflows/"
    done < "$work/files"
  done
}

bytes_of() { find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'; }

yaml() { (cd "$folder" && find . -type f \( -name '*.yml' -o -name '*.yaml' \) "$@"); }
yaml -path '*/.github/workflows/*' > "$work/files"
placed=$(head -n 1 "$work/files")
[[ -n $placed ]] || yaml > "$work/files"
corpus once 1
size=$(bytes_of "$work/once")
corpus corpus $((4000000 / size + 1))
corpus tenfold $(((4000000 / size + 1) * 10))

# The workflow whose length is nearest to 140 lines.
file=$(while read -r name; do
  lines=$(wc -l < "$folder/$name")
  echo "$((lines > 140 ? lines - 140 : 140 - lines)) $name"
done < "$work/files" | sort -n | sed -n '1s/^[0-9]* //p')
file=$folder/$file

# Prints the first file at which zizmor gives up: it then says nothing of the others.
given_up() {
  { "$zizmor" --offline --no-progress "$work/once" 2>&1 > /dev/null || true; } > "$work/told"
  sed -n '/audit failed on/ { s|.*file://||p; q }' "$work/told"
}

# Prints a workflow of so many jobs with so many steps each, each job needing the one before.
jobs() {
  local i j
  printf 'name: large\non: push\npermissions: {}\njobs:\n'
  for ((i = 1; i <= $1; i++)); do
    printf '  job-%d:\n    name: Job %d\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n' "$i" "$i"
    ((i == 1)) || printf '    needs: [job-%d]\n' "$((i - 1))"
    printf '    outputs:\n      sha: ${{ steps.step-1.outputs.sha }}\n    steps:\n'
    for ((j = 1; j <= $2; j++)); do
      printf '      - id: step-%d\n        name: Step %d of %d\n        env:\n          SHA: ${{ github.sha }}\n' "$j" "$j" "$i"
      printf '        run: |\n          echo "$SHA"\n          echo "sha=$SHA" >> "$GITHUB_OUTPUT"\n'
    done
  done
}
jobs 25 70 > "$work/long-quarter.yml"
jobs 100 70 > "$work/long.yml"
jobs 250 3 > "$work/jobs-quarter.yml"
jobs 1000 3 > "$work/jobs.yml"

printf '%-40s %9s %9s %9s\n' '' ms MB/s 'peak MB'
measure "$((runs * 10))" "$cicd" lint --no-shellcheck "$file"
one=$median
row "one file ($(wc -l < "$file") lines)" "$(stat -c %s "$file")" "$cicd" lint --no-shellcheck "$file"

count=$(find "$work/corpus" -type f | wc -l)
size=$(bytes_of "$work/corpus")
measure "$runs" "$parse" "$work/corpus"
bare=$median
row "$count workflows, parsed only" "$size" "$parse" "$work/corpus"
measure "$runs" "$parse" "$work/corpus" tree
trees=$median
row "$count workflows, read into trees" "$size" "$parse" "$work/corpus" tree
measure "$runs" "$cicd" lint --no-shellcheck "$work/corpus"
all=$median
row "$count workflows, linted" "$size" "$cicd" lint --no-shellcheck "$work/corpus"
measure 3 "$cicd" lint --no-shellcheck "$work/tenfold"
tenfold=$median
row "ten times as many" "$(bytes_of "$work/tenfold")" "$cicd" lint --no-shellcheck "$work/tenfold"
declare -A large
for name in long-quarter long jobs-quarter jobs; do
  measure "$runs" "$cicd" lint --no-shellcheck "$work/$name.yml"
  row "$(wc -l < "$work/$name.yml") lines, $(grep -c runs-on "$work/$name.yml") jobs" \
    "$(stat -c %s "$work/$name.yml")" "$cicd" lint --no-shellcheck "$work/$name.yml"
  large[$name]=$median
done

judge 'one file, milliseconds' "$(ratio "$one" 1000)" "${FILE_LIMIT:-5}"
judge 'linting by parsing alone' "$(ratio "$all" "$bare")" "${PARSE_LIMIT:-3}"
awk -v a="$trees" -v b="$bare" 'BEGIN { printf "our reader by parsing alone: %.1f\n", a / b }'
judge 'ten times the files' "$(ratio "$tenfold" "$all")" 15
judge 'four times the lines of a file' "$(ratio "${large[long]}" "${large[long-quarter]}")" 6
judge 'four times the jobs of a file' "$(ratio "${large[jobs]}" "${large[jobs-quarter]}")" 6
if [[ -n $zizmor ]]; then
  while refused=$(given_up) && [[ -n $refused ]]; do
    echo "zizmor gives up at $(basename "$refused"); both are measured without it"
    rm "$refused"
  done
  # One after the other in pairs, since a shared machine is not as fast at any time.
  for ((i = 0; i < 7; i++)); do
    measure 1 "$zizmor" --offline --no-progress "$work/once"
    peer=$median
    measure "$runs" "$cicd" lint --no-shellcheck "$work/once"
    ratio "$peer" "$median"
  done | sort -n > "$work/ratios"
  times=$(sed -n 4p "$work/ratios")
  judge "zizmor's time by ours, less than it should be" "$(ratio "${PEER_LIMIT:-30}" "$times")" 1
  printf 'zizmor takes %.1f times as long (%.1f to %.1f)\n' "$times" \
    "$(head -n 1 "$work/ratios")" "$(tail -n 1 "$work/ratios")"
else
  echo 'zizmor is not here to be measured'
fi
exit "$failed"
