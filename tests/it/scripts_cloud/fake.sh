#!/usr/bin/env bash
# Stands in for wrangler, vercel, drizzle-kit, prisma, python, psql, docker, aws and npx, by its own name. Records words, names in the
# environment and input; answers as the real ones do (wrangler 4.86, vercel 54, drizzle-kit 0.31, prisma 7.10).
# State is files in `cloud` beside `bin`. A call that matches a pattern in `NAME.fail` fails, in `NAME.hang` waits;
# with the file `ignored`, Cloudflare says yes and changes nothing.
name=${0##*/} bin=${0%/*} state=${0%/*}/../cloud
mkdir -p "$state"
{ printf '%s\x1f' "$name" "$@"; printf '\x1e'; } >> "$state/calls"
compgen -e >> "$state/names"
if [[ $name == npx ]]; then
  [[ $1 == --yes || $1 == --no-install ]] && shift
  program=${1%@*}
  shift
  exec "$bin/$program" "$@"
fi
matches() {
  local pattern
  [[ -e $state/$name.$1 ]] || return 1
  # shellcheck disable=SC2053
  while read -r pattern; do [[ $2 != $pattern ]] || return 0; done < "$state/$name.$1"
  return 1
}
session() { [[ -z $WRANGLER_OUTPUT_FILE_PATH ]] || printf '%s\n' "$1" >> "$WRANGLER_OUTPUT_FILE_PATH"; }
refuse() {
  [[ $name != wrangler ]] || session '{"type":"command-failed","version":1,"code":10000,"message":"Authentication error"}'
  echo "$name: refused" >&2
  exit 1
}
option() { local word; for word in "${words[@]}"; do [[ $word != "$1="* ]] || printf '%s' "${word#*=}"; done; }
words=("$@")
! matches fail "$*" || refuse
if matches hang "$*"; then echo waiting > "$state/hangs"; exec sleep 60; fi

deployment() {
  echo '{ "id": "d1", "source": "wrangler", "strategy": "percentage", "author_email": "a@b.c", "annotations": {},'
  echo '  "versions": ['
  awk '{ printf "%s    {\"version_id\": \"%s\", \"percentage\": %s}", (NR > 1 ? ",\n" : ""), $1, $2 }' "$state/live"
  printf '\n  ]\n}\n'
}
no_worker() {
  [[ -e $state/live ]] && return
  session '{"type":"command-failed","version":1,"code":10007,"message":"A request to the Cloudflare API (…) failed."}'
  echo 'This Worker does not exist on your account. [code: 10007]' >&2
  exit 1
}
uploaded() {
  local secrets
  secrets=$(option --secrets-file)
  [[ -z $secrets ]] || { cp "$secrets" "$state/secrets"; stat -c %a "$secrets" > "$state/secrets.mode"; }
  session '{"type":"wrangler-session","version":1}'
}

case "$name $*" in
  "wrangler deployments status --json"*) no_worker; deployment ;;
  "wrangler versions upload"*)
    no_worker; uploaded
    session "{\"type\":\"version-upload\",\"version\":1,\"worker_name\":\"shop\",\"version_id\":\"$(< "$state/next")\",\"preview_url\":\"https://2222-shop.acme.workers.dev\"}" ;;
  "wrangler deploy --dry-run"*)
    cat "$state/config" 2> /dev/null
    [[ -e $state/ignored ]] || { mkdir -p "$(option --outdir)"; echo bundle > "$(option --outdir)/index.js"; } ;;
  "wrangler deploy"*)
    uploaded; [[ -e $state/ignored ]] || echo "$(< "$state/next") 100" > "$state/live"
    session "{\"type\":\"deploy\",\"version\":1,\"worker_name\":\"shop\",\"version_id\":\"$(< "$state/next")\",\"targets\":[]}" ;;
  "wrangler versions deploy"*)
    no_worker
    printf '%s\n' "$@" | sed -nE 's/^([0-9a-f-]{36})@([0-9]+)%$/\1 \2/p' > "$state/live.new"
    [[ -e $state/ignored ]] || mv "$state/live.new" "$state/live" ;;
  "wrangler rollback"*) no_worker; [[ -e $state/ignored ]] || echo "$2 100" > "$state/live" ;;
  "wrangler versions list --json"*) cat "$state/versions" ;;
  "wrangler triggers deploy"*) ;;
  "wrangler pages deploy"*)
    [[ -d $3 ]] || refuse
    [[ $(option --branch) != main || -e $state/ignored ]] || cp "$state/next" "$state/pages.live"
    session "{\"type\":\"pages-deploy\",\"version\":1,\"deployment_id\":\"$(< "$state/next")\",\"url\":\"https://ab.shop.pages.dev\"}"
    session "{\"type\":\"pages-deploy-detailed\",\"version\":1,\"deployment_id\":\"$(< "$state/next")\",\"url\":\"https://ab.shop.pages.dev\",\"environment\":\"production\"}" ;;
  "vercel pull"*) mkdir -p .vercel; echo 'SECRET=s3cr3t' > ".vercel/.env.$(option --environment).local" ;;
  "vercel build"*) cat .vercel/.env.*.local > "$state/built" || refuse ;;
  "vercel deploy"*) echo "Vercel CLI 54.0.0" >&2; echo "https://shop-abc123-acme.vercel.app" ;;
  "vercel promote"* | "vercel rollback"*) [[ -e $state/vercel.skips ]] || echo "$2" > "$state/alias" ;;
  "drizzle-kit check"*) echo "Everything's fine" ;;
  "drizzle-kit migrate"*) ;;
  "psql "*)
    printf '%s\n' "$PGUSER" "$PGPASSWORD" "$PGHOST" "$PGPORT" "$PGDATABASE" "$PGSSLMODE" "$PGOPTIONS" > "$state/connection"
    case "$*" in
      *--single-transaction*)
        for word in "$@"; do
          [[ $word != --file=* ]] || cat "${word#*=}" >> "$state/sql"
          [[ $word != --command=delete* ]] || sed -i "/^${word##*= }\$/d" "$state/applied"
        done ;;
      *to_regclass*) if [[ -e $state/applied ]]; then echo t; else echo f; fi ;;
      *"select created_at from"*) cat "$state/applied" ;;
      *"max(created_at)"*) head -n 1 "$state/applied" ;;
    esac ;;
  "docker run "*" pg_dump "*)
    printf '%s\n' "$PGUSER" "$PGPASSWORD" "$PGHOST" "$PGPORT" "$PGDATABASE" > "$state/connection"
    cat "$state/database" ;;
  "docker run "*" pg_restore --list")
    # As the real one does with what is no archive.
    [[ $(head -c 5) == PGDMP ]] || { echo 'pg_restore: error: input file does not appear to be a valid archive' >&2; exit 1; }
    printf ';\n; Archive created\n;\n%s\n' "$(< "$state/entries")" ;;
  "aws s3 cp "*) cp "$3" "$state/bucket" ;;
  "aws s3api head-object "*) printf '{"ContentLength": %s}\n' "$(stat -c %s "$state/bucket")" ;;
  "python -m alembic current"*) echo 'INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.' >&2; cat "$state/applied" ;;
  "python -m alembic heads"*) echo 'cc03 (head)' ;;
  "python -m alembic history --rev-range=current:")
    # Newest first, with the present one at the end.
    printf '%s\n' 'bb02 -> cc03 (head), a column' 'aa01 -> bb02, an index' '<base> -> aa01, tables' |
      sed -E "/-> $(cut -d ' ' -f 1 "$state/applied" | head -n 1 | grep . || echo base),/q" ;;
  "python -m alembic history --verbose --rev-range=base:"*)
    # Newest first, from that one on.
    rev=${*: -1} rev=${rev#*base:}
    for file in cc03_column bb02_index aa01_tables; do
      [[ -n ${seen:-} || $file == "$rev"* ]] || continue
      seen=1
      printf 'Rev: %s\nParent: x\nPath: %s/app/versions/%s.py\n\n    words of a person\n    Revision ID: x\n\n' "${file%_*}" "$PWD" "$file"
    done ;;
  "python manage.py showmigrations --plan"*) cat "$state/plan" ;;
  "prisma validate"*) ;;
  "prisma migrate status"*)
    printf 'Datasource "db": PostgreSQL database "shop"\n\n3 migrations found in prisma/migrations\n'
    pending=$(ls prisma/migrations | grep -vxFf "$state/applied" -e migration_lock.toml)
    [[ -n $pending ]] || { printf '\nDatabase schema is up to date!\n'; exit; }
    printf 'Following migration%s have not yet been applied:\n%s\n\nTo apply migrations in development run prisma migrate dev.\n' \
      "$([[ $pending != *$'\n'* ]] || echo s)" "$pending"
    exit 1 ;;
  "prisma migrate deploy"*) ls prisma/migrations | grep -v toml > "$state/applied" ;;
  "prisma db execute --stdin"*)
    cat > "$state/sql"
    sed -nE "s/^;DELETE FROM _prisma_migrations WHERE migration_name = '([^']*)';$/\1/p" "$state/sql" > "$state/gone"
    grep -vxFf "$state/gone" "$state/applied" > "$state/left"
    mv "$state/left" "$state/applied" ;;
  *) printf 'no answer for: %q\n' "$name $*" >&2; exit 1 ;;
esac
