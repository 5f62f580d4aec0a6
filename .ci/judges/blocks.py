"""Shell programs inside workflows and actions.

In: the text of a workflow or action.yml. Out: its `run:` blocks with the shell that would run them
and the line where each begins. Judges nothing, and says nothing about a file that does not parse:
the other judges do that.
"""

import re
from dataclasses import dataclass

import yaml

EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One `run:` script; `line` is that of its first character in the file."""

    place: str
    shell: str
    line: int
    script: str


def blocks_of(text):
    """Returns every `run:` block of a workflow or a composite action, in file order."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return []
    blocks = list(_steps_blocks(_get(root, "runs", "steps"), "runs", shell="bash"))
    workflow_shell = _text(root, "defaults", "run", "shell")
    for job_id, job in _entries(_get(root, "jobs")):
        job_shell = _text(job, "defaults", "run", "shell")
        shell = job_shell or workflow_shell or _default_shell(job)
        blocks += _steps_blocks(_get(job, "steps"), job_id, shell)
    return blocks


def _steps_blocks(steps, owner, shell):
    if not isinstance(steps, yaml.SequenceNode):
        return
    for index, step in enumerate(steps.value):
        run = _get(step, "run")
        if isinstance(run, yaml.ScalarNode):
            name = _text(step, "name") or f"step {index + 1}"
            script = EXPRESSION.sub(_mask, run.value)
            yield Block(f"{owner} / {name}", _text(step, "shell") or shell, _first_line(run), script)


def _default_shell(job):
    """The runner starts bash, but a container is only promised to have sh."""
    labels = yaml.serialize(_get(job, "runs-on")) if _get(job, "runs-on") else ""
    if "windows" in labels:
        return "pwsh"
    return "sh" if _get(job, "container") else "bash"


def _mask(expression):
    """An identifier of equal length, line breaks kept, so that places stay true."""
    return re.sub(r"[^\n]", "x", expression.group())


def _first_line(scalar):
    line = scalar.start_mark.line + 1
    return line + 1 if scalar.style in ("|", ">") else line


def _entries(node):
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)


def _get(node, *path):
    for wanted in path:
        node = next((value for key, value in _entries(node) if key == wanted), None)
    return node


def _text(node, *path):
    found = _get(node, *path)
    return found.value if isinstance(found, yaml.ScalarNode) else None
