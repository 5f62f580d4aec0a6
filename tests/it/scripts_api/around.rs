//! What stands around a deployment: the decision whether it is needed, monitors elsewhere, old artifacts, a look at
//! the security of what is live.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::sandbox::{HOSTILE, Outcome, SHA, Sandbox, with_gh};
use super::servers::{Http, Reply};

const LIVE: &str = "1111111111111111111111111111111111111111";

/// Decides with a live commit, a failed deployment after it, and these changed files since.
fn decide(changed: &str, more: &[(&str, &str)]) -> Outcome {
    let (sandbox, gh) = with_gh();
    let deployments = format!(
        r#"[{{"id": 3, "sha": "2222222222222222222222222222222222222222"}}, {{"id": 2, "sha": "{LIVE}"}}, {{"id": 1, "sha": "3333333333333333333333333333333333333333"}}]"#
    );
    gh.answers(
        "api repos/acme/shop/deployments[?]environment=stage%20one&per_page=30 *",
        &[&deployments],
    );
    gh.answers(
        "*/deployments/3/statuses*",
        &[r#"[{"id": 31, "state": "in_progress"}, {"id": 32, "state": "failure"}]"#],
    );
    gh.answers(
        "*/deployments/2/statuses*",
        &[r#"[{"id": 22, "state": "success"}, {"id": 21, "state": "in_progress"}]"#],
    );
    gh.answers(&format!("*/compare/{LIVE}...{SHA}[?]*"), &[changed]);
    let env = [
        ("ENVIRONMENT", "stage one"),
        ("SHA", SHA),
        ("SKIP", "docs/**\n**/*.md\nLICENSE\n"),
    ];
    sandbox.run("deploy-decision", &[&env[..], more].concat())
}

fn files(names: &[&str]) -> String {
    let files: Vec<_> = names
        .iter()
        .map(|name| serde_json::json!({"filename": name}))
        .collect();
    serde_json::json!({"status": "ahead", "files": files}).to_string()
}

#[test]
fn what_differs_from_the_live_commit_decides() {
    let decision = |names: &[&str]| {
        let outcome = decide(&files(names), &[]);
        assert_eq!(outcome.code, 0, "{outcome:#?}");
        outcome.output("should_deploy").to_owned()
    };
    assert_eq!(
        decision(&["docs/a/b.png", "README.md", "src/notes.md", "LICENSE"]),
        "false"
    );
    for path in [
        "src/main.ts",
        "docs",
        "LICENSE2",
        "a/LICENSE",
        "README.mdx",
        "xdocs/a",
    ] {
        assert_eq!(decision(&["docs/a", path]), "true", "{path}");
    }
    assert_eq!(decision(&[]), "false");
    // A file that left the code is a change of the code.
    let moved = r#"{"files": [{"filename": "docs/old.ts", "previous_filename": "src/old.ts"}]}"#;
    assert_eq!(decide(moved, &[]).output("should_deploy"), "true");
    // More files than GitHub names.
    let many: Vec<_> = (0..300).map(|number| format!("docs/{number}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(decision(&many), "true");
}

#[test]
fn force_and_doubt_deploy() {
    let docs = files(&["docs/a"]);
    let forced = decide(&docs, &[("FORCE", "true")]);
    assert_eq!(forced.output("should_deploy"), "true");
    assert_eq!(
        decide(&docs, &[("FORCE", "false")]).output("should_deploy"),
        "false"
    );
    let same = decide(&docs, &[("SHA", LIVE)]);
    same.passes("is deployed to stage one already");
    assert_eq!(same.output("should_deploy"), "false");

    let (sandbox, gh) = with_gh();
    let env = [("ENVIRONMENT", "stage"), ("SHA", SHA), ("SKIP", "docs/**")];
    sandbox
        .run("deploy-decision", &env)
        .fails("the deployments cannot be read");
    gh.answers("*deployments[?]*", &["[]"]);
    let first = sandbox.run("deploy-decision", &env);
    assert_eq!(
        first.passes("Nothing is known").output("should_deploy"),
        "true"
    );

    let (sandbox, gh) = with_gh();
    let live = format!(r#"[{{"id": 2, "sha": "{LIVE}"}}]"#);
    gh.answers("*deployments[?]*", &[&live])
        .answers("*statuses*", &[r#"[{"id": 1, "state": "success"}]"#]);
    gh.refuses("*compare*", "HTTP 404");
    let gone = sandbox.run("deploy-decision", &env);
    assert_eq!(
        gone.passes("cannot be compared").output("should_deploy"),
        "true"
    );
    sandbox
        .run("deploy-decision", &[env[0], ("SHA", HOSTILE), env[2]])
        .fails("is not a full commit SHA");
    let hostile = format!(
        r#"{{"files": [{{"filename": {}}}]}}"#,
        serde_json::json!(HOSTILE)
    );
    decide(&hostile, &[("SKIP", HOSTILE)]).passes("");
}

/// Uptime Robot with two monitors, of which one only begins like the address.
fn robot() -> (Http, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let server = Http::start(move |_, request| {
        let method = request.line.trim_start_matches("POST /v2/").to_owned();
        seen.lock()
            .unwrap()
            .push(format!("{method} {}", request.body));
        assert!(
            request.body.contains("api_key=s3cr3t%22key"),
            "{}",
            request.body
        );
        Reply::Text(match method.as_str() {
            "getMonitors" => {
                r#"{"stat": "ok", "pagination": {"total": 2}, "monitors": [
                    {"id": 71, "friendly_name": "shop", "url": "https://shop.example/", "type": 1, "status": 2},
                    {"id": 72, "friendly_name": "api", "url": "https://shop.example/api", "type": 1, "status": 2}]}"#
            }
            "editMonitor" => r#"{"stat": "ok", "monitor": {"id": 71}}"#,
            "newMonitor" => r#"{"stat": "ok", "monitor": {"id": 73, "status": 1}}"#,
            _ => r#"{"stat": "fail", "error": {"type": "not_found", "message": "no such method"}}"#,
        })
    });
    (server, asked)
}

fn monitors(server: &Http, action: &str, urls: &str, key: &str) -> Outcome {
    let api = format!("{}/v2", server.url);
    let env = [
        ("UPTIMEROBOT_URL", api.as_str()),
        ("UPTIMEROBOT_API_KEY", key),
        ("ACTION", action),
        ("URLS", urls),
        ("NAME", "shop production"),
    ];
    Sandbox::new().run("uptime-monitors", &env)
}

const KEY: &str = "s3cr3t\"key";

#[test]
fn monitors_are_paused_resumed_and_made() {
    let (server, asked) = robot();
    let take = || std::mem::take(&mut *asked.lock().unwrap());
    monitors(&server, "pause", "https://shop.example\n", KEY)
        .passes("pause: the monitor of https://shop.example");
    let calls = take();
    assert!(
        calls[0].contains("search=https%3A%2F%2Fshop.example"),
        "{calls:?}"
    );
    assert!(
        calls[1].starts_with("editMonitor ") && calls[1].contains("id=71&status=0"),
        "{calls:?}"
    );
    assert_eq!(calls.len(), 2);
    monitors(&server, "resume", "https://shop.example/", KEY).passes("resume: ");
    assert!(take()[1].contains("id=71&status=1"));
    monitors(
        &server,
        "ensure",
        "https://shop.example\nhttps://new.example/health",
        KEY,
    )
    .passes("https://new.example/health is watched from now on");
    let calls = take();
    assert!(calls[2].starts_with("newMonitor "), "{calls:?}");
    assert!(
        calls[2].contains(
            "type=1&url=https%3A%2F%2Fnew.example%2Fhealth&friendly_name=shop+production"
        ),
        "{calls:?}"
    );
    assert_eq!(calls.len(), 3);
    monitors(&server, "pause", "https://new.example", KEY)
        .passes("::notice::Uptime Robot has no monitor of https://new.example");
}

#[test]
fn monitors_that_cannot_be_changed_stop_nothing() {
    let (server, asked) = robot();
    monitors(&server, "pause", "https://shop.example", "")
        .passes("::notice::monitors at Uptime Robot are as they were");
    assert!(asked.lock().unwrap().is_empty());
    monitors(&server, HOSTILE, "https://shop.example", KEY).passes("::warning::");
    monitors(&server, "pause", HOSTILE, KEY).passes("::warning::");
    let refused = Http::start(|_, _| {
        Reply::Text(r#"{"stat": "fail", "error": {"message": "api_key is wrong"}}"#)
    });
    monitors(&refused, "pause", "https://shop.example", KEY)
        .passes("::warning::monitors at Uptime Robot are as they were: api_key is wrong");
    let broken = Http::start(|_, _| Reply::Garbage);
    monitors(&broken, "pause", "https://shop.example", KEY).passes("::warning::");
}

#[test]
fn old_artifacts_go_and_the_newest_stay() {
    let (sandbox, gh) = with_gh();
    let artifact = |id: u32, name: &str, day: u32, expired: bool| serde_json::json!({"id": id, "name": name, "created_at": format!("2026-11-0{day}T10:00:00Z"), "expired": expired});
    let artifacts = serde_json::json!({"artifacts": [
        artifact(4, "web-staging-d", 4, false), artifact(1, "web-staging-a", 1, false), artifact(3, "web-staging-c", 3, false),
        artifact(2, "web-staging-b", 2, false), artifact(5, "web-production-a", 1, false), artifact(6, "web-staging-0", 1, true),
    ]});
    gh.answers(
        "api --paginate repos/acme/shop/actions/artifacts[?]per_page=100 *",
        &[&artifacts.to_string()],
    );
    gh.refuses("*DELETE */artifacts/1", "HTTP 403")
        .answers("*DELETE */artifacts/*", &[""]);
    let clean =
        |prefix, keep| sandbox.run("artifact-cleanup", &[("PREFIX", prefix), ("KEEP", keep)]);
    let outcome = clean("web-staging-", "2");
    assert_eq!(
        outcome
            .passes("::warning::artifact 1 cannot be deleted")
            .output("deleted"),
        "1"
    );
    let deleted: Vec<_> = gh
        .calls()
        .iter()
        .filter(|call| call.contains(&"DELETE".to_owned()))
        .map(|call| call[3].clone())
        .collect();
    assert_eq!(
        deleted,
        [
            "repos/acme/shop/actions/artifacts/2",
            "repos/acme/shop/actions/artifacts/1"
        ]
    );
    assert_eq!(clean("web-staging-", "9").output("deleted"), "0");
    clean("web-staging-", "0").fails("KEEP must be");
    clean("", "5").fails("PREFIX is too short");
}

/// A site with a certificate of its own, valid for some days, that sends these headers.
struct Site {
    sandbox: Sandbox,
    server: Child,
    url: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Site {
    fn start(days: &str, headers: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("page", &format!("HTTP/1.0 200 OK\r\n{headers}\r\nhello"));
        let folder = sandbox.path(".");
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=localhost",
            ])
            .args([
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-days",
                days,
            ])
            .current_dir(&folder)
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let server = Command::new("openssl")
            .args([
                "s_server", "-quiet", "-HTTP", "-key", "key.pem", "-cert", "cert.pem", "-accept",
            ])
            .arg(format!("127.0.0.1:{port}"))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let url = format!("https://localhost:{port}/page");
        Self {
            sandbox,
            server,
            url,
        }
    }

    fn check(&self, more: &[(&str, &str)]) -> Outcome {
        let ca = self.sandbox.path("cert.pem");
        let env = [
            ("URLS", self.url.as_str()),
            (
                "HEADERS",
                "Strict-Transport-Security\nX-Content-Type-Options\n",
            ),
            ("CA", ca.to_str().unwrap()),
        ];
        let mut all: Vec<_> = env
            .into_iter()
            .filter(|(name, _)| more.iter().all(|(given, _)| given != name))
            .collect();
        all.extend(more);
        self.sandbox.run("header-check", &all)
    }
}

const HEADERS: &str =
    "strict-transport-security: max-age=31536000\r\nX-Content-Type-Options: nosniff\r\n";

#[test]
fn certificates_and_headers_are_looked_at_from_outside() {
    let site = Site::start("90", HEADERS);
    site.check(&[]).passes("as they should be");
    site.check(&[("DAYS", "120")])
        .fails("has a certificate that ends within 120 days");
    let csp = site.check(&[("HEADERS", "Content-Security-Policy")]);
    csp.fails("sends no Content-Security-Policy");
    site.check(&[
        ("HEADERS", "Content-Security-Policy"),
        ("ON_FAILURE", "warn"),
    ])
    .passes("::warning::");
    // Nobody else's certificate is trusted.
    site.check(&[("CA", "")]).fails("certificate");
    site.check(&[("URLS", "http://localhost/")])
        .fails("http://localhost/ is not encrypted");
    site.check(&[("URLS", HOSTILE)]).fails("is not encrypted");
    site.check(&[("URLS", "\n")]).fails("URLS names no address");
    let empty = Site::start("90", "Strict-Transport-Security:\r\n");
    empty.check(&[]).fails("sends no Strict-Transport-Security");
}

/// What a deployment changes since a live commit, with these commits and files between them.
fn impact(compared: &str, more: &[(&str, &str)]) -> Outcome {
    let (sandbox, gh) = with_gh();
    let deployments = format!(r#"[{{"id": 2, "sha": "{LIVE}"}}]"#);
    gh.answers("*/deployments[?]environment=live&*", &[&deployments]);
    gh.answers(
        "*/deployments/2/statuses*",
        &[r#"[{"id": 22, "state": "success"}]"#],
    );
    gh.answers(&format!("*/compare/{LIVE}...{SHA} *"), &[compared]);
    let env = [
        ("ENVIRONMENT", "live"),
        ("SHA", SHA),
        ("VERSION", "v1.2.3"),
        ("RISKY", "drizzle/**\n"),
    ];
    sandbox.run("change-impact", &[&env[..], more].concat())
}

#[test]
fn those_who_decide_see_what_changes() {
    let commit = |sha: &str, message: &str| serde_json::json!({"sha": sha, "commit": {"message": message, "author": {"name": "Ann"}}, "author": {"login": "ann"}});
    let file = |name: &str| serde_json::json!({"filename": name, "status": "added"});
    let compared = serde_json::json!({"status": "diverged", "ahead_by": 2, "behind_by": 1,
        "commits": [commit("aaaaaaaaaaaaaaaa", "First"), commit("bbbbbbbbbbbbbbbb", HOSTILE)],
        "files": [file("drizzle/0003_x.sql"), file("src/drizzle/a.ts")]});
    let outcome = impact(&compared.to_string(), &[]);
    outcome.passes("2 commits are new, 1 of the changed files want care");
    assert_eq!(
        (outcome.output("commits"), outcome.output("risky")),
        ("2", "1")
    );
    assert!(
        outcome.summary.contains("- added `drizzle/0003_x.sql`"),
        "{outcome:#?}"
    );
    assert!(
        outcome.summary.contains("| aaaaaaaaaa | ann | First |"),
        "{outcome:#?}"
    );
    assert!(
        outcome
            .summary
            .contains("1 commits that are deployed are not in it")
    );
    assert!(!outcome.summary.contains("src/drizzle/a.ts"));

    let (sandbox, gh) = with_gh();
    gh.answers("*deployments[?]*", &["[]"]);
    let env = [("ENVIRONMENT", "live"), ("SHA", SHA), ("VERSION", "v1")];
    sandbox
        .run("change-impact", &env)
        .passes("so everything is new");
    sandbox
        .run("change-impact", &[env[0], ("SHA", "main"), env[2]])
        .fails("is not a full commit");
    sandbox
        .run("change-impact", &[("ENVIRONMENT", "other"), env[1], env[2]])
        .passes("");
}

#[test]
fn a_request_must_fit_together() {
    let check = |kind, version, skip| {
        Sandbox::new().run(
            "check-request",
            &[("TYPE", kind), ("VERSION", version), ("SKIP", skip)],
        )
    };
    check("standard", "v1.2.3", "false").passes("a standard deployment of v1.2.3");
    let skipped = check("hotfix", "hotfix-v1.2.4", "true");
    skipped.passes("a hotfix deployment of hotfix-v1.2.4");
    assert!(
        skipped
            .summary
            .contains("| Tests and security scan | **skipped** |")
    );
    check("standard", "v1.2.3", "true").fails("only a hotfix may skip");
    check("standard", "hotfix-v1.2.4", "false").fails("is the tag of a hotfix");
    check("hotfix", "v1.2.3", "true").fails("must begin with `hotfix-`");
    check(HOSTILE, "v1.2.3", "").fails("the type of a deployment must be");
}
