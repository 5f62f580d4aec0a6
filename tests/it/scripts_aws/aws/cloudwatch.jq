def cloudwatch($operation):
  if $operation == "describe-alarms" then
    .input as $input | .account.alarms[$input.AlarmNames[0]] as $state
    | .out = {MetricAlarms: (if $state then [{AlarmName: $input.AlarmNames[0], StateValue: $state}] else [] end), CompositeAlarms: []}
  else .out = {MetricDataResults: [.input.MetricDataQueries[] | select(.ReturnData != false) | {Id, Label: .Id, Timestamps: [], Values: [], StatusCode: "Complete"}], Messages: []}
    | .account.values[0] as $values | .account.values |= (if length > 1 then .[1:] else . end)
    | .out.MetricDataResults[0].Values = ($values // []) end;
def answer: cloudwatch(.words[1]);
