//! The scripts that judge coverage, run on reports as the tools write them.

mod parts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a script in this folder.
fn run(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/scripts");
    Command::new("bash")
        .arg(scripts.join(format!("coverage-{script}.sh")))
        .current_dir(folder)
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn write(folder: &Path, path: &str, text: &str) -> PathBuf {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    file
}

/// What a script says of these reports: whether it succeeds, and its first line.
fn judge(script: &str, reports: &[(&str, &str)], minimum: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in reports {
        write(folder.path(), path, text);
    }
    let variables = [
        ("REPORTS", "./here.* */deep/here.*"),
        ("RESULT_FILE", "here.json"),
        ("SUMMARY_FILE", "here.json"),
        ("MINIMUM", minimum),
    ];
    let output = run(script, folder.path(), &variables);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let first = stdout.lines().next().unwrap_or_default().to_owned();
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap_or_default();
    let judged = !first.starts_with("::error::");
    assert_eq!(
        summary.trim_end(),
        if judged { first.as_str() } else { "" },
        "the summary says what was measured"
    );
    (output.status.success(), first)
}

/// Three of four lines are covered in each of these.
const GO: &str = "mode: set\n\
    shop/cart.go:3.20,5.2 3 1\n\
    shop/cart.go:7.20,9.2 1 0\n";
const LCOV: &str = "TN:\nSF:src/a.ts\nDA:1,5\nDA:2,1,checksum\nDA:3,0\nLF:3\nLH:2\nend_of_record\n\
    SF:src/b.ts\nDA:1,2\nLF:1\nLH:1\nend_of_record\n";
/// On one line, as JaCoCo writes it, with counters that must not be counted.
const JACOCO: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">"#,
    r#"<report name="shop"><sessioninfo id="x" start="1" dump="2"/><package name="org/shop"><class name="org/shop/Cart" sourcefilename="Cart.java">"#,
    r#"<method name="&lt;init&gt;" desc="()V" line="3"><counter type="LINE" missed="9" covered="0"/></method></class>"#,
    r#"<sourcefile name="Cart.java"><line nr="3" mi="0" ci="3" mb="0" cb="0"/><line nr="4" mi="2" ci="1" mb="1" cb="1"/>"#,
    r#"<line nr="5" mi="0" ci="2" mb="0" cb="0"/><line nr="9" mi="4" ci="0" mb="0" cb="0"/><counter type="LINE" missed="1" covered="3"/></sourcefile>"#,
    r#"</package><counter type="LINE" missed="1" covered="3"/></report>"#
);
/// Cobertura lists the lines of a method twice.
const COBERTURA: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<coverage line-rate="0.75" branch-rate="1" version="1.9" timestamp="1" lines-covered="3" lines-valid="4">
  <sources>
    <source>/srv/shop/</source>
  </sources>
  <packages><package name="Shop"><classes>
    <class name="Shop.Cart" filename="src/Cart.cs" line-rate="0.75">
      <methods><method name="Add"><lines>
        <line number="7" hits="2" branch="False" />
        <line number="8" hits="0" branch="False" />
      </lines></method></methods>
      <lines>
        <line number="7" hits="2" branch="False" />
        <line number="8" hits="0" branch="False" />
        <line number="9" hits="1" branch="True" condition-coverage="50% (1/2)" />
        <line number="10" hits="1" branch="False" />
      </lines>
    </class>
  </classes></package></packages>
</coverage>
"#;
/// Lines of methods and the metrics are no statements.
const CLOVER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<coverage generated="1"><project timestamp="1">
  <file name="/shop/src/Cart.php">
    <class name="Cart" namespace="Shop"><metrics methods="1" statements="4" coveredstatements="3"/></class>
    <line num="5" type="method" name="add" visibility="public" count="0"/>
    <line num="6" type="stmt" count="2"/>
    <line num="7" type="stmt" count="1"/>
    <line num="8" type="stmt" count="1"/>
    <line num="9" type="stmt" count="0"/>
    <metrics loc="12" statements="4" coveredstatements="3"/>
  </file>
</project></coverage>
"#;
const SIMPLECOV: &str = r#"{"result": {"line": 75.0, "branch": 10.5}}"#;

const ISTANBUL: &str =
    r#"{"total": {"lines": {"total": 4, "covered": 3, "skipped": 0, "pct": 75}}}"#;

const FORMS: [(&str, &str, &str); 7] = [
    ("go", "here.out", GO),
    ("lcov", "here.info", LCOV),
    ("jacoco", "here.xml", JACOCO),
    ("cobertura", "here.xml", COBERTURA),
    ("clover", "here.xml", CLOVER),
    ("simplecov", "here.json", SIMPLECOV),
    ("summary", "here.json", ISTANBUL),
];

#[test]
fn enough_passes_and_a_percent_more_would_not() {
    for (script, path, report) in FORMS {
        let (passes, said) = judge(script, &[(path, report)], "75");
        assert!(passes, "{script}: {said}");
        assert!(
            said.contains("coverage: 75"),
            "{script} measures three of four: {said}"
        );
        let (passes, _) = judge(script, &[(path, report)], "76");
        assert!(!passes, "{script} accepts 75 % where 76 % are wanted");
    }
}

#[test]
fn no_report_is_no_success() {
    for (script, path, _) in FORMS {
        let (passes, said) = judge(script, &[], "0");
        assert!(
            !passes && said.starts_with("::error::no "),
            "{script}: {said}"
        );
        for useless in [
            "",
            "\n",
            "this is not a report\n",
            "<html><line></html>",
            "{}",
        ] {
            let (passes, said) = judge(script, &[(path, useless)], "0");
            assert!(
                !passes && said.starts_with("::error::"),
                "{script} accepts {useless:?}: {said}"
            );
        }
    }
}

