"""What judges say, and what of it is allowed.

In: findings, and `allowed.yml`. Out: the findings that remain, among them one for each entry of
`allowed.yml` that no longer allows anything.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

KEYS = {"judge", "rule", "path", "message", "reason"}


@dataclass(frozen=True)
class Finding:
    """One remark of one judge; `line` counts from 1, 0 when the judge names none."""

    judge: str
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: [{self.rule}] {' '.join(self.message.split())}"


@dataclass(frozen=True)
class Allowed:
    """An entry of `allowed.yml`: matches findings by judge, rule, path and message."""

    line: int
    judge: str
    rule: str
    path: str
    message: re.Pattern

    def allows(self, finding):
        return (
            finding.judge == self.judge
            and finding.rule == self.rule
            and fnmatchcase(finding.path, self.path)
            and self.message.search(finding.message) is not None
        )


def load_allowed(path):
    """Reads `allowed.yml`; an entry that is not complete is a `ValueError`."""
    root = yaml.compose(path.read_text(), Loader=yaml.SafeLoader)
    return [_entry(path, node) for node in (root.value if root else [])]


def _entry(path, node):
    line = node.start_mark.line + 1
    entry = {key.value: value.value for key, value in node.value}
    missing = KEYS - {"message"} - entry.keys()
    if missing or entry.keys() - KEYS or not entry["reason"].strip():
        raise ValueError(f"{path}:{line}: an entry has judge, rule, path and reason, perhaps message")
    message = re.compile(entry.get("message", ""))
    return Allowed(line, entry["judge"], entry["rule"], entry["path"], message)


def remaining(findings, allowed, allowed_path, judges, partial):
    """Returns the findings that nothing allows, and the entries that allow nothing.

    Entries of a judge that did not run, and all of them when only part of the files were judged
    (`partial`), are not asked whether they are still needed.
    """
    left = [finding for finding in findings if not any(a.allows(finding) for a in allowed)]
    if partial:
        return left
    for entry in allowed:
        if entry.judge in judges and not any(entry.allows(finding) for finding in findings):
            message = f"no longer needed: {entry.judge} says no such thing as {entry.rule} in {entry.path}"
            left.append(Finding("allowed", _shown(allowed_path), entry.line, "unused", message))
    return left


def _shown(path):
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
