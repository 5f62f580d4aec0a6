//! Scanners of single languages: what their reports become, and that a tool which
//! could not do its work is no pass. The reports have the form that the tools write.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::policy::judge;
use super::sandbox::{HOSTILE, Outcome, Sandbox};

/// A program that a script calls.
fn program(sandbox: &Sandbox, name: &str, text: &str) {
    let path = sandbox.write(name, &format!("#!/usr/bin/env bash\n{text}"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn read(sandbox: &Sandbox, name: &str) -> Value {
    let text = fs::read_to_string(sandbox.path(name)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Rule, score, file and text of each result of a converted report.
fn findings(sarif: &Value) -> Vec<String> {
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap().iter();
    let row = |result: &Value| {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["id"] == result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let score = &rule.unwrap()["properties"]["security-severity"];
        let text = &result["message"]["text"];
        [&result["ruleId"], score, place, text].map(|value| value.as_str().unwrap().to_owned())
    };
    results.map(|result| row(result).join(" | ")).collect()
}

fn convert(script: &str, report: &str) -> (Outcome, Value) {
    let sandbox = Sandbox::new();
    sandbox.write("report.json", report);
    let env = [
        ("REPORTS", "report.json app/the.lock"),
        ("SARIF", "out.sarif"),
        ("GITHUB_WORKSPACE", "/elsewhere"),
    ];
    let outcome = sandbox.run(script, &env);
    (outcome, read(&sandbox, "out.sarif"))
}

#[test]
fn bundler_audit_reports_are_read() {
    let report = json!({"version": "0.9.3", "created_at": "2026-11-21 10:00:00 +0000", "results": [
        {"type": "unpatched_gem", "gem": {"name": "rack", "version": "2.0.1"}, "advisory": {
            "path": "/db/gems/rack/CVE-2022-30123.yml", "id": "CVE-2022-30123", "url": "https://example.com", "title": "Shell escape",
            "date": "2022-06-27", "description": "…", "cvss_v2": null, "cvss_v3": 10.0, "cvss_v4": null, "cve": "2022-30123", "osvdb": null,
            "ghsa": "wq4h-7r42-5hrr", "unaffected_versions": [], "patched_versions": [">= 2.0.9.1"], "criticality": "critical"}},
        {"type": "unpatched_gem", "gem": {"name": "old", "version": "1"}, "advisory": {
            "id": "OSVDB-1", "title": "Old", "cvss_v2": null, "cvss_v3": null, "cve": null, "ghsa": null, "criticality": null}},
        {"type": "insecure_source", "source": "http://rubygems.org/"}]});
    let (outcome, sarif) = convert("bundler-audit-to-sarif", &report.to_string());
    outcome.passes("bundler-audit: 3 findings");
    assert_eq!(
        findings(&sarif),
        [
            "GHSA-wq4h-7r42-5hrr | 10 | app/the.lock | rack 2.0.1: Shell escape",
            "OSVDB-1 | 8 | app/the.lock | old 1: Old",
            "insecure_source | 8 | app/the.lock | insecure source: http://rubygems.org/",
        ]
    );
    judge(&[&sarif.to_string()], &[])
        .fails("critical=1")
        .fails("high=2");
    let none = r#"{"version":"0.9.3","created_at":"2026-11-21","results":[]}"#;
    let (_, sarif) = convert("bundler-audit-to-sarif", none);
    judge(&[&sarif.to_string()], &[]).passes("verdict=clean");
}

#[test]
fn composer_audit_reports_are_read() {
    let advisory = |cve: Value, severity: Value| {
        json!({"advisoryId": "PKSA-1", "packageName": "a/b", "affectedVersions": "<1.2", "title": "A flaw", "cve": cve,
            "link": "https://example.com", "reportedAt": "2024-01-01T00:00:00+00:00", "sources": [], "severity": severity})
    };
    // PHP numbers the entries if it left one out before, and writes an empty object as a list.
    let report = json!({
        "advisories": {
            "a/b": [advisory(json!("CVE-2024-1"), json!("medium"))],
            "c/d": {"1": advisory(json!(null), json!(null))},
        },
        "abandoned": {"x/y": null},
        "filter": {"evil/one": [{"listName": "malware"}]},
    });
    let (_, sarif) = convert("composer-audit-to-sarif", &report.to_string());
    assert_eq!(
        findings(&sarif),
        [
            "CVE-2024-1 | 5.5 | app/the.lock | a/b <1.2: A flaw",
            "PKSA-1 | 8 | app/the.lock | a/b <1.2: A flaw",
            "package-on-a-list | 8 | app/the.lock | evil/one is on a list of packages that must not be used",
        ]
    );
    let none = r#"{"advisories":[],"abandoned":[],"filter":[]}"#;
    let (outcome, sarif) = convert("composer-audit-to-sarif", none);
    outcome.passes("composer-audit: 0 findings");
    judge(&[&sarif.to_string()], &[]).passes("verdict=clean");
}

#[test]
fn zap_reports_are_read() {
    let alert = |id: &str, risk: &str, instances: Value| {
        json!({"pluginid": id, "alertRef": format!("{id}-1"), "alert": "Old name", "name": format!("Alert {id}"), "riskcode": risk,
            "confidence": "3", "riskdesc": "Medium (High)", "desc": "<p>…</p>", "instances": instances, "count": "4", "solution": "", "cweid": "693"})
    };
    let instance = json!([{"id": "0", "uri": "https://staging.example.com/login", "method": "GET", "param": "", "attack": "", "evidence": ""}]);
    let report = |sites: Value| {
        json!({"@programName": "ZAP", "@version": "2.17.0", "@generated": "x", "site": sites})
            .to_string()
    };
    let site = json!({"@name": "https://staging.example.com", "@host": "staging.example.com", "@port": "443", "@ssl": "true",
        "alerts": [alert("10038", "2", instance.clone()), alert("40012", "3", json!([])), alert("10020", "1", instance.clone()), alert("10109", "0", instance)]});
    let (_, sarif) = convert("zap-to-sarif", &report(json!([site])));
    assert_eq!(
        findings(&sarif),
        [
            "ZAP-10038-1 | 5.5 | app/the.lock | Alert 10038: 4 times, first at GET https://staging.example.com/login",
            "ZAP-40012-1 | 8 | app/the.lock | Alert 40012: 4 times, first at GET https://staging.example.com",
            "ZAP-10020-1 | 2 | app/the.lock | Alert 10020: 4 times, first at GET https://staging.example.com/login",
        ]
    );
    // A site that did not answer leaves a report without a site.
    convert("zap-to-sarif", &report(json!([])))
        .0
        .fails("a report is not one of zap");
}

#[test]
fn dotnet_reports_are_read() {
    let package = |id: &str, severity: &str| {
        json!({"id": id, "requestedVersion": "1.0.0", "resolvedVersion": "1.0.0", "vulnerabilities": [
            {"severity": severity, "advisoryurl": format!("https://github.com/advisories/GHSA-{id}")}]})
    };
    let report = |problems: Value| {
        json!({"version": 1, "parameters": "--vulnerable --include-transitive", "problems": problems, "sources": ["https://api.nuget.org/v3/index.json"],
            "projects": [{"path": "/elsewhere/Clean.csproj"}, {"path": "/elsewhere/App.csproj", "frameworks": [{"framework": "net10.0",
                "topLevelPackages": [package("a", "Moderate")], "transitivePackages": [package("b", "Critical")]}]}]})
    };
    let (_, sarif) = convert("dotnet-audit-to-sarif", &report(json!([])).to_string());
    assert_eq!(
        findings(&sarif),
        [
            "GHSA-a | 5.5 | App.csproj | a 1.0.0: https://github.com/advisories/GHSA-a",
            "GHSA-b | 9.5 | App.csproj | b 1.0.0: https://github.com/advisories/GHSA-b",
        ]
    );
    let broken = json!([{"project": "/elsewhere/App.csproj", "level": "error", "text": "No assets file was found"}]);
    convert("dotnet-audit-to-sarif", &report(broken).to_string())
        .0
        .fails("a report is not one of dotnet-audit");
}

#[test]
fn what_is_no_report_is_not_converted() {
    let scripts = [
        "bundler-audit-to-sarif",
        "composer-audit-to-sarif",
        "dotnet-audit-to-sarif",
        "zap-to-sarif",
    ];
    for script in scripts {
        for broken in [
            "",
            "\n",
            "{",
            "{}",
            r#"{"error":"no network"}"#,
            "null",
            HOSTILE,
        ] {
            convert(script, broken).0.fails("::error::");
        }
    }
}

/// Results at these places, as `(URI, base of the URI)`; nothing: without a place.
fn sarif(places: &[Option<(&str, Option<&str>)>]) -> String {
    let result = |place: &Option<(&str, Option<&str>)>| {
        let mut result = json!({"ruleId": "A", "level": "error", "message": {"text": "t"}});
        if let Some((uri, base)) = place {
            let mut at = json!({"uri": uri, "index": 0});
            if let Some(base) = base {
                at["uriBaseId"] = json!(base);
            }
            result["locations"] =
                json!([{"physicalLocation": {"artifactLocation": at, "region": {"startLine": 3}}}]);
        }
        result
    };
    let results: Vec<_> = places.iter().map(result).collect();
    json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "ESLint"}}, "artifacts": [], "results": results}]}).to_string()
}

