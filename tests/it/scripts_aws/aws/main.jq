{account: $account[0], words: split("\u001f")[:-1], $input, $files}
| (.words[:2] | join(" ")) as $call
| .account.counts[$call] += 1
| .account.requests += [{call: $call, input}]
| .account.counts[$call] as $number
| (.account.faults // [] | map(select(.call == $call and .at == $number))[0].does) as $fault
| if $fault == "refuse" then refuse("AccessDeniedException"; "not authorized")
  elif $fault == "lose" then answer | .ends = "fail" | .error = "Connection was closed before we received a valid response"
  elif $fault == "kill" then answer | .ends = "kill"
  elif $fault == "kill-before" then .ends = "kill"
  else answer end
| .ends // "well", (.account | tojson), (if .ends == "fail" then .error else .out | if type == "string" then . elif . == null then "" else tojson end end)
