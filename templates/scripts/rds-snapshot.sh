#!/usr/bin/env bash
# Takes a snapshot of a database in RDS, waits until it can be used, and deletes the oldest of its own kind.
#
# in DB_INSTANCE?: instance to take it of (default: DB_CLUSTER)
# in DB_CLUSTER?: Aurora or Multi-AZ cluster to take it of, instead of an instance (default: none)
# in VERSION: version that is about to change the database, for the name
# in PURPOSE?: further word for the name, where one attempt of a run takes two snapshots (default: none)
# in KEEP?: how many snapshots that this repository took of the database to keep (default: all)
# in KEEP_DAYS?: days to keep them (default: for good)
# in MAX_WAIT?: seconds until it must be available (default 7200)
# in INTERVAL?: seconds between two looks (default 30)
# out snapshot: id of the snapshot
# out snapshot_arn: its ARN
set -euo pipefail
max_wait=${MAX_WAIT:-7200} interval=${INTERVAL:-30} keep=${KEEP:-} keep_days=${KEEP_DAYS:-}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }
# Requests are JSON in a file, so that no value can be taken for an option, a file or an address.
input=$(mktemp -p "$RUNNER_TEMP")
ask() { cat > "$input"; aws rds "$1" --output json --cli-input-json "file://$input"; }

[[ "$max_wait $interval" =~ ^[0-9]+\ [0-9.]+$ ]] || fail "MAX_WAIT and INTERVAL must be numbers"
[[ "$keep $keep_days" =~ ^([1-9][0-9]{0,3})?\ ([1-9][0-9]{0,3})?$ ]] || fail "KEEP and KEEP_DAYS must be numbers above 0"
[[ -z ${DB_INSTANCE:-} || -z ${DB_CLUSTER:-} ]] || fail "DB_INSTANCE and DB_CLUSTER exclude each other"
database=${DB_INSTANCE:-${DB_CLUSTER:-}}
[[ $database =~ ^[A-Za-z][A-Za-z0-9-]{0,62}$ ]] || fail "\`$database\` is not the id of a database"
# The two kinds have the same commands and fields under two names.
if [[ -n ${DB_INSTANCE:-} ]]; then command=db-snapshot kind=DBSnapshot of=DBInstanceIdentifier
else command=db-cluster-snapshot kind=DBClusterSnapshot of=DBClusterIdentifier; fi

# Letters, digits and single hyphens, unique for each attempt.
plain() { tr -c 'A-Za-z0-9' '-' <<< "$1" | tr -s - | cut -c "1-$2" | sed 's/^-//; s/-*$//'; }
id=$(plain "$database-$(plain "$VERSION" 60)-$(plain "${PURPOSE:-}" 30)-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" 255)
request=$(jq -n --arg id "${kind}Identifier" --arg snapshot "$id" --arg of "$of" --arg database "$database" \
  '{($id): $snapshot, ($of): $database, Tags: [{Key: "taken-by", Value: env.GITHUB_REPOSITORY}]}')

# A database that is being backed up or changed takes no snapshot until that is done.
errors=$(mktemp -p "$RUNNER_TEMP")
until ask "create-$command" <<< "$request" 2> "$errors" > /dev/null; do
  case $(< "$errors") in
    # The answer to an earlier try was lost.
    *"($kind"AlreadyExists*) break ;;
    *'(InvalidDB'*State*) (( SECONDS < max_wait )) || fail "$database cannot take a snapshot after $max_wait seconds: $(< "$errors")" ;;
    *) fail "the snapshot of $database is refused: $(< "$errors")" ;;
  esac
  echo "$database is busy and cannot take a snapshot yet"
  sleep "$interval"
done
echo "snapshot=$id" >> "$GITHUB_OUTPUT"

# The waiter of the command line would give up after half an hour.
status=
while true; do
  snapshot=$(jq --arg id "${kind}Identifier" '{($id): .[$id]}' <<< "$request" | ask "describe-${command}s" | jq -c '.[][0] // {}') || snapshot='{}'
  status=$(jq -r '.Status // "not known yet"' <<< "$snapshot")
  echo "snapshot $id is $status, $(jq -r '.PercentProgress // 0' <<< "$snapshot") %"
  case $status in
    available) break ;;
    failed | deleted | deleting | incompatible-*) fail "snapshot $id is $status" ;;
  esac
  (( SECONDS < max_wait )) || fail "snapshot $id is $status after $max_wait seconds"
  sleep "$interval"
done
echo "snapshot_arn=$(jq -r --arg arn "${kind}Arn" '.[$arn]' <<< "$snapshot")" >> "$GITHUB_OUTPUT"

[[ -n $keep$keep_days ]] || exit 0
oldest=$([[ -z $keep_days ]] || date --utc --date "-$keep_days days" +%FT%T)
superfluous=$(jq --arg of "$of" '{($of): .[$of], SnapshotType: "manual"}' <<< "$request" | ask "describe-${command}s" |
  jq -r --arg id "${kind}Identifier" --arg new "$id" --argjson keep "${keep:-null}" --arg oldest "$oldest" '
    [.[][] | select(.Status == "available" and any(.TagList[]?; .Key == "taken-by" and .Value == env.GITHUB_REPOSITORY))]
    | sort_by(.SnapshotCreateTime) | reverse | to_entries[]
    | select(($keep != null and .key >= $keep) or ($oldest != "" and .value.SnapshotCreateTime[:19] < $oldest))
    | .value[$id] | select(. != $new)') || { echo "::warning::old snapshots of $database cannot be listed"; exit 0; }
for old in $superfluous; do
  if jq -n --arg id "${kind}Identifier" --arg old "$old" '{($id): $old}' | ask "delete-$command" > /dev/null; then echo "deleted snapshot $old"
  else echo "::warning::snapshot $old cannot be deleted"; fi
done