#[test]
fn reports_of_several_parts_become_one_with_files_from_the_root() {
    let sandbox = Sandbox::new();
    let root = sandbox
        .path("")
        .to_str()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    let absolute = format!("file://{root}/api/main.go");
    sandbox.write(
        "a.json",
        &sarif(&[
            Some(("main.go", None)),
            Some(("./inner/x.go", Some("%SRCROOT%"))),
            Some((&absolute, None)),
            Some(("fmt/print.go", Some("%GOROOT%"))),
            None,
        ]),
    );
    sandbox.write("b.json", &sarif(&[Some(("main.go", None))]));
    let together = |more: &[(&str, &str)]| {
        let env = [
            ("TOOL", "gosec"),
            ("REPORTS", "a.json api/go.mod\n\nb.json go.mod\n"),
            ("SARIF", "out.sarif"),
            ("GITHUB_WORKSPACE", &root),
        ];
        sandbox.run("sarif-together", &[&env[..], more].concat())
    };
    let places = |run: usize| -> Vec<String> {
        let sarif = read(&sandbox, "out.sarif");
        let results = sarif["runs"][run]["results"].as_array().unwrap().clone();
        let place = |result: &Value| {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            format!("{uri}:{}", place["region"]["startLine"])
        };
        results.iter().map(place).collect()
    };
    together(&[]).passes("gosec: 6 findings");
    assert_eq!(
        places(0),
        [
            "api/main.go:3",
            "api/inner/x.go:3",
            "api/main.go:3",
            "fmt/print.go:3",
            "api/go.mod:1"
        ]
    );
    assert_eq!(places(1), ["main.go:3"]);
    let whole = read(&sandbox, "out.sarif");
    let id = |run: usize| whole["runs"][run]["automationDetails"]["id"].clone();
    assert_eq!((id(0), id(1)), (json!("gosec-0/"), json!("gosec-1/")));
    assert_eq!(whole["runs"][0]["tool"]["driver"]["name"], "gosec");
    judge(&[&whole.to_string()], &[]).fails("high=6");

    together(&[("ALL_AT_FILE", "true")]).passes("");
    assert_eq!(places(0), ["api/go.mod:1"; 5]);

    for broken in [
        "",
        "{",
        "[]",
        r#"{"runs":[]}"#,
        r#"{"runs":[{"tool":{}}]}"#,
        HOSTILE,
    ] {
        sandbox.write("b.json", broken);
        together(&[]).fails("b.json is not a report of gosec");
    }
    together(&[("REPORTS", "c.json go.mod")]).fails("gosec wrote no report to c.json");
    together(&[("REPORTS", "\n")]).fails("no report of gosec is named");
}

