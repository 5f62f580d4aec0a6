//! severity-policy: what passes, what blocks, and that no data is no pass.

use serde_json::{Value, json};

use super::sandbox::{HOSTILE, Outcome, Sandbox};

/// A report of one run, its rules rated by `security-severity`, its results `(rule, more keys)`.
fn sarif(tool: &str, rules: &[(&str, &str)], results: &[(&str, Value)]) -> String {
    let rules: Vec<_> = rules
        .iter()
        .map(|(id, score)| json!({"id": id, "properties": {"security-severity": score}}))
        .collect();
    let result = |(id, more): &(&str, Value)| {
        let mut result = json!({
            "ruleId": id, "message": {"text": "a finding"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 7}}}],
        });
        result
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        result
    };
    let results: Vec<_> = results.iter().map(result).collect();
    json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": tool, "rules": rules}}, "results": results}]}).to_string()
}

pub(crate) fn judge(reports: &[&str], more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    for (at, report) in reports.iter().enumerate() {
        sandbox.write(&format!("reports/sub/{at}.sarif"), report);
    }
    let env = [
        ("POLICY", "reports block=critical,high review= warn=medium"),
        ("REPORTS", ""),
    ];
    sandbox.run("severity-policy", &[&env, more].concat())
}

fn counts(outcome: &Outcome) -> [&str; 4] {
    ["critical", "high", "medium", "low"].map(|name| outcome.output(name))
}

#[test]
fn severity_comes_from_the_rule_and_else_from_the_level() {
    let rated = sarif(
        "Trivy",
        &[
            ("A", "9.0"),
            ("B", "8.9"),
            ("C", "7.0"),
            ("D", "6.9"),
            ("E", "4.0"),
            ("F", "3.9"),
            ("G", "0.0"),
        ],
        &["A", "B", "C", "D", "E", "F", "G"].map(|id| (id, json!({"level": "error"}))),
    );
    let outcome = judge(&[&rated], &[("POLICY", "reports block= warn=medium")]);
    outcome.passes("verdict=warn");
    assert_eq!(counts(&outcome), ["1", "2", "2", "2"]);

    let levels = sarif(
        "Bandit",
        &[],
        &[
            ("X", json!({"level": "error"})),
            ("X", json!({"level": "warning"})),
            ("X", json!({})),
            ("X", json!({"level": "note"})),
        ],
    );
    let outcome = judge(
        &[&levels],
        &[("POLICY", "reports block=critical warn=medium")],
    );
    assert_eq!(counts(&outcome), ["0", "1", "2", "1"]);
    outcome.passes("verdict=warn");
    assert!(outcome.summary.ends_with("| Tool | Critical | High | Medium | Low |\n| --- | --- | --- | --- | --- |\n| Bandit | 0 | 1 | 2 | 1 |\n"));
}

#[test]
fn rules_are_found_where_tools_put_them() {
    // CodeQL keeps its rules in extensions; others name them by index; defaults may stand in the rule.
    let report = json!({"runs": [{
        "tool": {
            "driver": {"name": "CodeQL", "rules": [{"id": "other", "properties": {"security-severity": "9.9"}}, {"id": "by-index", "properties": {"security-severity": "5"}}]},
            "extensions": [{"name": "pack", "rules": [{"id": "py/sql", "properties": {"security-severity": "8.8"}}, {"id": "py/note", "defaultConfiguration": {"level": "note"}}]}],
        },
        "results": [{"rule": {"id": "py/sql", "index": 0}}, {"ruleId": "py/note"}, {"ruleIndex": 1}, {"ruleId": "unknown", "ruleIndex": -1}],
    }]});
    let outcome = judge(&[&report.to_string()], &[]);
    outcome.fails("title=CodeQL%3A high,file=,line=1::py/sql: ");
    assert_eq!(counts(&outcome), ["0", "1", "2", "1"]);
}

#[test]
fn a_tool_that_rates_nothing_is_rated_by_us() {
    let leak = sarif("gitleaks", &[], &[("aws-access-token", json!({}))]);
    judge(&[&leak], &[]).passes("verdict=warn");
    let outcome = judge(&[&leak], &[("UNRATED", "gitleaks critical\n")]);
    outcome.fails(
        "::error title=gitleaks%3A critical,file=src/a.py,line=7::aws-access-token: a finding",
    );
    assert_eq!(outcome.output("verdict"), "block");
    judge(&[&leak], &[("UNRATED", "Gitleaks low\nother high")]).passes("verdict=clean");
}

