# shellcheck shell=bash
# Hands the address in DATABASE_URL to psql and pg_dump in the environment: words of a command line can be seen by everyone.
connect() {
  local part setting
  decode() { local text=${1//\\/\\\\}; printf '%b' "${text//'%'/\\x}"; }
  mapfile -t part < <(jq -rn 'env.DATABASE_URL
    | capture("^postgres(ql)?://((?<user>[^:@/\\s]*)(:(?<password>[^@/\\s]*))?@)?(?<host>[^:@/?\\[\\s]*|\\[[0-9a-fA-F:]+\\])(:(?<port>[0-9]+))?/(?<name>[^?\\s]*)([?](?<rest>\\S*))?$")
    | .user // "", .password // "", (.host | ltrimstr("[") | rtrimstr("]")), .port // "5432", .name, .rest // ""')
  (( ${#part[@]} == 6 )) || fail "DATABASE_URL is not a PostgreSQL address; special characters of user and password must be percent-encoded"
  for setting in PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE; do
    export "$setting=$(decode "${part[0]}")"
    part=("${part[@]:1}")
  done
  for setting in ${part[0]//&/ }; do
    case $setting in
      sslmode=*) export "PGSSLMODE=${setting#*=}" ;;
      channel_binding=*) export "PGCHANNELBINDING=${setting#*=}" ;;
      options=*) export "PGOPTIONS=$(decode "${setting#*=}")" ;;
    esac
  done
}
# Prints the answer of the database, a line for each row.
query() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1" < /dev/null; }