/// A Go whose programs are in `gopath/bin`, and that builds the programs `a` and `b`.
fn with_go(programs: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let go = format!(
        "case \"$*\" in\n\
         'env GOPATH') echo \"{}\" ;;\n\
         build*) [[ -z '{programs}' ]] || touch $(for one in {programs}; do echo \"$5$one\"; done) ;;\n\
         *) exit 9 ;;\n\
         esac",
        sandbox.path("gopath").display()
    );
    program(&sandbox, "bin/go", &go);
    sandbox.write("api/go.mod", "module example.com/api");
    fs::create_dir(sandbox.path("reports")).unwrap();
    sandbox
}

#[test]
fn gosec_must_have_read_all_code() {
    let scan = |summary: &str, code: u8| {
        let sandbox = with_go("");
        // Each module is scanned in its folder; `-out` is the fifth word.
        let gosec = format!(
            "[[ $* == '-no-fail -fmt sarif -out '*' -stdout -verbose json ./...' && -f go.mod ]] || exit 8\n\
             echo '{}' > \"$5\"\necho '{summary}'\nexit {code}",
            sarif(&[Some(("main.go", None))])
        );
        program(&sandbox, "gopath/bin/gosec", &gosec);
        let reports = [("REPORTS", "reports/api.json api/go.mod\n")];
        let outcome = sandbox.run("gosec", &reports);
        (outcome, read(&sandbox, "reports/api.json"))
    };
    let summary = |errors: &str, files: u8| {
        format!(
            r#"{{"Golang errors":{errors},"Issues":[],"Stats":{{"files":{files},"lines":9,"nosec":0,"found":1}}}}"#
        )
    };
    let (outcome, report) = scan(&summary("{}", 3), 0);
    outcome.passes("");
    assert_eq!(report["runs"][0]["results"].as_array().unwrap().len(), 1);
    let errors = r#"{"main.go":[{"line":1,"column":1,"error":"undefined: x"}]}"#;
    scan(&summary(errors, 3), 0)
        .0
        .fails("gosec could not read all code: main.go: undefined: x");
    scan(&summary("{}", 0), 0)
        .0
        .fails("gosec found no Go code beside api/go.mod");
    scan(&summary("{}", 3), 1)
        .0
        .fails("gosec could not scan api/go.mod");
}