#[test]
fn block_review_warn_and_clean() {
    let of = |score: &str| sarif("Trivy", &[("A", score)], &[("A", json!({}))]);
    let policy = [(
        "POLICY",
        "  reports warn=medium,low  review=high block=critical ",
    )];
    let verdict = |reports: &[&str]| {
        let outcome = judge(reports, &policy);
        (
            outcome.code,
            outcome.output("verdict").to_owned(),
            outcome.output("review").to_owned(),
        )
    };
    let expected =
        |code, verdict: &str, review: &str| (code, verdict.to_owned(), review.to_owned());
    assert_eq!(
        verdict(&[&of("9.8"), &of("7.5"), &of("5")]),
        expected(1, "block", "false")
    );
    assert_eq!(
        verdict(&[&of("5"), &of("7.5")]),
        expected(0, "review", "true")
    );
    assert_eq!(verdict(&[&of("5")]), expected(0, "warn", "false"));
    assert_eq!(
        verdict(&[&sarif("Trivy", &[], &[])]),
        expected(0, "clean", "false")
    );
    judge(&[&of("7.5")], &policy).passes("::warning title=Trivy%3A high");
    judge(&[&of("2")], &[]).passes("verdict=clean");
}

#[test]
fn suppressed_and_past_results_do_not_count() {
    let quiet = [
        json!({"suppressions": [{"kind": "inSource"}]}),
        json!({"suppressions": [{"kind": "external", "status": "accepted"}]}),
        json!({"kind": "pass"}),
        json!({"baselineState": "absent"}),
    ];
    for more in quiet {
        judge(&[&sarif("Semgrep", &[("A", "9.9")], &[("A", more)])], &[]).passes("verdict=clean");
    }
    for more in [
        json!({"suppressions": []}),
        json!({"suppressions": [{"kind": "external", "status": "underReview"}]}),
        json!({"kind": "fail"}),
    ] {
        judge(&[&sarif("Semgrep", &[("A", "9.9")], &[("A", more)])], &[]).fails("verdict=block");
    }
}

#[test]
fn no_data_is_no_pass() {
    let good = sarif("Trivy", &[], &[]);
    judge(&[], &[]).fails("::error::");
    let unfinished = json!({"runs": [{"tool": {"driver": {"name": "x"}}, "results": [], "invocations": [{"executionSuccessful": false}]}]});
    for broken in [
        "",
        " \n",
        "{",
        "[]",
        "{}",
        r#"{"runs":[]}"#,
        r#"{"runs":[{"tool":{"driver":{"name":"x"}}}]}"#,
        &unfinished.to_string(),
        HOSTILE,
    ] {
        judge(&[&good, broken], &[]).fails("1.sarif is not the report of a finished scan");
    }
    let named = |reports| judge(&[&good], &[("REPORTS", reports)]);
    named("reports/sub/0.sarif\nreports/trivy.sarif")
        .fails("the report reports/trivy.sarif is missing");
    named("reports/sub/0.sarif\n").passes("verdict=clean");
    named("reports/sub").passes("verdict=clean");
    named(HOSTILE).fails("is missing");
    judge(&[&good], &[("POLICY", "reports\nother")]).fails("the report other is missing");
    for none in ["", " \n"] {
        judge(&[&good], &[("POLICY", none)]).fails("::error::");
    }
}

#[test]
fn a_folder_may_be_empty_only_if_its_scanners_were_skipped() {
    let good = sarif("Trivy", &[], &[]);
    let policy = ("POLICY", "reports block=high\nother block=critical");
    judge(&[&good], &[policy, ("SKIPPED", "other\n\n")])
        .passes("nothing was judged in other")
        .passes("verdict=clean");
    for skipped in ["", "reports", "oth", "other/more", HOSTILE] {
        judge(&[&good], &[policy, ("SKIPPED", skipped)]).fails("the report other is missing");
    }
    // Whatever is there is judged all the same.
    let bad = sarif("Trivy", &[("A", "9.9")], &[("A", json!({}))]);
    judge(&[&bad], &[("SKIPPED", "reports")]).fails("verdict=block");
    judge(&[], &[("SKIPPED", "reports")]).passes("verdict=clean");
}

