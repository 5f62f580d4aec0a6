#!/usr/bin/env bash
# Dumps a PostgreSQL database that the runner reaches, proves that the dump can be read, and encrypts it.
# The programs are those of a container: an older `pg_dump` refuses a newer server.
#
# in DATABASE_URL: secret, `postgres://user:password@host:port/database?...`
# in BACKUP_PASSPHRASE: secret that the dump is encrypted with
# in LABEL: word for the name of the file, such as that of the environment
# in VERSION: version that is about to change the database, for the name
# in POSTGRES_IMAGE?: image with the programs of PostgreSQL (default `postgres:18`)
# in BUCKET?: bucket in S3 that the file is copied to as well (default: none)
# out backup: name of the file
# out path: where it is
set -euo pipefail
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# shellcheck source=parts/postgres.sh
source "${BASH_SOURCE%/*}/parts/postgres.sh"
image=${POSTGRES_IMAGE:-postgres:18} bucket=${BUCKET:-}

[[ -n $DATABASE_URL ]] || fail "DATABASE_URL is empty"
[[ -n $BACKUP_PASSPHRASE ]] || fail "BACKUP_PASSPHRASE is empty: whoever may read the repository may read its artifacts, so the dump must be encrypted"
[[ $image =~ ^[a-z0-9][a-z0-9._/:@-]*$ ]] || fail "\`$image\` is not the name of an image"
[[ -z $bucket || $bucket =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || fail "\`$bucket\` is not the name of a bucket"
connect
plain() { tr -c 'A-Za-z0-9.\n' '-' <<< "$1" | cut -c 1-60; }
name=$(plain "$LABEL")-$(date --utc +%Y%m%dT%H%M%SZ)-$(plain "$VERSION")-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT.dump.enc

umask 077
folder=$(mktemp -d -p "$RUNNER_TEMP")
trap 'rm -f "$folder/dump"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
settings=()
for setting in PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE PGSSLMODE PGCHANNELBINDING PGOPTIONS; do
  [[ -z ${!setting:-} ]] || settings+=("--env=$setting")
done
docker run --rm --network=host "${settings[@]}" "$image" pg_dump --format=custom --no-owner --no-privileges > "$folder/dump" ||
  fail "the database cannot be dumped"
entries=$(docker run --rm --interactive --network=none "$image" pg_restore --list < "$folder/dump" | grep -c '^[0-9]') || entries=0
((entries)) || fail "the dump cannot be read or is empty"
openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass env:BACKUP_PASSPHRASE -in "$folder/dump" -out "$folder/$name" ||
  fail "the dump cannot be encrypted"
# What cannot be opened again is no backup.
openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:BACKUP_PASSPHRASE -in "$folder/$name" | cmp --silent - "$folder/dump" ||
  fail "the encrypted dump cannot be opened again"
if [[ -n $bucket ]]; then
  aws s3 cp "$folder/$name" "s3://$bucket/$name" --only-show-errors || fail "the dump cannot be copied to the bucket"
  size=$(aws s3api head-object --bucket "$bucket" --key "$name" --output json | jq -r .ContentLength) || size=unknown
  [[ $size == "$(stat -c %s "$folder/$name")" ]] || fail "the bucket has $size bytes of the dump"
fi
printf 'backup=%s\npath=%s\n' "$name" "$folder/$name" >> "$GITHUB_OUTPUT"
{
  printf '### Backup %s\n\n%s entries. To restore it into an empty database:\n\n' "$name" "$entries"
  # shellcheck disable=SC2016
  printf '```sh\nopenssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:BACKUP_PASSPHRASE -in %s | pg_restore --no-owner --dbname="$DATABASE_URL"\n```\n' "$name"
} >> "$GITHUB_STEP_SUMMARY"
echo "dumped the database, $entries entries, as $name"
