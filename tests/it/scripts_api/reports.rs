//! report-to-sarif: the reports of scanners that know no SARIF, in the forms that they really write.

use std::fs;

use serde_json::{Value, json};

use super::policy::judge;
use super::sandbox::{HOSTILE, Outcome, Sandbox};

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