#[test]
fn a_scanner_without_its_login_is_skipped_and_everybody_is_told() {
    let login = |secrets: &str| {
        Sandbox::new().run(
            "scanner-login",
            &[
                ("SCANNER", "docker-scout"),
                ("SECRETS", secrets),
                ("REPORT", "reports/here/docker-scout-image.sarif"),
                ("GATE", "reports/here"),
            ],
        )
    };
    let ready = login("USER=true\nTOKEN=true\n");
    ready.passes("");
    assert_eq!(ready.output("ready"), "true");
    assert_eq!(
        ready.output("report"),
        "reports/here/docker-scout-image.sarif"
    );
    assert!(!ready.outputs.contains_key("skipped") && ready.summary.is_empty());
    for (missing, named) in [
        ("USER=true\nTOKEN=false", "TOKEN"),
        ("USER=false\nTOKEN=", "USER TOKEN"),
    ] {
        let skipped = login(missing);
        let said = format!("docker-scout is skipped: the repository has no secret {named}");
        skipped.passes(&format!("::warning::{said}"));
        assert!(skipped.summary.contains(&said), "{skipped:#?}");
        assert_eq!(skipped.output("skipped"), "reports/here");
        assert!(!skipped.outputs.contains_key("ready") && !skipped.outputs.contains_key("report"));
    }
}

#[test]
fn each_gate_judges_its_own_folder() {
    let sandbox = Sandbox::new();
    let of = |score| sarif("Trivy", &[("A", score)], &[("A", json!({}))]);
    sandbox.write("reports/code/a.sarif", &of("8"));
    sandbox.write("reports/code-style/a.sarif", &of("9.5"));
    sandbox.write("reports/secrets/a.sarif", &of("5"));
    let verdict = |policy: &str| {
        let outcome = sandbox.run(
            "severity-policy",
            &[("POLICY", policy), ("REPORTS", "reports/code")],
        );
        (outcome.code, outcome.output("verdict").to_owned())
    };
    let all = "critical,high,medium,low";
    let policy = |code: &str, style: &str, secrets: &str| {
        verdict(&format!(
            "reports/code {code}={all}\nreports/code-style {style}={all}\nreports/secrets {secrets}={all}\n"
        ))
    };
    assert_eq!(policy("warn", "review", "warn"), (0, "review".to_owned()));
    assert_eq!(policy("review", "warn", "block"), (1, "block".to_owned()));
    assert_eq!(policy("warn", "warn", "warn"), (0, "warn".to_owned()));
    assert_eq!(
        verdict("reports/code block=critical\nreports/code-style\nreports/secrets block=high"),
        (0, "clean".to_owned())
    );
}

#[test]
fn a_typo_in_the_policy_does_not_open_the_gate() {
    let good = sarif("Trivy", &[], &[]);
    for policy in [
        "reports block=critical,hihg",
        "reports review=High",
        "reports blok=high",
        "reports block=critical, high",
        "reports block=critical,",
        "reports block",
        "reports *",
        "-reports block=high",
        "reports/$(touch pwned) block=high",
        "reports warn=low\n* block=high",
        HOSTILE,
    ] {
        judge(&[&good], &[("POLICY", policy)]).fails("is no gate");
    }
    for unrated in ["gitleaks criticl", "gitleaks", "gitleaks low high", HOSTILE] {
        judge(&[&good], &[("UNRATED", unrated)]).fails("is not one of critical, high, medium, low");
    }
}

#[test]
fn hostile_findings_stay_text() {
    let many = vec![("A", json!({})); 1000];
    assert_eq!(
        judge(&[&sarif("Trivy", &[("A", "8")], &many)], &[]).output("high"),
        "1000"
    );

    let location = json!({"locations": [{"physicalLocation": {"artifactLocation": {"uri": HOSTILE}, "region": {"startLine": 3}}}], "message": {"text": HOSTILE}});
    let outcome = judge(
        &[&sarif(HOSTILE, &[(HOSTILE, "9.9")], &[(HOSTILE, location)])],
        &[],
    );
    outcome.fails("a gate blocks these findings");
    let commands: Vec<_> = outcome
        .log
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(commands.len(), 2, "{outcome:#?}");
    assert_eq!(outcome.summary.lines().count(), 3, "{outcome:#?}");
}
