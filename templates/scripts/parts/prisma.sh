# shellcheck shell=bash disable=SC2154
# Leaves in `pending` what the database does not have and in `applied` what it has, oldest first.
read_state() {
  local report code=0
  # The report has no form for programs. Both its ends are matched, so that no other failure is taken for it.
  report=$(NO_COLOR=1 "${prisma[@]}" migrate status "${schema[@]}" < /dev/null 2>&1) || code=$?
  pending=$(sed -n '/^Following migrations\{0,1\} have not yet been applied:$/,/^$/p' <<< "$report" | sed '1d; /^$/d')
  if [[ $code != 0 && -z $pending ]] || [[ $code == 0 && $report != *"Database schema is up to date"* ]]; then
    printf '%s\n' "$(escape "$report")"
    fail "the state of the migrations is not clear; a failed one must be looked at and marked with \`prisma migrate resolve\`"
  fi
  applied=$(cd -- "$migrations" && find . -mindepth 2 -maxdepth 2 -name migration.sql | cut -d / -f 2 | LC_ALL=C sort)
  applied=$(grep -vxF -e "${pending:-/}" <<< "$applied" || true)
  [[ $pending$applied =~ ^[A-Za-z0-9_.[:space:]-]*$ ]] || fail "the names of the migrations have other characters than A-Z a-z 0-9 _ . -"
}
