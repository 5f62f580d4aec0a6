//! severity-policy, report-to-sarif and image-policy: what passes, what blocks, and that no data is no pass.

use std::fs;

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

fn judge(reports: &[&str], more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    for (at, report) in reports.iter().enumerate() {
        sandbox.write(&format!("reports/sub/{at}.sarif"), report);
    }
    sandbox.run(
        "severity-policy",
        &[&[("REPORTS_DIR", "reports")], more].concat(),
    )
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
    let outcome = judge(&[&rated], &[("BLOCK", "")]);
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
    let outcome = judge(&[&levels], &[("BLOCK", "critical")]);
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
    let outcome = judge(&[&leak], &[]);
    outcome.fails(
        "::error title=gitleaks%3A critical,file=src/a.py,line=7::aws-access-token: a finding",
    );
    assert_eq!(outcome.output("verdict"), "block");
    judge(&[&leak], &[("UNRATED", "Gitleaks medium\nother low")]).passes("verdict=warn");
}

#[test]
fn block_review_warn_and_clean() {
    let of = |score: &str| sarif("Trivy", &[("A", score)], &[("A", json!({}))]);
    let policy = [
        ("BLOCK", "critical"),
        ("REVIEW", "high"),
        ("WARN", "medium, low"),
    ];
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
    judge(&[&good], &[("REPORTS", "0.sarif\ntrivy.sarif")])
        .fails("the report trivy.sarif is missing");
    judge(&[&good], &[("REPORTS", "0.sarif\n")]).passes("verdict=clean");
    judge(&[&good], &[("REPORTS", HOSTILE)]).fails("is missing");
    judge(&[&good], &[("REPORTS_DIR", HOSTILE)]).fails("::error::");
}

#[test]
fn a_typo_in_the_policy_does_not_open_the_gate() {
    let good = sarif("Trivy", &[], &[]);
    for (name, value) in [
        ("BLOCK", "critical,hihg"),
        ("REVIEW", "High"),
        ("WARN", HOSTILE),
        ("UNRATED", "gitleaks criticl"),
        ("UNRATED", "gitleaks"),
        ("BLOCK", "*"),
    ] {
        judge(&[&good], &[(name, value)]).fails("is not one of critical, high, medium, low");
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
    outcome.fails("findings of the severities critical,high block");
    let commands: Vec<_> = outcome
        .log
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(commands.len(), 2, "{outcome:#?}");
    assert_eq!(outcome.summary.lines().count(), 3, "{outcome:#?}");
}

fn convert(tool: &str, input: &str, more: &[(&str, &str)]) -> (Outcome, Value) {
    let sandbox = Sandbox::new();
    let report = sandbox.write("report.json", input);
    let env = [
        ("TOOL", tool),
        ("INPUT", report.as_str()),
        ("OUTPUT", "out.sarif"),
    ];
    let outcome = sandbox.run("report-to-sarif", &[&env[..], more].concat());
    let text = fs::read_to_string(sandbox.path("out.sarif")).unwrap_or_default();
    (outcome, serde_json::from_str(&text).unwrap_or_default())
}

/// Rule, text, file and line of each result, and the severity that its rule carries.
fn results(sarif: &Value) -> Vec<(String, String, String, u64, String)> {
    let run = &sarif["runs"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let result = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let rule = rules
            .iter()
            .find(|rule| rule["id"] == result["ruleId"])
            .unwrap();
        (
            text(&result["ruleId"]),
            text(&result["message"]["text"]),
            text(&place["artifactLocation"]["uri"]),
            place["region"]["startLine"].as_u64().unwrap(),
            text(&rule["properties"]["security-severity"]),
        )
    };
    assert_eq!(
        (
            &sarif["version"],
            &run["tool"]["driver"]["name"].is_string()
        ),
        (&json!("2.1.0"), &true)
    );
    run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(result)
        .collect()
}

fn row(
    rule: &str,
    text: &str,
    file: &str,
    line: u64,
    score: &str,
) -> (String, String, String, u64, String) {
    (rule.into(), text.into(), file.into(), line, score.into())
}

#[test]
fn pip_audit_reports_are_read() {
    // The form of `pip-audit --format json` (pip-audit 2.10).
    let report = r#"{"dependencies":[
        {"name":"jinja2","version":"2.10","vulns":[
            {"id":"PYSEC-2019-217","fix_versions":["2.10.1"],"aliases":["CVE-2019-10906"],"description":"A flaw."},
            {"id":"GHSA-x","fix_versions":[]}]},
        {"name":"flask","version":"3.0","vulns":[]},
        {"name":"own","skip_reason":"not on PyPI"}],"fixes":[]}"#;
    let (outcome, sarif) = convert(
        "pip-audit",
        report,
        &[("MANIFEST_FILE", "requirements/base file.txt")],
    );
    assert_eq!(outcome.passes("").output("findings"), "3");
    let file = "requirements/base%20file.txt";
    assert_eq!(
        results(&sarif),
        [
            row(
                "PYSEC-2019-217",
                "jinja2 2.10: PYSEC-2019-217, CVE-2019-10906, fixed in 2.10.1",
                file,
                1,
                "8"
            ),
            row(
                "GHSA-x",
                "jinja2 2.10: GHSA-x, fixed in no version",
                file,
                1,
                "8"
            ),
            row(
                "not-audited",
                "own was not audited: not on PyPI",
                file,
                1,
                "2"
            ),
        ]
    );
    let (_, sarif) = convert("pip-audit", r#"{"dependencies":[],"fixes":[]}"#, &[]);
    assert!(results(&sarif).is_empty());
    judge(&[&sarif.to_string()], &[]).passes("verdict=clean");
}

