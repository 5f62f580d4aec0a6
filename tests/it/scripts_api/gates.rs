//! sonar-gate and verify-provenance: what others say of the code and of images.

use std::fs;

use serde_json::{Value, json};

use super::policy::judge;
use super::sandbox::{HOSTILE, Outcome, Sandbox, with_gh};
use super::servers::{Http, Reply, closed_url};

const TASK: &str = "projectKey=shop\nserverUrl=SERVER\nserverVersion=2026.1\ndashboardUrl=SERVER/dashboard?id=shop\nceTaskId=AY-1_x\nceTaskUrl=SERVER/api/ce/task?id=AY-1_x\n";

/// Asks a server whose analysis ends as told after some questions.
fn gate(pending: usize, task: &'static str, status: &'static str) -> (Outcome, Value, Http) {
    let server = Http::start(move |number, request| {
        if !request.headers.contains("Authorization: Bearer s3cret") {
            return Reply::Status(401);
        }
        match request.line.as_str() {
            "GET /api/ce/task?id=AY-1_x" if number <= pending => {
                Reply::Text(r#"{"task":{"id":"AY-1_x","status":"IN_PROGRESS"}}"#)
            }
            "GET /api/ce/task?id=AY-1_x" => Reply::Text(task),
            "GET /api/qualitygates/project_status?analysisId=AZ-9" => Reply::Text(status),
            _ => Reply::Status(404),
        }
    });
    let (outcome, sarif) = ask(&server.url, &[]);
    (outcome, sarif, server)
}

fn ask(url: &str, more: &[(&str, &str)]) -> (Outcome, Value) {
    let sandbox = Sandbox::new();
    sandbox.write(".scannerwork/report-task.txt", &TASK.replace("SERVER", url));
    let env = [
        ("SONAR_TOKEN", "s3cret"),
        ("FILE", "sonar-project.properties"),
        ("SARIF", "out.sarif"),
        ("INTERVAL", "0.01"),
        ("ATTEMPTS", "5"),
    ];
    let outcome = sandbox.run("sonar-gate", &[&env[..], more].concat());
    assert!(!outcome.log.contains("s3cret"), "{outcome:#?}");
    let text = fs::read_to_string(sandbox.path("out.sarif")).unwrap_or_default();
    (outcome, serde_json::from_str(&text).unwrap_or_default())
}

const DONE: &str = r#"{"task":{"id":"AY-1_x","status":"SUCCESS","analysisId":"AZ-9"}}"#;

#[test]
fn conditions_of_the_quality_gate_become_findings() {
    // The form of `api/qualitygates/project_status`.
    let failed = r#"{"projectStatus":{"status":"ERROR","conditions":[
        {"status":"ERROR","metricKey":"new_coverage","comparator":"LT","errorThreshold":"80","actualValue":"42.5"},
        {"status":"OK","metricKey":"new_duplicated_lines_density","comparator":"GT","errorThreshold":"3","actualValue":"0"},
        {"status":"WARN","metricKey":"bugs","comparator":"GT","warningThreshold":"0","actualValue":"2"}],"ignoredConditions":false}}"#;
    let (outcome, sarif, server) = gate(2, DONE, failed);
    outcome.passes("quality gate: ERROR");
    assert_eq!(server.count(), 4, "two answers that it is not done yet");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let texts: Vec<_> = results
        .iter()
        .map(|result| result["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "new_coverage is 42.5, the gate wants it at least 80",
            "bugs is 2, the gate wants it up to 0"
        ]
    );
    judge(&[&sarif.to_string()], &[])
        .fails("high=1")
        .fails("medium=1");
    let passed = r#"{"projectStatus":{"status":"OK","conditions":[]}}"#;
    let (outcome, sarif, _) = gate(0, DONE, passed);
    outcome.passes("quality gate: OK");
    judge(&[&sarif.to_string()], &[]).passes("verdict=clean");
}

#[test]
fn an_analysis_without_an_answer_is_no_pass() {
    let ok = r#"{"projectStatus":{"status":"OK","conditions":[]}}"#;
    for ended in ["FAILED", "CANCELED"] {
        let task = format!(r#"{{"task":{{"status":"{ended}"}}}}"#);
        gate(0, task.leak(), ok)
            .0
            .fails(&format!("the analysis ended as {ended}"));
    }
    gate(9, DONE, ok)
        .0
        .fails("the analysis ended as IN_PROGRESS");
    gate(0, r#"{"task":{"status":"SUCCESS"}}"#, ok)
        .0
        .fails("SonarQube names no analysis");
    for none in [
        r#"{"projectStatus":{"status":"NONE","conditions":[]}}"#,
        "{}",
        "<html>",
    ] {
        gate(0, DONE, none)
            .0
            .fails("the project has no quality gate");
    }
    let (outcome, _) = ask(&closed_url(), &[]);
    outcome.fails("SonarQube does not answer");
    let (outcome, _) = ask("http://127.0.0.1:1", &[("TASK_FILE", "nowhere.txt")]);
    outcome.fails("the scanner left no nowhere.txt");
    let (outcome, _) = ask("ftp://example.com", &[]);
    outcome.fails("names no analysis");
}

const IMAGE: &str =
    "ghcr.io/acme/shop/api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn images_of_this_repository_pass_and_no_others() {
    let (sandbox, gh) = with_gh();
    let verified = json!([{"verificationResult": {"signature": {}}}]).to_string();
    gh.answers(&format!("attestation verify oci://{IMAGE} *"), &[&verified]);
    let verify = |images: &str| {
        let env = [("IMAGES", images), ("GH_TOKEN", "t")];
        sandbox.run("verify-provenance", &env)
    };
    verify(&format!("API_IMAGE={IMAGE}\n\n")).passes("was built by a workflow of acme/shop");
    gh.was_called_with(&["--repo", "acme/shop"]);
    let other = IMAGE.replace("/api@", "/web@");
    verify(&format!("API_IMAGE={IMAGE}\nWEB_IMAGE={other}"))
        .fails("has no valid attestation of acme/shop");
    for none in ["", "\n"] {
        verify(none).fails("no image is named");
    }
    for loose in [
        "API_IMAGE=ghcr.io/acme/shop/api:latest",
        "API_IMAGE=ghcr.io/acme/shop/api:1@sha256:0123",
        IMAGE,
        HOSTILE,
    ] {
        verify(loose).fails("names no image by its digest");
    }
}

#[test]
fn an_empty_list_of_attestations_is_none() {
    // Old versions of gh took it for success.
    let (sandbox, gh) = with_gh();
    gh.answers("attestation verify *", &["[]"]);
    let images = format!("API_IMAGE={IMAGE}");
    let env = [("IMAGES", &*images), ("GH_TOKEN", "t")];
    sandbox
        .run("verify-provenance", &env)
        .fails("has no attestation of acme/shop");
}
