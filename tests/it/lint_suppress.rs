//! Comments that suppress findings: what they are about, and what is said of needless ones.

use cicd::diagnostics::{Diagnostic, Fix, apply_fixes};
use cicd::lint::settings::Options;
use cicd::lint::{File, FileKind, lint, weigh};
use cicd::source::{Source, Sources};

fn found(text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    // At the end, where it moves no line.
    let text = format!("{text}permissions: {{}}\n");
    let id = sources.add(Source::new("ci.yml", text).unwrap());
    let file = File {
        id,
        kind: FileKind::Workflow,
        repository: String::new(),
        path: ".github/workflows/ci.yml".to_owned(),
        wanted: true,
        absent: Vec::new(),
    };
    let files = [file];
    let found = weigh(lint(&sources, &files), &files, &Options::default());
    (sources, found.into_iter().collect())
}

/// `line rule` of all that is found.
fn lines(text: &str) -> Vec<String> {
    let (sources, found) = found(text);
    let lines = found.iter().map(|one| {
        let (_, start, _) = sources.resolve(one.primary.unwrap()).unwrap();
        format!("{} {}", start.line, one.code)
    });
    lines.collect()
}

/// A workflow with steps.
fn steps(steps: &str) -> String {
    format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}")
}

#[test]
fn behind_a_line_it_is_about_the_line() {
    let text = steps(
        "      - run: echo ${{ foo.a }} # cicd: ignore[expr-undefined-context] a test
        name: ${{ foo.b }}
",
    );
    assert_eq!(lines(&text), ["7 expr-undefined-context"]);
}

#[test]
fn above_a_block_it_is_about_the_block() {
    let text = steps(
        "      # cicd: ignore[expr-undefined-context] a test

      # of what stands below
      - run: echo ${{ foo.a }}
        name: ${{ foo.b }}
      - run: echo ${{ foo.c }}
",
    );
    assert_eq!(lines(&text), ["11 expr-undefined-context"]);
    let job = "on: push\njobs:\n  # cicd: ignore[unknown-key] a test\n  a:\n    \
               runs-on: ubuntu-24.04\n    step: []\n    steps: [{run: a}]\n  \
               b: {runs-on: ubuntu-24.04, step: [], steps: [{run: a}]}\n";
    assert_eq!(lines(job), ["8 unknown-key"]);
}

#[test]
fn above_a_key_in_a_step_it_is_about_the_key() {
    let text = steps(
        "      - name: ${{ foo.a }}
        # cicd: ignore[expr-undefined-context] a test
        run: |
          echo ${{ foo.b }}

          echo ${{ foo.c }}
        env: {A: '${{ foo.d }}'}
",
    );
    let expected = ["6 expr-undefined-context", "12 expr-undefined-context"];
    assert_eq!(lines(&text), expected);
}

#[test]
fn behind_the_head_of_a_script_it_is_about_the_script() {
    let text = steps(
        "      - run: | # cicd: ignore[expr-undefined-context] a test
          echo ${{ foo.a }}
          echo ${{ foo.b }}
        name: ${{ foo.c }}
",
    );
    assert_eq!(lines(&text), ["9 expr-undefined-context"]);
}

#[test]
fn within_a_script_it_is_no_comment_of_the_file() {
    let text = steps(
        "      - run: |
          echo ${{ foo.a }} # cicd: ignore[expr-undefined-context] a test
",
    );
    assert_eq!(lines(&text), ["7 expr-undefined-context"]);
}

#[test]
fn several_rules_have_one_reason_and_several_comments_one_block() {
    let one = "      - run: a # cicd: ignore[unknown-key, expr-undefined-context] both
        x: ${{ foo.a }}
";
    let expected = ["6 unused-ignore", "7 unknown-key"];
    assert_eq!(lines(&steps(one)), expected);
    let two = "      # cicd: ignore[unknown-key] one
      # cicd: ignore[expr-undefined-context] the other
      - run: ${{ foo.a }}
        x: 1
";
    assert_eq!(lines(&steps(two)), Vec::<String>::new());
}

#[test]
fn without_a_reason_it_suppresses_and_is_told() {
    let text = steps("      - run: ${{ foo.a }} # cicd: ignore[expr-undefined-context]\n");
    assert_eq!(lines(&text), ["6 ignore-without-reason"]);
}

#[test]
fn what_is_not_understood_suppresses_nothing() {
    for comment in [
        "# cicd: ignore",
        "# cicd: ignore[] why",
        "# cicd: ignore expr-undefined-context",
        "# cicd: disable[expr-undefined-context] why",
        "#cicd:ignore[unused-ignore] why",
    ] {
        let text = steps(&format!("      - run: ${{{{ foo.a }}}} {comment}\n"));
        let expected = ["6 expr-undefined-context", "6 invalid-suppression"];
        assert_eq!(lines(&text), expected, "{comment}");
    }
    let others = steps("      - run: a # cicd is ignored [here]\n");
    assert_eq!(lines(&others), Vec::<String>::new());
}

#[test]
fn an_unknown_rule_brings_the_nearest_name() {
    let text = steps("      - run: a # cicd: ignore[expr-undefined-contxt] why\n");
    let (sources, found) = found(&text);
    let [one] = &found[..] else {
        panic!("{found:#?}");
    };
    assert_eq!(one.message, "there is no rule `expr-undefined-contxt`");
    assert_eq!(one.help.as_deref(), Some("write `expr-undefined-context`"));
    let source = sources.get(one.primary.unwrap().source).unwrap();
    assert_eq!(
        source.slice(one.primary.unwrap().span),
        "expr-undefined-contxt"
    );
}

#[test]
fn needless_ones_are_taken_away_by_their_fix() {
    let text = steps(
        "      # cicd: ignore[unknown-key] an old one
      - run: ${{ foo.a }} # cicd: ignore[needs-cycle,expr-undefined-context] half of it
      - run: b   # cicd: ignore[needs-cycle] all of it
",
    );
    let (_, found) = found(&text);
    let fixes: Vec<&Fix> = found
        .iter()
        .filter(|one| one.code == "unused-ignore")
        .filter_map(|one| one.fix.as_ref())
        .collect();
    assert_eq!(fixes.len(), 3);
    let mended = steps(
        "      - run: ${{ foo.a }} # cicd: ignore[expr-undefined-context] half of it
      - run: b
",
    );
    assert_eq!(apply_fixes(&text, &fixes).text, mended);
    assert_eq!(lines(&mended), Vec::<String>::new());
}

#[test]
fn it_shares_a_line_with_other_comments() {
    for comment in [
        "# v4 # cicd: ignore[expr-undefined-context] a test",
        "# cicd: ignore[expr-undefined-context] a test # v4",
    ] {
        let text = steps(&format!("      - run: ${{{{ foo.a }}}} {comment}\n"));
        assert_eq!(lines(&text), Vec::<String>::new(), "{comment}");
    }
    let bare = steps("      - run: ${{ foo.a }} # cicd: ignore[expr-undefined-context] # v4\n");
    assert_eq!(lines(&bare), ["6 ignore-without-reason"]);
    let text = steps("      - run: a # v4 # cicd: ignore[needs-cycle] a test\n");
    let (_, found) = found(&text);
    let fixed = apply_fixes(&text, &[found[0].fix.as_ref().unwrap()]);
    assert_eq!(fixed.text, steps("      - run: a # v4\n"));
}