#[test]
fn safety_reports_are_read() {
    // `safety check --json`, then `safety scan --output json` (schema 3.0).
    let check = r#"{"vulnerabilities":[
        {"vulnerability_id":"39525","package_name":"jinja2","analyzed_version":"2.10","advisory":"Flaw.","ignored":false,"severity":{"cvssv3":{"base_score":9.8}}},
        {"vulnerability_id":"1","package_name":"a","analyzed_version":"1","advisory":"b","ignored":false,"severity":null},
        {"vulnerability_id":"2","package_name":"a","analyzed_version":"1","advisory":"b","ignored":true,"severity":null}],"ignored_vulnerabilities":[]}"#;
    let (_, sarif) = convert("safety", check, &[("DEFAULT_SEVERITY", "medium")]);
    assert_eq!(
        results(&sarif),
        [
            row("39525", "jinja2 2.10: Flaw.", "requirements.txt", 1, "9.8"),
            row("1", "a 1: b", "requirements.txt", 1, "5.5")
        ]
    );
    judge(&[&sarif.to_string()], &[]).fails("critical=1");

    let scan = r#"{"meta":{},"scan_results":{"files":[],"projects":[{"files":[{"location":"requirements/dev.txt","results":{"dependencies":[
        {"name":"jinja2","specifications":[{"raw":"jinja2==2.10","vulnerabilities":{"known_vulnerabilities":[
            {"id":"39525","vulnerable_spec":"<2.10.1"},{"id":"5","ignored":{"code":"manual","reason":null},"vulnerable_spec":"<3"}]}}]}]}}]}]}}"#;
    let (_, sarif) = convert("safety", scan, &[]);
    assert_eq!(
        results(&sarif),
        [row(
            "39525",
            "jinja2==2.10: 39525 affects <2.10.1",
            "requirements/dev.txt",
            1,
            "8"
        )]
    );
}

#[test]
fn trufflehog_reports_are_read_without_the_secret() {
    // `trufflehog --json`: one object per line, log lines between them.
    let report = r#"{"level":"info","msg":"running source"}
{"SourceMetadata":{"Data":{"Git":{"commit":"abc","file":"conf/a b.env","line":4}}},"DetectorName":"AWS","Verified":true,"Raw":"AKIAs3cret","RawV2":"s3cret","Redacted":"AKIA"}
{"SourceMetadata":{"Data":{"Filesystem":{"file":"x"}}},"DetectorName":"AWS","Verified":false,"Raw":"s3cret"}
"#;
    let (_, sarif) = convert("trufflehog", report, &[("DEFAULT_SEVERITY", "low")]);
    assert_eq!(
        results(&sarif),
        [
            row(
                "AWS",
                "AWS secret in commit abc",
                "conf/a%20b.env",
                4,
                "9.5"
            ),
            row("AWS-unverified", "AWS secret", "x", 1, "2")
        ]
    );
    assert!(!sarif.to_string().contains("s3cret"));
    judge(&[&sarif.to_string()], &[]).fails("critical=1");
    let (outcome, sarif) = convert("trufflehog", "", &[]);
    assert_eq!(outcome.passes("").output("findings"), "0");
    judge(&[&sarif.to_string()], &[]).passes("verdict=clean");
}

#[test]
fn licences_are_allowed_by_name() {
    // Names as `pip-licenses --format json` (5.5) gives them.
    let names = [
        "MIT License",
        "BSD-3-Clause",
        "Apache-2.0",
        "Apache Software License",
        "ISC License (ISCL)",
        "Mozilla Public License 2.0 (MPL 2.0)",
        "MIT License; GNU General Public License v3 (GPLv3)",
        "Apache-2.0 OR BSD-2-Clause",
        "Apache-2.0 AND MIT",
        "Apache-2.0 AND CNRI-Python",
        "(MIT OR GPL-3.0) AND BSD",
        "GPL-3.0",
        "UNKNOWN",
        "LIMITED",
        "",
    ];
    let packages: Vec<_> = names
        .iter()
        .map(|name| json!({"Name": "p", "Version": "1", "License": name}))
        .collect();
    let allowed = [(
        "ALLOWED_LICENSES",
        "MIT\nBSD License\n Apache\nISC\nMPL-2.0\n",
    )];
    let (_, sarif) = convert("pip-licenses", &json!(packages).to_string(), &allowed);
    let refused: Vec<_> = results(&sarif)
        .into_iter()
        .map(|result| result.1.replace("p 1 is under ", ""))
        .collect();
    assert_eq!(
        refused,
        [
            "Apache-2.0 AND CNRI-Python",
            "(MIT OR GPL-3.0) AND BSD",
            "GPL-3.0",
            "UNKNOWN",
            "LIMITED",
            ""
        ]
    );
    let (outcome, _) = convert("pip-licenses", &json!(packages).to_string(), &[]);
    assert_eq!(outcome.output("findings"), names.len().to_string());
}

