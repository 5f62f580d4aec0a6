# One call of `aws`, given as its words, gives three lines: how it ends, the account after it, the answer.
def arn($type; $name): "arn:aws:\($type):eu-west-1:123456789012:\($name)";
def refuse($code; $message):
  .ends = "fail" | .error = "\nAn error occurred (\($code)) when calling the \(.words[:2] | join(" ")) operation: \($message)";
