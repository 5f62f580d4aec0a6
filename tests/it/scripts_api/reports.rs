//! The `…-to-sarif` scripts: the reports of scanners that know no SARIF, in the forms that they really write.

use std::fs;

use serde_json::{Value, json};

use super::policy::judge;
use super::sandbox::{HOSTILE, Outcome, Sandbox};

fn convert(tool: &str, input: &str, more: &[(&str, &str)]) -> (Outcome, Value) {
    let sandbox = Sandbox::new();
    sandbox.write("report.json", input);
    let env = [
        ("TOOL", tool),
        ("REPORTS", "report.json requirements.txt"),
        ("SARIF", "out.sarif"),
    ];
    let script = match tool {
        "pip-licenses" => "licenses-to-sarif".to_owned(),
        _ => format!("{tool}-to-sarif"),
    };
    let outcome = sandbox.run(&script, &[&env[..], more].concat());
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
        &[("REPORTS", "report.json requirements/base file.txt")],
    );
    outcome.passes("pip-audit: 3 findings");
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
    // `safety check --output json`.
    let check = r#"{"vulnerabilities":[
        {"vulnerability_id":"39525","package_name":"jinja2","analyzed_version":"2.10","advisory":"Flaw.","ignored":false,"severity":{"cvssv3":{"base_score":9.8}}},
        {"vulnerability_id":"1","package_name":"a","analyzed_version":"1","advisory":"b","ignored":false,"severity":null},
        {"vulnerability_id":"2","package_name":"a","analyzed_version":"1","advisory":"b","ignored":true,"severity":null}],"ignored_vulnerabilities":[]}"#;
    let (_, sarif) = convert("safety", check, &[]);
    assert_eq!(
        results(&sarif),
        [
            row("39525", "jinja2 2.10: Flaw.", "requirements.txt", 1, "9.8"),
            row("1", "a 1: b", "requirements.txt", 1, "8")
        ]
    );
    judge(&[&sarif.to_string()], &[]).fails("critical=1");
}

#[test]
fn npm_audit_reports_are_read() {
    // `npm audit --json` (npm 11): mkdirp is named since it depends on minimist.
    let report = r#"{"auditReportVersion":2,"vulnerabilities":{
        "minimist":{"name":"minimist","severity":"critical","isDirect":true,"via":[
            {"source":1096465,"name":"minimist","dependency":"minimist","title":"Prototype Pollution","url":"https://github.com/advisories/GHSA-vh95-rmgr-6w4m",
             "severity":"moderate","cwe":["CWE-1321"],"cvss":{"score":5.6,"vectorString":"CVSS:3.1/AV:N"},"range":"<0.2.1"},
            {"source":1097677,"name":"minimist","dependency":"minimist","title":"Prototype Pollution","url":"https://github.com/advisories/GHSA-xvch-5gv4-984h",
             "severity":"critical","cwe":["CWE-1321"],"cvss":{"score":9.8,"vectorString":"CVSS:3.1/AV:N"},"range":"<0.2.4"}],
            "effects":["mkdirp"],"range":"<=0.2.3","nodes":["node_modules/minimist"],"fixAvailable":false},
        "mkdirp":{"name":"mkdirp","severity":"moderate","isDirect":true,"via":["minimist"],"effects":[],"range":"0.4.1 - 0.5.1","nodes":["node_modules/mkdirp"],"fixAvailable":false}},
        "metadata":{"vulnerabilities":{"info":0,"low":0,"moderate":1,"high":0,"critical":1,"total":2}}}"#;
    let lock = [("REPORTS", "report.json web/package-lock.json")];
    let (_, sarif) = convert("npm-audit", report, &lock);
    let of = |id, range: &str, score| {
        let text = format!("minimist {range}: Prototype Pollution");
        row(id, &text, "web/package-lock.json", 1, score)
    };
    assert_eq!(
        results(&sarif),
        [
            of("GHSA-vh95-rmgr-6w4m", "<0.2.1", "5.5"),
            of("GHSA-xvch-5gv4-984h", "<0.2.4", "9.5")
        ]
    );
    let (_, sarif) = convert(
        "npm-audit",
        r#"{"auditReportVersion":2,"vulnerabilities":{}}"#,
        &lock,
    );
    assert!(results(&sarif).is_empty());
    // What it writes when the registry does not answer.
    let refused = r#"{"message":"request failed","error":{"summary":"","detail":""}}"#;
    convert("npm-audit", refused, &lock)
        .0
        .fails("a report is not one of npm-audit");
}

