def cloudfront($operation):
  if .input.DistributionId != "E1" then refuse("NoSuchDistribution"; "The specified distribution does not exist.")
  elif $operation == "create-invalidation" then
    if (.account.busy // 0) > 0 then .account.busy -= 1 | refuse("TooManyInvalidationsInProgress"; "Processing your request will cause you to exceed the maximum number")
    else .account.invalidations += [.input.InvalidationBatch] | .account.left = (.account.polls // 2)
      | .out = {Location: "x", Invalidation: {Id: "I\(.account.invalidations | length)", Status: "InProgress", InvalidationBatch: .input.InvalidationBatch}} end
  else .account.left -= 1 | .out = {Invalidation: {Id: .input.Id, Status: (if .account.left > 0 then "InProgress" else "Completed" end)}} end;
def answer: cloudfront(.words[1]);
