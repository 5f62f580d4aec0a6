# RDS: a snapshot is available after `polls` looks; the database is busy for `busy` calls.
def rds($operation):
  (if $operation | contains("cluster") then "DBClusterSnapshot" else "DBSnapshot" end) as $kind
  | (if $kind == "DBSnapshot" then "DBInstanceIdentifier" else "DBClusterIdentifier" end) as $of
  | "\($kind)Identifier" as $id
  | .input[$id] as $snapshot
  | .input[$of] as $database
  | if ($operation | startswith("create-")) then
      if (.account.busy // 0) > 0 then .account.busy -= 1 | refuse(if $kind == "DBSnapshot" then "InvalidDBInstanceState" else "InvalidDBClusterStateFault" end; "not available")
      elif (.account.databases | index($database)) == null then refuse("DBInstanceNotFound"; "DBInstance not found")
      elif any(.account.snapshots[]; .[$id] == $snapshot) then refuse("\($kind)AlreadyExists"; "exists")
      else
        .account.snapshots += [{($id): .input[$id], ($of): .input[$of], SnapshotType: "manual", Status: "creating", PercentProgress: 10, TagList: .input.Tags,
          "\($kind)Arn": arn("rds"; "snapshot:\(.input[$id])"), SnapshotCreateTime: "2099-01-01T00:00:00.123Z", left: (.account.polls // 1)}]
        | .out = {($kind): (.account.snapshots[-1] | del(.left))}
      end
    elif ($operation | startswith("describe-")) then
      .input as $input
      | .account as $account
      | .account.snapshots |= map(if $input[$id] and .[$id] == $input[$id] and .Status == "creating" then
          .left -= 1 | if .left <= 0 then .Status = ($account.snapshot_ends // "available") | .PercentProgress = 100 else . end else . end)
      | ([.account.snapshots[] | select(if $input[$id] then .[$id] == $input[$id] else .[$of] == $input[$of] and .SnapshotType == $input.SnapshotType end) | del(.left)]) as $found
      | if $input[$id] and $found == [] then refuse("\($kind)NotFound"; "not found") else .out = {"\($kind)s": $found} end
    else
      .input[$id] as $gone | .account.snapshots |= map(select(.[$id] != $gone)) | .out = {($kind): {($id): $gone}}
    end;
def answer: rds(.words[1]);
