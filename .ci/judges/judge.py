"""Asks every judge about every file, and prints what remains after `allowed.yml`.

In: folders that hold `.github/workflows/`, given by hand or all of `snapshots/*/`. Out: one line
per finding, grouped by judge, and a closing line with the number of files each judge judged.
Exit 0: clean, 1: findings remain, 2: a judge could not do its work.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

import tools
from findings import Finding, load_allowed, remaining

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


@dataclass(frozen=True)
class File:
    """A file to judge, and the folder that stands for its repository."""

    root: Path
    path: Path


@dataclass
class Files:
    """What is to be judged, by kind; `yaml` holds the other kinds too."""

    workflows: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    dependabot: list = field(default_factory=list)
    yaml: list = field(default_factory=list)
    scripts: list = field(default_factory=list)


def collect(folders):
    """Returns the files of the folders, and a finding for each folder without a workflow."""
    files, findings = Files(), []
    for folder in folders:
        before = len(files.workflows)
        for path in sorted(p for p in folder.rglob("*.y*ml") if p.suffix in (".yml", ".yaml")):
            file, inside = File(folder, path), path.relative_to(folder)
            files.yaml.append(file)
            if inside.parent == Path(".github/workflows"):
                files.workflows.append(file)
            elif inside.stem == "action":
                files.actions.append(file)
            elif inside.parent == Path(".github") and inside.stem == "dependabot":
                files.dependabot.append(file)
        if len(files.workflows) == before:
            message = "there is no workflow in `.github/workflows/`: nothing was judged"
            findings.append(Finding("files", str(folder), 0, "empty", message))
    return files, findings


def judge(files, wanted):
    """Runs the judges, two at a time.

    Returns the count per judge, all findings, and a line for each judge that could not judge.
    """
    counts, findings, broken = {}, [], []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {tool.__name__: pool.submit(tool, files) for tool in tools.ALL if tool.__name__ in wanted}
    for name, future in running.items():
        try:
            counts[name], found = future.result()
            findings += found
        except Exception as error:  # An answer that we cannot read is no judgement either.
            broken.append(f"{name}: could not judge: {error!r}")
    return counts, findings, broken


def show(findings):
    """Prints one line per finding under a heading per judge, in the order of the judges."""
    by_judge = {}
    for finding in sorted(set(findings), key=lambda f: (f.path, f.line, f.rule)):
        by_judge.setdefault(finding.judge, []).append(finding)
    for name, found in sorted(by_judge.items()):
        print(f"-- {name}: {len(found)} remaining")
        print("\n".join(f"   {finding}" for finding in found))


def arguments():
    names = [tool.__name__ for tool in tools.ALL]
    parser = argparse.ArgumentParser(prog=".ci/judges/run", description=__doc__.splitlines()[0])
    parser.add_argument("folders", metavar="DIR", nargs="*", type=Path, help="default: snapshots/*/")
    parser.add_argument("--partial", action="store_true", help="unused entries of allowed.yml are no error")
    parser.add_argument("--no-allowed", action="store_true", help="show what allowed.yml allows, too")
    parser.add_argument("--judge", choices=names, action="append", help="only this one; may be repeated")
    parser.add_argument("--json", action="store_true", help="counts and findings as one JSON document")
    return parser.parse_args()


def main():
    args = arguments()
    folders = args.folders or sorted(_relative(REPOSITORY / "snapshots").glob("*/"))
    wanted = args.judge or [tool.__name__ for tool in tools.ALL]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        print(f"not a folder: {', '.join(map(str, missing))}", file=sys.stderr)
        return 2

    files, findings = collect(folders)
    scripts = sorted(p for p in (REPOSITORY / "templates" / "scripts").glob("**/*") if p.is_file())
    files.scripts = [File(REPOSITORY, _relative(script)) for script in scripts]
    counts, found, broken = judge(files, wanted)
    findings += found
    if not args.no_allowed:
        path = HERE / "allowed.yml"
        try:
            allowed = load_allowed(path)
        except (ValueError, AttributeError, yaml.YAMLError) as error:
            print(f"allowed.yml cannot be read: {error}", file=sys.stderr)
            return 2
        findings = remaining(findings, allowed, path, wanted, args.partial or not folders)

    if args.json:
        print(json.dumps({"counts": counts, "findings": [asdict(f) for f in findings], "broken": broken}))
    else:
        show(findings)
        print("\n".join(broken), end="\n" if broken else "")
        judged = ", ".join(f"{name} {count}" for name, count in counts.items())
        print(f"judged in {len(folders)} folders: {judged}; {len(set(findings))} findings remain")
    return 2 if broken else 1 if findings else 0


def _relative(path):
    """Paths are shown, and matched by `allowed.yml`, as seen from where we were started."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