#[test]
fn a_report_that_covers_nothing_fails() {
    let nothing = [
        ("go", "mode: set\na/b.go:1.1,2.2 1 0\n".to_owned()),
        ("lcov", "SF:a\nDA:1,0\nend_of_record\n".to_owned()),
        ("jacoco", JACOCO.replace(r#"ci=""#, r#"ci="0" old=""#)),
        (
            "cobertura",
            COBERTURA.replace(r#"hits=""#, r#"hits="0" old=""#),
        ),
        (
            "clover",
            CLOVER.replace(r#" count=""#, r#" count="0" old=""#),
        ),
        (
            "simplecov",
            r#"{"result": {"covered_percent": 0}}"#.to_owned(),
        ),
        ("summary", ISTANBUL.replace("75", "0")),
    ];
    for (script, report) in nothing {
        let (passes, said) = judge(script, &[("here.json", &report)], "1");
        assert!(!passes && said.contains("coverage: 0"), "{script}: {said}");
        let (passes, _) = judge(script, &[("here.json", &report)], "0");
        assert!(passes, "{script} asks for more than 0 %");
    }
}

#[test]
fn a_line_that_one_of_two_suites_covers_is_covered() {
    let others = [
        ("go", GO.replace("9.2 1 0", "9.2 1 4")),
        (
            "lcov",
            LCOV.replace("DA:3,0", "DA:3,1").replace("DA:1,5", "DA:1,0"),
        ),
        (
            "jacoco",
            JACOCO.replace(r#"mi="4" ci="0""#, r#"mi="0" ci="4""#),
        ),
        (
            "cobertura",
            // Another project of the solution has another root for the same file.
            COBERTURA
                .replace("/srv/shop/<", "/srv/shop/src<")
                .replace("src/Cart.cs", "Cart.cs")
                .replace(r#"hits="0""#, r#"hits="1""#),
        ),
        (
            "clover",
            CLOVER.replace(
                r#"num="9" type="stmt" count="0""#,
                r#"num="9" type="stmt" count="1""#,
            ),
        ),
    ];
    for (script, other) in others {
        let (_, _, first) = FORMS.into_iter().find(|form| form.0 == script).unwrap();
        let beside = [("here.a", first), ("x/deep/here.b", other.as_str())];
        let (passes, said) = judge(script, &beside, "100");
        assert!(passes && said.contains("100.00 %"), "{script}: {said}");
        // Put aside, the reports of a suite are one file behind each other.
        let joined = format!("{first}{other}");
        let (passes, said) = judge(script, &[("here.a", &joined)], "100");
        assert!(
            passes && said.contains("100.00 %"),
            "{script} joined: {said}"
        );
    }
}

#[test]
fn other_files_stay_other_files() {
    let other = LCOV.replace("src/", "lib/").replace(",0", ",1");
    let (passes, said) = judge("lcov", &[("here.a", LCOV), ("here.b", &other)], "88");
    assert_eq!(
        (passes, said.as_str()),
        (false, "Line coverage: 87.50 % (at least 88 %)")
    );
}

#[test]
fn shares_are_never_rounded_up() {
    let lines: String = (1..=10_000)
        .map(|line| format!("DA:{line},{}\n", u32::from(line > 2_001)))
        .collect();
    let report = format!("SF:a\n{lines}end_of_record\r\n");
    let (passes, said) = judge("lcov", &[("here.a", &report)], "80");
    assert_eq!(
        (passes, said.as_str()),
        (false, "Line coverage: 79.99 % (at least 80 %)")
    );
}

/// What coverage-mix.sh says when Mix prints this and ends so.
fn judge_mix(printed: &str, status: u8) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "printed", printed);
    let mix = write(
        folder.path(),
        "bin/mix",
        &format!("#!/bin/sh\n[ \"$*\" = test.coverage ] || exit 9\ncat printed\nexit {status}\n"),
    );
    let made = Command::new("chmod").arg("+x").arg(mix).status().unwrap();
    assert!(made.success());
    let path = format!(
        "{}:{}",
        folder.path().join("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let output = run("mix", folder.path(), &[("PATH", &path), ("MINIMUM", "80")]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let said = stdout
        .lines()
        .find(|line| line.starts_with("Coverage:") || line.starts_with("::error::"));
    (output.status.success(), said.unwrap_or_default().to_owned())
}

#[test]
fn the_total_of_mix_is_judged() {
    let table = |total: &str| {
        format!(
            "Percentage | Module\n-----------|-----------\n    12.00% | Shop.Total\n   100.00% | Shop\n-----------|-----------\n    {total}% | Total\n\nGenerated HTML coverage results in \"cover\" directory\n"
        )
    };
    let (passes, said) = judge_mix(&table("80.00"), 3);
    assert!(passes, "our minimum counts, not the one of Mix: {said}");
    assert_eq!(said, "Coverage: 80.00 % (at least 80 %)");
    assert!(!judge_mix(&table("79.99"), 0).0);
    let bordered = "| Percentage | Module |\n|------------|--------|\n|     85.50% | Total  |\n";
    assert_eq!(
        judge_mix(bordered, 0).1,
        "Coverage: 85.50 % (at least 80 %)"
    );
    let umbrella = format!("{}{}", table("100.00"), table("9.00"));
    assert!(!judge_mix(&umbrella, 0).0);
}

#[test]
fn no_data_of_mix_is_no_success() {
    let (passes, said) = judge_mix("", 0);
    assert!(!passes && said.starts_with("::error::no total"), "{said}");
    let (passes, said) = judge_mix("    99.00% | Total\n", 1);
    assert!(!passes && said.contains("ended with 1"), "{said}");
}
