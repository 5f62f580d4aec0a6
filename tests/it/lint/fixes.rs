//! Fixes: what they write, what they leave as it is, and when they are taken back.

use std::collections::{BTreeMap, BTreeSet};

use cicd::diagnostics::{Applicability, Diagnostic, Severity};
use cicd::lint::settings::ByRepository;
use cicd::lint::{File, FileKind, Fixes, Group, all, fix, lint};
use cicd::source::{Source, SourceId, Sources};
use cicd::syntax::{self, Node};

use crate::common::Repo;

/// The files of an example: pieces after `# file: PATH`, or one workflow.
fn files(text: &str) -> (Sources, Vec<File>) {
    let mut sources = Sources::new();
    let first = (!text.starts_with("# file: "))
        .then(|| format!("# file: .github/workflows/example.yml\n{text}"));
    let text = first.as_deref().unwrap_or(text);
    let files = text.split("# file: ").skip(1).map(|part| {
        let (path, text) = part.split_once('\n').unwrap();
        File {
            id: sources.add(Source::new(path, text).unwrap()),
            kind: FileKind::of(path).unwrap_or(FileKind::Workflow),
            repository: String::new(),
            path: path.to_owned(),
            wanted: true,
            absent: Vec::new(),
        }
    });
    let files = files.collect();
    (sources, files)
}

fn any(_: &Diagnostic) -> bool {
    true
}

/// Whether a finding is told without being asked for; the texts here say nothing of permissions.
fn told(one: &Diagnostic) -> bool {
    let rule = all().iter().find(|rule| rule.id == one.code).unwrap();
    !matches!(rule.group, Group::Policy | Group::Security)
}

/// Fixes all that can be fixed; returns the first text, and what is still found as `rule: message`.
fn fixed(text: &str) -> (String, Vec<String>) {
    let (mut sources, files) = files(text);
    let fixing = fix(&mut sources, &files, &ByRepository::new(), &any);
    // Those of examples that show something else.
    let found = fixing
        .found
        .iter()
        .filter(|one| told(one) && one.severity != Severity::Note);
    let found = found.map(|one| format!("{}: {}", one.code, one.message));
    (
        sources.get(files[0].id).unwrap().text().to_owned(),
        found.collect(),
    )
}

/// A job of one step, with keys of its own, below the file's.
fn job(keys: &str) -> String {
    format!(
        "on: push\njobs:\n  a: {{runs-on: x, steps: [{{run: a}}]}}\n  b:\n    runs-on: x\n{keys}    steps: [{{run: b}}]\npermissions: {{}}\n"
    )
}

fn step(keys: &str) -> String {
    format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{keys}")
}