#[test]
fn every_program_of_a_module_is_scanned() {
    let run = |programs: &str, scanner: &str| {
        let sandbox = with_go(programs);
        program(&sandbox, "gopath/bin/govulncheck", scanner);
        let reports = [("REPORTS", "reports/api.json api/go.mod")];
        let outcome = sandbox.run("govulncheck-binary", &reports);
        (outcome, read(&sandbox, "reports/api.json"))
    };
    let scanner = format!(
        "[[ $1 == -mode && $2 == binary && $4 == sarif && -f $5 ]] || exit 8\necho '{}'",
        sarif(&[None])
    );
    let (outcome, report) = run("a b", &scanner);
    outcome.passes("");
    assert_eq!(report["runs"].as_array().unwrap().len(), 2);
    run("", &scanner).0.fails("api/go.mod has no program");
    run("a", "exit 1").0.fails("govulncheck cannot read ");

    // Programs that are there already are not built, and nothing is left beside them.
    let sandbox = Sandbox::new();
    program(&sandbox, "bin/go", "[[ $1 == env ]] && echo gopath");
    program(&sandbox, "gopath/bin/govulncheck", &scanner);
    let built = |env: &[(&str, &str)]| {
        let reports = ("REPORTS", "report.json go.mod");
        sandbox.run("govulncheck-binary", &[&[reports], env].concat())
    };
    sandbox.write("dist/a.exe", "");
    built(&[("BINARIES", "dist")]).passes("");
    assert_eq!(fs::read_dir(sandbox.path("dist")).unwrap().count(), 1);
    assert_eq!(
        read(&sandbox, "report.json")["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    built(&[("BINARIES", "nowhere")]).fails("go.mod has no program");
}

#[test]
fn packages_of_deno_are_looked_up_in_the_database() {
    let lock = |npm: Value| json!({"version": "5", "specifiers": {}, "npm": npm}).to_string();
    let run = |lock: &str, code: u8| {
        let sandbox = Sandbox::new();
        sandbox.write("edge/deno.lock", lock);
        fs::create_dir(sandbox.path("reports")).unwrap();
        // It keeps the list of packages, and writes the report behind `--output-file`.
        let scanner = format!(
            "cp \"${{4#osv-scanner:}}\" packages.json\n\
             [[ {code} -gt 1 ]] || echo '{}' > \"$8\"\nexit {code}",
            sarif(&[Some(("/tmp/deno-packages.json", None))])
        );
        program(&sandbox, "bin/osv-scanner", &scanner);
        let reports = [("REPORTS", "reports/edge.json edge/deno.lock")];
        let outcome = sandbox.run("deno-audit", &reports);
        let packages = read(&sandbox, "packages.json");
        (outcome, packages, read(&sandbox, "reports/edge.json"))
    };
    let npm = json!({
        "chalk@5.3.0": {"integrity": "sha512-x"},
        "@scope/name@1.0.0-rc.1": {},
        "react-dom@18.3.1_react@18.3.1": {"dependencies": ["react"]},
    });
    let (outcome, packages, report) = run(&lock(npm), 1);
    outcome.passes("");
    let named: Vec<_> = packages["results"][0]["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["package"].clone())
        .collect();
    let package =
        |name: &str, version: &str| json!({"name": name, "version": version, "ecosystem": "npm"});
    assert_eq!(
        named,
        [
            package("@scope/name", "1.0.0-rc.1"),
            package("chalk", "5.3.0"),
            package("react-dom", "18.3.1")
        ]
    );
    assert_eq!(report["runs"][0]["results"].as_array().unwrap().len(), 1);

    // Nothing to look up is an answer; a program that breaks is none.
    let (outcome, packages, report) = run(&lock(json!({})), 9);
    outcome.passes("has no packages of npm");
    assert_eq!(
        (packages, &report["runs"][0]["results"]),
        (Value::Null, &json!([]))
    );
    for code in [2, 127, 128] {
        run(&lock(json!({"a@1": {}})), code)
            .0
            .fails("OSV-Scanner could not look edge/deno.lock up");
    }
    for broken in ["", "{", "[]", r#"{"npm":{"no version":{}}}"#, HOSTILE] {
        run(broken, 0)
            .0
            .fails("edge/deno.lock is not a lock file of Deno");
    }
}

#[test]
fn eslint_fails_only_when_it_could_not_look() {
    let run = |code: u8| {
        let sandbox = Sandbox::new();
        // npx puts an ESLint in place that writes its report behind `--output-file`.
        let eslint = format!(
            "[[ -f $2 ]] || exit 8; echo '{}' > \"$4\"; exit {code}",
            sarif(&[])
        );
        program(&sandbox, "npx/node_modules/.bin/eslint", &eslint);
        let npx = "printf '%s\\n' \"$npm_config_ignore_scripts\" \"$@\" > words\n\
                   PATH=$PWD/npx/node_modules/.bin:$PATH exec bash -c \"${@: -1}\"";
        program(&sandbox, "bin/npx", npx);
        let env = [
            ("PACKAGES", "eslint@1\n@scope/plugin@2"),
            ("REPORTS", "web.json web/src"),
        ];
        let outcome = sandbox.run("eslint-security", &env);
        let words = fs::read_to_string(sandbox.path("words")).unwrap();
        let start = "true\n--yes\n--package=eslint@1\n--package=@scope/plugin@2\n-c\n";
        assert!(words.starts_with(start), "{words}");
        outcome
    };
    run(0).passes("");
    run(1).passes("");
    run(2).fails("ESLint could not scan web/src");
}