#[test]
fn all_reports_of_a_tool_become_one() {
    // GitHub refuses an upload with two runs of the same tool.
    let sandbox = Sandbox::new();
    let report = |package| {
        json!({"dependencies": [{"name": package, "version": "1", "vulns": [{"id": "X", "fix_versions": []}]}]}).to_string()
    };
    sandbox.write("a.json", &report("a"));
    sandbox.write("b.json", &report("b"));
    let convert = |reports| {
        sandbox.run(
            "pip-audit-to-sarif",
            &[("REPORTS", reports), ("SARIF", "out.sarif")],
        )
    };
    convert("a.json api/requirements.txt\n\nb.json web/requirements.txt\n").passes("2 findings");
    let sarif: Value =
        serde_json::from_str(&fs::read_to_string(sandbox.path("out.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"].as_array().unwrap().len(), 1);
    let text = |package| format!("{package} 1: X, fixed in no version");
    assert_eq!(
        results(&sarif),
        [
            row("X", &text("a"), "api/requirements.txt", 1, "8"),
            row("X", &text("b"), "web/requirements.txt", 1, "8")
        ]
    );
    convert("a.json x\nc.json x").fails("pip-audit wrote no report to c.json");
    convert("").fails("no report of pip-audit is named");
}

#[test]
fn trufflehog_reports_are_read_without_the_secret() {
    // `trufflehog --json`: one object per line, log lines between them.
    let report = r#"{"level":"info","msg":"running source"}
{"SourceMetadata":{"Data":{"Git":{"commit":"abc","file":"conf/a b.env","line":4}}},"DetectorName":"AWS","Verified":true,"Raw":"AKIAs3cret","RawV2":"s3cret","Redacted":"AKIA"}
{"SourceMetadata":{"Data":{"Filesystem":{"file":"x"}}},"DetectorName":"AWS","Verified":false,"Raw":"s3cret"}
"#;
    let (_, sarif) = convert("trufflehog", report, &[]);
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
            row("AWS-unverified", "AWS secret", "x", 1, "8")
        ]
    );
    assert!(!sarif.to_string().contains("s3cret"));
    judge(&[&sarif.to_string()], &[]).fails("critical=1");
    let (outcome, sarif) = convert("trufflehog", "", &[]);
    outcome.passes("trufflehog: 0 findings");
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
    outcome.passes(&format!("pip-licenses: {} findings", names.len()));
}

#[test]
fn a_report_that_is_none_is_not_converted() {
    for tool in ["npm-audit", "pip-audit", "pip-licenses", "safety"] {
        for broken in ["", "\n", "{", r#"{"error":"no network"}"#, "null", HOSTILE] {
            convert(tool, broken, &[]).0.fails("::error::");
        }
    }
    convert("trufflehog", "fatal: not a repository", &[])
        .0
        .fails("a report is not one of trufflehog");
    convert("safety", "{}", &[("REPORTS", "/does/not/exist x")])
        .0
        .fails("wrote no report");
    convert("safety", "{}", &[("REPORTS", HOSTILE)])
        .0
        .fails("wrote no report");
    let file = HOSTILE.lines().next().unwrap();
    let hostile = json!({"dependencies": [{"name": HOSTILE, "version": HOSTILE, "vulns": [{"id": HOSTILE, "fix_versions": [HOSTILE]}]}]});
    let (_, sarif) = convert(
        "pip-audit",
        &hostile.to_string(),
        &[("REPORTS", &format!("report.json {file}"))],
    );
    assert_eq!(results(&sarif)[0].0, HOSTILE);
}