/// Rule, text, and the same text fixed.
fn cases() -> Vec<(&'static str, String, String)> {
    let action = |text: &str| format!("# file: action.yml\nname: a\ndescription: b\n{text}");
    let call = |keys: &str| {
        let called = "# file: .github/workflows/called.yml\non:\n  workflow_call:\n    inputs: {node-size: {type: string}}\n    secrets: {API_TOKEN: {required: false}}\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n";
        format!("on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n{keys}{called}")
    };
    let pair = |rule, with: &dyn Fn(&str) -> String, before: &str, after: &str| {
        (rule, with(before), with(after))
    };
    let plain = |text: &str| text.to_owned();
    vec![
        pair(
            "action-meta-branding",
            &action,
            "runs: {using: node24, main: a.js}\nbranding: {icon: activty, color: blue}\n",
            "runs: {using: node24, main: a.js}\nbranding: {icon: activity, color: blue}\n",
        ),
        pair(
            "action-meta-keys",
            &action,
            "athor: me # c\nruns: {using: node24, main: a.js}\n",
            "author: me # c\nruns: {using: node24, main: a.js}\n",
        ),
        pair(
            "action-meta-runtime",
            &action,
            "runs: {using: 'node-24', main: a.js}\n",
            "runs: {using: 'node24', main: a.js}\n",
        ),
        pair(
            "enum-value",
            &plain,
            &job("").replace("push", "{workflow_dispatch: {inputs: {a: {type: bolean}}}}"),
            &job("").replace(
                "push",
                "{workflow_dispatch: {inputs: {a: {type: boolean}}}}",
            ),
        ),
        pair(
            "block-scalar-newline",
            &job,
            "    env:\n      A: |\n        one\n",
            "    env:\n      A: |-\n        one\n",
        ),
        pair(
            "call-input-default-required",
            &plain,
            &job("").replace("push", "\n  workflow_call:\n    inputs:\n      a:\n        type: string\n        default: b # gone\n        required: true # c\n"),
            &job("").replace("push", "\n  workflow_call:\n    inputs:\n      a:\n        type: string\n        required: true # c\n"),
        ),
        pair(
            "deprecated-commands",
            &step,
            "      - run: |\n          make\n          echo \"::set-output name=sha::$(git rev-parse HEAD)\"\n          echo ::add-path::/opt/bin\n",
            "      - run: |\n          make\n          echo \"sha=$(git rev-parse HEAD)\" >> \"$GITHUB_OUTPUT\"\n          echo /opt/bin >> \"$GITHUB_PATH\"\n",
        ),
        pair(
            "dispatch-input-def",
            &plain,
            &job("").replace("push", "{workflow_dispatch: {inputs: {a: {type: boolean, default: 'true'}, b: {type: choice, options: [x, y, x], default: Y}}}}"),
            &job("").replace("push", "{workflow_dispatch: {inputs: {a: {type: boolean, default: true}, b: {type: choice, options: [x, y], default: y}}}}"),
        ),
        pair(
            "event-payload-property",
            &plain,
            &step("      - run: echo '${{ github.event.pull_request.numbr }}'\n").replace("push", "pull_request"),
            &step("      - run: echo '${{ github.event.pull_request.number }}'\n").replace("push", "pull_request"),
        ),
        pair(
            "expr-object-in-template",
            &step,
            "      - run: echo '${{ github.event }}'\n",
            "      - run: echo '${{ toJSON(github.event) }}'\n",
        ),
        pair(
            "expr-unbalanced",
            &step,
            "      - run: echo $ {{ github.ref }}\n",
            "      - run: echo ${{ github.ref }}\n",
        ),
        pair(
            "expr-undefined-property",
            &step,
            "      - run: echo ${{ github.reff }} # c\n",
            "      - run: echo ${{ github.ref }} # c\n",
        ),
        pair(
            "matrix-duplicate",
            &job,
            "    strategy:\n      matrix:\n        v:\n          - 1 # one\n          - 2\n          - 1 # again\n",
            "    strategy:\n      matrix:\n        v:\n          - 1 # one\n          - 2\n",
        ),
        pair(
            "matrix-exclude",
            &job,
            "    strategy: {matrix: {node: [a, b], exclude: [{Node: a}]}}\n",
            "    strategy: {matrix: {node: [a, b], exclude: [{node: a}]}}\n",
        ),
        pair(
            "parallel-refs",
            &step,
            "      - {id: build-it, run: a, background: true}\n      - {wait: [build_it]}\n",
            "      - {id: build-it, run: a, background: true}\n      - {wait: [build-it]}\n",
        ),
        pair(
            "schedule-timezone",
            &plain,
            &job("").replace("push", "{schedule: [{cron: '0 1 * * *', timezone: Europe/Berln}]}"),
            &job("").replace("push", "{schedule: [{cron: '0 1 * * *', timezone: Europe/Berlin}]}"),
        ),
        pair(
            "shell-name",
            &step,
            "      - {run: a, shell: Bsh}\n",
            "      - {run: a, shell: bash}\n",
        ),
        pair(
            "yaml-anchor-unused",
            &job,
            "    env: &e {A: b} # c\n",
            "    env: {A: b} # c\n",
        ),
        pair(
            "if-always-true",
            &step,
            "      - run: a # c\n        if: |\n          ${{ github.ref == 'x' }}\n",
            "      - run: a # c\n        if: |-\n          ${{ github.ref == 'x' }}\n",
        ),
        pair(
            "action-unknown-input",
            &step,
            "      - {uses: actions/checkout@v7, with: {fetch-dept: 0}} # c\n",
            "      - {uses: actions/checkout@v7, with: {fetch-depth: 0}} # c\n",
        ),
        pair(
            "dependabot-config",
            &|text| format!("# file: .github/dependabot.yml\nversion: 2\nupdates:\n{text}"),
            "  - {package-ecosystem: nmp, directory: /, schedule: {interval: daily}} # c\n",
            "  - {package-ecosystem: npm, directory: /, schedule: {interval: daily}} # c\n",
        ),
        pair("call-job-keys", &call, "    neds: []\n", "    needs: []\n"),
        pair(
            "call-unknown-input",
            &call,
            "    with:\n      node_size: x # c\n",
            "    with:\n      node-size: x # c\n",
        ),
        pair(
            "call-unknown-secret",
            &call,
            "    secrets: {API-TOKN: x}\n",
            "    secrets: {API_TOKEN: x}\n",
        ),
        pair(
            "composite-steps",
            &action,
            "runs:\n  using: composite\n  steps:\n    - {uses: a/b@v1, wiht: {c: d}}\n",
            "runs:\n  using: composite\n  steps:\n    - {uses: a/b@v1, with: {c: d}}\n",
        ),
        pair(
            "event-types",
            &plain,
            &job("").replace(
                "push",
                "\n  pull_request:\n    types: [opened, 'synchronise'] # c\n",
            ),
            &job("").replace(
                "push",
                "\n  pull_request:\n    types: [opened, 'synchronize'] # c\n",
            ),
        ),
        pair(
            "event-unknown",
            &plain,
            &job("").replace("push", "[push, pull_requst]"),
            &job("").replace("push", "[push, pull_request]"),
        ),
        pair(
            "expr-syntax",
            &step,
            "      - run: b\n        if: github.ref == \"it's\" # c\n",
            "      - run: b\n        if: github.ref == 'it''s' # c\n",
        ),
        pair(
            "expr-syntax",
            &step,
            "      - run: b\n        if: 'github.ref = env.A'\n",
            "      - run: b\n        if: 'github.ref == env.A'\n",
        ),
        pair(
            "expr-syntax",
            &step,
            "      - run: b\n        if: \"github.ref === env.A\"\n",
            "      - run: b\n        if: \"github.ref == env.A\"\n",
        ),
        pair(
            "expr-syntax",
            &step,
            "      - run: b\n        if: env.B & env.A | env.C\n",
            "      - run: b\n        if: env.B && env.A || env.C\n",
        ),
        pair(
            "expr-undefined-context",
            &step,
            "      - run: |\n          one\n            two ${{ githb.ref }} ${{ github.sha }}\n",
            "      - run: |\n          one\n            two ${{ github.ref }} ${{ github.sha }}\n",
        ),
        pair(
            "expr-undefined-context",
            &step,
            "      - run: \"\\u0041 ${{ githb.ref }}\"\n",
            "      - run: \"A ${{ github.ref }}\"\n",
        ),
        pair(
            "expr-undefined-function",
            &job,
            "    if: contans(github.ref, 'b')\n",
            "    if: contains(github.ref, 'b')\n",
        ),
        pair(
            "needs-duplicate",
            &job,
            "    needs:\n      - a # first\n      - A # again\n",
            "    needs:\n      - a # first\n",
        ),
        pair(
            "needs-unknown",
            &plain,
            &job("    needs: [biuld]\n").replace("a:", "build:"),
            &job("    needs: [build]\n").replace("a:", "build:"),
        ),
        pair(
            "permission-level",
            &job,
            "    permissions: {contents: Read}\n",
            "    permissions: {contents: read}\n",
        ),
        pair(
            "permission-unknown",
            &job,
            "    permissions: {'content': read}\n",
            "    permissions: {'contents': read}\n",
        ),
        pair(
            "shell-required",
            &action,
            "runs:\n  using: composite\n  steps:\n    # one\n    - run: a # two\n",
            "runs:\n  using: composite\n  steps:\n    # one\n    - shell: bash\n      run: a # two\n",
        ),
        pair(
            "unknown-key",
            &job,
            "    timeout_minutes: 5 # c\n",
            "    timeout-minutes: 5 # c\n",
        ),
        pair(
            "yaml-scalar-style",
            &job,
            "    timeout-minutes: \"5\" # c\n",
            "    timeout-minutes: 5 # c\n",
        ),
        pair(
            "yaml-tag",
            &job,
            "    name: !!timestamp 2026-01-01 # c\n",
            "    name: 2026-01-01 # c\n",
        ),
        pair(
            "yaml-tag",
            &job,
            "    name: !mine\n      2026-01-01\n",
            "    name:\n      2026-01-01\n",
        ),
    ]
}