#[test]
fn a_report_that_is_none_is_not_converted() {
    for tool in ["pip-audit", "safety", "pip-licenses"] {
        for broken in ["", "\n", "{", r#"{"error":"no network"}"#, "null", HOSTILE] {
            convert(tool, broken, &[]).0.fails("::error::");
        }
    }
    convert("trufflehog", "fatal: not a repository", &[])
        .0
        .fails("is not a JSON report of trufflehog");
    convert("safety", "{}", &[("INPUT", "/does/not/exist")])
        .0
        .fails("wrote no report");
    convert(HOSTILE, "{}", &[])
        .0
        .fails("is not pip-audit, safety");
    convert("safety", "{}", &[("DEFAULT_SEVERITY", HOSTILE)])
        .0
        .fails("is not one of");
    let hostile = json!({"dependencies": [{"name": HOSTILE, "version": HOSTILE, "vulns": [{"id": HOSTILE, "fix_versions": [HOSTILE]}]}]});
    let (_, sarif) = convert(
        "pip-audit",
        &hostile.to_string(),
        &[("MANIFEST_FILE", HOSTILE)],
    );
    assert_eq!(results(&sarif)[0].0, HOSTILE);
}

fn image(user: &str, more: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new();
    let details = json!([{"Config": {"User": user}, "Size": 200_500_000}]);
    sandbox
        .fake("docker")
        .answers("image inspect -- shop:ci", &[&details.to_string()]);
    sandbox.run("image-policy", &[&[("IMAGE", "shop:ci")], more].concat())
}

#[test]
fn images_do_not_run_as_root() {
    for user in ["", "0", "root", "0:0", "root:app", "00:1000", ":1000"] {
        image(user, &[]).fails("shop:ci runs as root");
    }
    for user in ["app", "1000", "1000:0", "10001:10001", "rooty"] {
        image(user, &[]).passes("shop:ci runs as user");
    }
    image("app", &[("IMAGE", HOSTILE)]).fails("::error::the image -x");
    let sandbox = Sandbox::new();
    sandbox
        .fake("docker")
        .answers("*", &[r#"[{"Config":{"User":"app"}}]"#]);
    sandbox
        .run("image-policy", &[("IMAGE", "x")])
        .fails("Docker names no size");
}

#[test]
fn images_keep_their_size_and_base() {
    image("app", &[("MAX_SIZE_MB", "201")]).passes("200 MB");
    image("app", &[("MAX_SIZE_MB", "200")]).fails("has 200 MB, more than 200");
    image("app", &[("MAX_SIZE_MB", "a[$(touch pwned)]")]).fails("must be a number");

    let based = |dockerfile: &str, bases: Option<&str>| {
        let sandbox = Sandbox::new();
        sandbox
            .fake("docker")
            .answers("*", &[r#"[{"Config":{"User":"app"},"Size":1}]"#]);
        let file = sandbox.write("Docker file", dockerfile);
        let mut env = vec![("IMAGE", "x"), ("DOCKERFILE", file.as_str())];
        env.extend(bases.map(|bases| ("MINIMAL_BASES", bases)));
        sandbox.run("image-policy", &env)
    };
    based("FROM python:3.12 AS build\nRUN x\nfrom --platform=linux/amd64 python:3.12-slim as run\nCOPY --from=build a b\n", None).passes("python:3.12-slim is a minimal");
    based(
        "FROM alpine:3.20 AS base\nFROM node:22 AS build\nFROM base\n",
        None,
    )
    .passes("alpine:3.20 is a minimal");
    based("FROM alpine AS build\nFROM python:3.12\n", None)
        .passes("::warning::")
        .passes("builds on python:3.12, which is no minimal");
    based("FROM python:3.12\n", Some("ubuntu:*\npython:3.1?")).passes("python:3.12 is a minimal");
    based("# nothing\n", None)
        .passes("::warning::")
        .passes("an unknown image");
    based("FROM $(touch pwned)::x\n", Some(HOSTILE)).passes("::warning::");
    image("app", &[("DOCKERFILE", "/does/not/exist")]).fails("cannot be read");
}
