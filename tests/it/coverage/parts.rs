//! The coverage of important files and of changed lines, in a real repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{CLOVER, COBERTURA, GO, JACOCO, LCOV, run, write};

fn git(folder: &Path, words: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
}

fn commit(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        write(folder, path, text);
    }
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "x"]);
}

/// A repository with one commit of these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "."]);
    commit(folder.path(), files);
    folder
}

/// What the script says of a report: whether it succeeds, and its lines.
fn judge(folder: &Path, format: &str, report: &str, more: &[(&str, &str)]) -> (bool, String) {
    write(folder, "report.tmp", report);
    let kept = tempfile::tempdir().unwrap();
    let temp = kept.path().display().to_string();
    let env = [
        ("FORMAT", format),
        ("REPORTS", "./report.tmp"),
        ("RUNNER_TEMP", &temp),
    ];
    let output = run("parts", folder, &[&env[..], more].concat());
    fs::remove_file(folder.join("report.tmp")).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), said.trim().to_owned())
}

fn critical<'a>(paths: &'a str, minimum: &'a str) -> [(&'a str, &'a str); 2] {
    [("CRITICAL_PATHS", paths), ("CRITICAL_MINIMUM", minimum)]
}

#[test]
fn each_form_names_files_in_its_own_way() {
    let forms = [
        ("go", "cart.go", GO),
        ("lcov", "src/a.ts", LCOV),
        ("jacoco", "app/src/main/java/org/shop/Cart.java", JACOCO),
        ("cobertura", "src/Cart.cs", COBERTURA),
        ("clover", "src/Cart.php", CLOVER),
    ];
    for (format, path, report) in forms {
        let folder = project(&[(path, "x\n"), ("other", "x\n")]);
        // Two of three lines of `src/a.ts`, three of four elsewhere.
        let (enough, more) = if format == "lcov" {
            ("66", "67")
        } else {
            ("75", "76")
        };
        let (passes, said) = judge(folder.path(), format, report, &critical(path, enough));
        assert!(
            passes && said.starts_with("Critical line coverage: "),
            "{format}: {said}"
        );
        let (passes, said) = judge(folder.path(), format, report, &critical(path, more));
        assert!(
            !passes && said.contains("critical line coverage is"),
            "{format}: {said}"
        );
        let (passes, said) = judge(folder.path(), format, report, &critical("other", "0"));
        assert!(
            !passes && said.contains("knows no critical lines"),
            "{format}: {said}"
        );
    }
}

const TWO: &str = "mode: set\nexample.com/shop/internal/auth/a.go:1.1,3.2 9 1\n\
                   example.com/shop/internal/auth/deep/b.go:1.1,3.2 1 0\n\
                   example.com/shop/internal/authors/c.go:1.1,3.2 90 0\n";

#[test]
fn patterns_choose_the_files_that_matter() {
    let folder = project(&[
        ("internal/auth/a.go", "x\n"),
        ("internal/auth/deep/b.go", "x\n"),
        ("internal/authors/c.go", "x\n"),
    ]);
    let share = |paths: &str| {
        let (_, said) = judge(folder.path(), "go", TWO, &critical(paths, "0"));
        said.split(' ').nth(3).unwrap_or_default().to_owned()
    };
    assert_eq!(share("internal/auth/**"), "90.00");
    assert_eq!(share("internal/auth"), "90.00", "a folder is all of it");
    assert_eq!(share("internal/auth/*.go"), "100.00");
    assert_eq!(share("internal/auth/a.go\ninternal/authors/**\n"), "9.09");
    let (passes, said) = judge(folder.path(), "go", TWO, &critical("internal/pay/**", "0"));
    assert!(
        !passes && said.contains("no file of the repository"),
        "{said}"
    );
    let (passes, _) = judge(folder.path(), "perl", TWO, &critical("internal/auth", "0"));
    assert!(!passes, "a form that is not known");
}

/// The lines of `shop.go` that the tests reach and do not reach.
const HIT: &str = "mode: set\nexample.com/shop/api/shop.go:3.15,5.2 2 1\n\
                   example.com/shop/api/shop.go:7.15,9.2 2 0\n";

fn changed(before: &str, after: &str, minimum: &str) -> (bool, String) {
    let folder = project(&[("api/shop.go", before)]);
    commit(
        folder.path(),
        &[("api/shop.go", after), ("new.md", "words\n")],
    );
    // The job of a component runs in its folder.
    judge(
        &folder.path().join("api"),
        "go",
        HIT,
        &[("CHANGED_MINIMUM", minimum)],
    )
}

#[test]
fn a_change_is_judged_by_the_lines_it_touches() {
    let text = |hit: &str, missed: &str| {
        format!("package shop\n\nfunc A() {{\n\t{hit}\n}}\n\nfunc B() {{\n\t{missed}\n}}\n")
    };
    let before = text("a", "b");
    let said = |after: &str, minimum: &str| changed(&before, after, minimum);
    assert_eq!(
        said(&text("c", "b"), "100"),
        (
            true,
            "Changed line coverage: 100.00 % (at least 100 %)".to_owned()
        )
    );
    let (passes, said_of_b) = said(&text("a", "c"), "1");
    assert!(
        !passes && said_of_b.contains("changed line coverage is 0.00 %"),
        "{said_of_b}"
    );
    assert!(said(&text("c", "d"), "50").0);
    assert!(!said(&text("c", "d"), "51").0, "one of two");
    // All lines are new, of which two hold only a bracket.
    assert_eq!(
        changed("x\n", &before, "50").1,
        "Changed line coverage: 50.00 % (at least 50 %)"
    );
    // Only words and lines that nothing runs.
    let (passes, said) = changed(&before, &before.replace("package shop", "package s"), "100");
    assert!(passes && said.starts_with("no changed line"), "{said}");
}

#[test]
fn a_change_needs_something_to_be_compared_with() {
    let folder = project(&[("api/shop.go", "x\n")]);
    let (passes, said) = judge(folder.path(), "go", HIT, &[("CHANGED_MINIMUM", "90")]);
    assert!(
        !passes && said.contains("check out more of the history"),
        "{said}"
    );
    let (passes, said) = judge(folder.path(), "go", HIT, &[("CHANGED_MINIMUM", "")]);
    assert!(passes && said.is_empty(), "{said}");
}