#[test]
fn fixes_write_what_was_meant_and_nothing_else() {
    let mut wrong = Vec::new();
    for (rule, before, after) in cases() {
        let (sources, files) = files(&before);
        let codes: Vec<_> = lint(&sources, &files).iter().map(|one| one.code).collect();
        let (text, found) = fixed(&before);
        let wanted = self::files(&after);
        let wanted = wanted.0.get(wanted.1[0].id).unwrap().text();
        if !codes.contains(&rule) || text != wanted || !found.is_empty() {
            wrong.push(format!("{rule} of {codes:?} gives {found:?} and\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Every scalar of a text, with how often it stands there, and all comments.
fn inventory(text: &str) -> (BTreeMap<String, i64>, Vec<String>) {
    fn walk(node: Node<'_>, all: &mut BTreeMap<String, i64>) {
        if let (Some(text), false) = (node.as_str(), node.is_alias()) {
            *all.entry(text.to_owned()).or_default() += 1;
        }
        let keys = node.entries().flat_map(|entry| [entry.key, entry.value]);
        keys.chain(node.items()).for_each(|child| walk(child, all));
    }
    let document = syntax::parse(SourceId(0), text).document.unwrap();
    let mut all = BTreeMap::new();
    document
        .root()
        .into_iter()
        .for_each(|root| walk(root, &mut all));
    let comments = document.comments().iter();
    let comments = comments.map(|comment| text[comment.span.range()].to_owned());
    (all, comments.collect())
}

#[test]
fn the_fix_of_every_example_mends_it_and_leaves_the_rest() {
    let mut with_fixes = BTreeSet::new();
    for (rule, before, _) in cases() {
        let (sources, files) = files(&before);
        let found = lint(&sources, &files);
        if found
            .iter()
            .any(|one| one.code == rule && one.fix.is_some())
        {
            with_fixes.insert(rule);
        }
    }
    for rule in all().iter().filter(|rule| !rule.bad.is_empty()) {
        // A comment at the end of each line that is none of a script.
        let bad = rule.bad.concat();
        let lines = bad.lines().zip(1..);
        let bad: String = lines
            .map(
                |(line, number)| match line.starts_with('#') || line.contains('"') {
                    true => format!("{line}\n"),
                    false => format!("{line} # {number}\n"),
                },
            )
            .collect();
        let (sources, files) = files(&bad);
        let found = lint(&sources, &files);
        for one in &found {
            if one.fix.is_none() {
                let always = rule.fixes == Fixes::Always;
                assert!(!always || one.code != rule.id, "{}", rule.id);
                continue;
            }
            with_fixes.insert(one.code);
            let fix = one.fix.as_ref().unwrap();
            let text = sources.get(one.primary.unwrap().source).unwrap().text();
            let after = cicd::diagnostics::apply_fixes(text, &[fix]).text;
            let (old, old_comments) = inventory(text);
            let (new, new_comments) = inventory(&after);
            // A suppression is a comment itself.
            if !matches!(one.code, "invalid-suppression" | "unused-ignore") {
                assert_eq!(old_comments, new_comments, "{after}");
            }
            let changes = |one: &BTreeMap<String, i64>, other: &BTreeMap<String, i64>| {
                let beyond =
                    |(text, count): (&String, &i64)| (count - other.get(text).unwrap_or(&0)).max(0);
                one.iter().map(beyond).sum::<i64>()
            };
            // An entry that is added or taken away is two scalars.
            assert!(
                changes(&old, &new) <= 2 && changes(&new, &old) <= 2,
                "{after}"
            );
        }
        if found.iter().any(|one| one.fix.is_some()) {
            let (_, left) = fixed(&bad);
            assert_eq!(left, [""; 0], "{}", rule.id);
        }
    }
    for rule in all() {
        let has = rule.fixes != Fixes::Never;
        assert!(
            has == with_fixes.contains(rule.id),
            "{}: the rule says {has}",
            rule.id
        );
    }
}

#[test]
fn a_fix_that_leads_to_an_error_is_taken_back_and_that_is_said() {
    let before = job("    timeout-minutes: \"5\"\n").replace("push", "{scedule: }");
    let (mut sources, files) = files(&before);
    let fixing = fix(&mut sources, &files, &ByRepository::new(), &any);
    let text = sources.get(files[0].id).unwrap().text();
    assert_eq!(text, before.replace("\"5\"", "5"), "the other fix stays");
    let left: Vec<_> = fixing.found.iter().filter(|one| told(one)).collect();
    assert_eq!(left.len(), 1, "{left:#?}");
    assert_eq!(left[0].code, "event-unknown");
    let note = left[0].notes.join("\n");
    assert!(
        note.contains("its fix was left, since it would lead to: `schedule`"),
        "{note}"
    );
}

#[test]
fn names_of_ones_own_are_only_rewritten_without_a_doubt() {
    let of = |text: &str| {
        let (sources, files) = files(text);
        let found = lint(&sources, &files);
        found
            .iter()
            .find_map(|one| one.fix.clone())
            .map(|fix| fix.applicability)
    };
    let needs = |name: &str| job(&format!("    needs: {name}\n")).replace("  a:", "  part-1:");
    assert_eq!(of(&needs("part_1")), Some(Applicability::Safe));
    assert_eq!(of(&needs("part-2")), Some(Applicability::Unsafe));
    assert_eq!(
        of(&job("    timout-minutes: 5\n")),
        Some(Applicability::Safe)
    );
    assert_eq!(
        of(&job("    timot-minuts: 5\n")),
        Some(Applicability::Unsafe)
    );
    assert_eq!(
        of(&step("      - {run: a, with: {b: c}}\n")),
        None,
        "spelt right"
    );
}

#[test]
fn through_an_alias_the_anchor_is_mended_once() {
    let before = step("      - &one {run: a, shel: bash}\n      - *one\n      - *one\n");
    let (text, found) = fixed(&before);
    assert_eq!(text, before.replace("shel:", "shell:"));
    assert_eq!(found, [""; 0]);
}

#[test]
fn what_a_fix_brings_to_light_is_fixed_in_turn() {
    let before = step("      - run: ${{ githb.ref }}\n").replace("steps", "stesp");
    assert_eq!(fixed(&before).0, step("      - run: ${{ github.ref }}\n"));
    let before = "on: push\njobs:\n  a: {runs-on: x, steps: [{run: a}]}\n  b: {needs: [a, a, a, A], runs-on: x, steps: [{run: a}]}\n";
    assert_eq!(fixed(before).0, before.replace("[a, a, a, A]", "[a]"));
}

const CI: &str = ".github/workflows/ci.yml";
const FAULTY: &str = "on: push # when\r\njobs:\r\n  build:\r\n    needs: [tset]\r\n    run-on: x\r\n    steps:\r\n      - run: a\r\n  test: {runs-on: x, steps: [{run: a}]}\r\npermissions: {}\r\n";

#[test]
fn files_are_fixed_with_their_line_ends_and_their_mode() {
    let repo = Repo::new();
    repo.write(CI, FAULTY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(repo.path(CI), mode).unwrap();
    }
    let run = repo.cicd(&["lint", "--fix"]);
    let safe = FAULTY.replace("run-on", "runs-on");
    assert_eq!(repo.read(CI), safe);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("needs-unknown") && !run.out.contains("unknown-key"));
    assert_eq!(run.err, "fixed 1 finding in 1 file\n");
    let run = repo.cicd(&["lint", "--fix", "--unsafe-fixes"]);
    assert_eq!(repo.read(CI), safe.replace("tset", "test"));
    assert_eq!((run.code, &*run.out), (1, ""), "it changed something");
    let run = repo.cicd(&["lint", "--fix", "--unsafe-fixes"]);
    assert_eq!((run.code, &*run.out, &*run.err), (0, "", ""));
    assert_eq!(repo.files(), [CI], "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(repo.path(CI))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let repo = Repo::new();
    let faulty = FAULTY.replace("\r\n", "\n");
    repo.write(CI, &faulty);
    let before = repo.snapshot();
    let run = repo.cicd(&["lint", "--diff"]);
    assert_eq!(repo.snapshot(), before);
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("\n-    run-on: x\n+    runs-on: x\n"),
        "{}",
        run.out
    );
    assert!(
        run.err.starts_with("would fix 1 finding in 1 file\n"),
        "{}",
        run.err
    );
    repo.write("change.patch", &run.out);
    let git = std::process::Command::new("git")
        .args(["apply", "change.patch"])
        .current_dir(repo.root())
        .status();
    assert!(git.unwrap().success());
    assert_eq!(repo.read(CI), faulty.replace("run-on", "runs-on"));
    let run = repo.cicd(&["lint", "--unsafe-fixes"]);
    assert_eq!(run.code, 2, "it says nothing of where the texts go");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let repo = Repo::new();
    repo.write("in.yml", FAULTY);
    let fix = |flags: &[&str]| {
        let input = std::fs::File::open(repo.path("in.yml")).unwrap();
        let mut program = crate::common::program();
        let program = program.args(["lint", "-"]).args(flags).stdin(input);
        crate::common::Run::of(program.current_dir(repo.root()))
    };
    let run = fix(&["--fix"]);
    assert_eq!(
        (run.code, run.out),
        (1, FAULTY.replace("run-on", "runs-on"))
    );
    assert!(run.err.contains("needs-unknown"), "{}", run.err);
    repo.write("in.yml", job(""));
    let run = fix(&["--fix"]);
    assert_eq!((run.code, run.out, run.err), (0, job(""), String::new()));
}

#[test]
fn generated_files_are_left_to_the_manifest() {
    let repo = Repo::new();
    repo.write("cicd.yml", include_str!("../../../presets/rust-crate.yml"));
    assert_eq!(repo.cicd(&["generate"]).code, 1);
    let workflows = repo.files();
    let ci = workflows
        .iter()
        .find(|path| path.starts_with(".github/workflows/"));
    let ci = ci.unwrap().clone();
    let faulty = repo.read(&ci).replacen("runs-on:", "run-on:", 1);
    repo.write(&ci, &faulty);
    let run = repo.cicd(&["lint", "--fix"]);
    assert_eq!(run.code, 1);
    assert_eq!(repo.read(&ci), faulty);
    assert!(
        run.err.contains("is generated, and was left as it is"),
        "{}",
        run.err
    );
    assert!(run.err.contains("fix the manifest instead"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let repo = Repo::new();
    let outside = Repo::new();
    outside.write("ci.yml", FAULTY);
    repo.write(".github/workflows/other.yml", job(""));
    std::os::unix::fs::symlink(outside.path("ci.yml"), repo.path(CI)).unwrap();
    let run = repo.cicd(&["lint", "--fix", CI]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("is a symbolic link"), "{}", run.err);
    assert_eq!(outside.read("ci.yml"), FAULTY);
    let linked = Repo::new();
    outside.write("workflows/ci.yml", FAULTY);
    linked.write(".github/x", "");
    let folder = linked.path(".github/workflows");
    std::os::unix::fs::symlink(outside.path("workflows"), folder).unwrap();
    let run = linked.cicd(&["lint", "--fix", CI]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(outside.read("workflows/ci.yml"), FAULTY);
}

#[test]
fn json_carries_the_fix_of_each_finding() {
    let repo = Repo::new();
    repo.write(CI, FAULTY.replace("\r\n", "\n"));
    let run = repo.cicd(&["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let fixes: Vec<_> = (0..2).map(|at| &document["findings"][at]["fix"]).collect();
    assert_eq!(fixes[0]["applicability"], "unsafe");
    assert_eq!(fixes[1]["applicability"], "safe");
    assert_eq!(fixes[1]["edits"][0]["replacement"], "runs-on");
    assert_eq!(fixes[1]["edits"][0]["line"], 5);
    let explained = repo.cicd(&["explain", "unknown-key"]).out;
    assert!(
        explained.contains("`cicd lint --fix` fixes it where"),
        "{explained}"
    );
}

#[test]
fn a_fix_that_is_left_leaves_no_other_of_the_same_words() {
    let text = step(
        "      - run: b\n        if: github.ref == \"x\"1.68.0'\n      - run: c\n        if: \
         github.ref == \"y\"\n",
    );
    let (once, _) = fixed(&text);
    assert!(once.contains("if: github.ref == 'y'\n"), "{once}");
    assert!(once.contains("if: github.ref == \"x\"1.68.0'\n"), "{once}");
    let (twice, _) = fixed(&once);
    assert_eq!(twice, once);

    // What a fix would lead to is no better where the same is wrong elsewhere.
    let both = format!("{text}      - run: d\n        if: github.ref == 1.68.0'\n");
    let (once, _) = fixed(&both);
    assert!(once.contains("if: github.ref == \"x\"1.68.0'\n"), "{once}");
}

#[test]
fn a_name_that_cannot_stand_behind_a_dot_is_not_written_there() {
    let text = step("      - run: a\n        env: {A: '${{ inputs.select }}'}\n").replace(
        "on: push",
        "on: {workflow_dispatch: {inputs: {'select!': {type: string}}}}",
    );
    let (after, left) = fixed(&text);
    assert_eq!(after, text);
    assert!(
        left.contains(&"expr-undefined-property: `inputs` has no `select`".to_owned()),
        "{left:?}"
    );
}

#[test]
fn what_yaml_only_warned_of_is_refused_by_no_fix() {
    let text = "# file: action.yml\nname: a\ndescription: 'b\nc'\nruns:\n  using: composite\n  \
                steps:\n    - run: a\n      she!ll: bash\n";
    let (after, _) = fixed(text);
    assert_eq!(after.matches("shell: bash").count(), 1, "{after}");
}
