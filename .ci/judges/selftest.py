"""Proves that every judge still judges.

In: `fixtures/good` and `fixtures/faulty`, where a comment `# expect: JUDGE/RULE` says what a judge
remarks on in that file. Out: each remark that was due and not made, and each that nobody expected.
Nothing of `allowed.yml` applies. Exit 0: every judge said what it should, 1: not so.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import judge
import tools
from findings import Allowed, Finding, remaining

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
EXPECTATION = re.compile(r"^# expect: (\S+)$", re.MULTILINE)


def ask(*folders):
    """Returns what `run --json` says about the folders."""
    command = [sys.executable, "-B", HERE / "judge.py", "--json", "--no-allowed", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(f"the judges did not answer: {done.stderr}")
    return json.loads(done.stdout)


def due():
    """Returns (path, "judge/rule") for every expectation in the fixtures."""
    paths = (path for path in FIXTURES.rglob("*.yml"))
    return {(str(path), wanted) for path in paths for wanted in EXPECTATION.findall(path.read_text())}


def judging_problems():
    answer = ask(FIXTURES / "good", FIXTURES / "faulty")
    wanted = due()
    made = {(found["path"], f"{found['judge']}/{found['rule']}") for found in answer["findings"]}
    yield from answer["broken"]
    yield from (f"{path}: {remark} was not said" for path, remark in sorted(wanted - made))
    yield from (f"{path}: {remark} was not expected" for path, remark in sorted(made - wanted))
    for tool in tools.ALL:
        if not any(remark.startswith(f"{tool.__name__}/") for _, remark in wanted):
            yield f"no fixture shows what {tool.__name__} catches"
        if not answer["counts"].get(tool.__name__):
            yield f"{tool.__name__} judged no file"


def allowing_problems():
    """An entry allows what it describes and nothing else; an entry that allows nothing is reported."""
    finding = Finding("zizmor", "snapshots/x/.github/workflows/a.yml", 3, "artipacked", "some message")
    fits = Allowed(1, "zizmor", "artipacked", "*/workflows/a.yml", re.compile("some"))
    others = [
        Allowed(2, "schema", "artipacked", "*", re.compile("")),
        Allowed(3, "zizmor", "other", "*", re.compile("")),
        Allowed(4, "zizmor", "artipacked", "*/b.yml", re.compile("")),
        Allowed(5, "zizmor", "artipacked", "*", re.compile("another")),
    ]
    path, judges = HERE / "allowed.yml", ["zizmor", "schema"]
    if remaining([finding], [fits], path, judges, partial=False):
        yield "allowed: an entry does not allow what it describes"
    left = remaining([finding], others, path, judges, partial=False)
    if [f.line for f in left] != [3, 2, 3, 4, 5]:
        yield f"allowed: entries that fit nothing were not all reported: {left}"
    if remaining([finding], others, path, judges, partial=True) != [finding]:
        yield "allowed: --partial asks whether entries are still needed"


def empty_problems():
    """A folder without a workflow is a finding, not a success."""
    _, findings = judge.collect([HERE])
    if [finding.rule for finding in findings] != ["empty"]:
        yield "a folder without a workflow was accepted"


def main():
    problems = [*judging_problems(), *allowing_problems(), *empty_problems()]
    print("\n".join(problems) or f"{len(due())} remarks expected and made, none besides")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
