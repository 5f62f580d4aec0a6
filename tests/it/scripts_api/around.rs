//! What stands around a deployment: the decision whether it is needed, monitors elsewhere, old artifacts, a look at
//! the security of what is live.

use std::collections::BTreeMap;
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

/// Uptime Robot with three monitors, of which one only begins like the address and one is paused.
struct Robot {
    server: Http,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// What each monitor does, by its id: 0 is paused.
    status: BTreeMap<u32, u32>,
    made: Vec<String>,
    /// Monitors that cannot be changed.
    broken: Vec<u32>,
    asked: usize,
}

fn answer(body: serde_json::Value) -> Reply {
    Reply::Full(200, "X-Of: robot".to_owned(), body.to_string())
}

fn robot() -> Robot {
    let state = Arc::new(Mutex::new(State {
        status: BTreeMap::from([(71, 2), (72, 2), (73, 0), (74, 2)]),
        ..State::default()
    }));
    let known = Arc::clone(&state);
    let server = Http::start(move |_, request| {
        let mut state = known.lock().unwrap();
        state.asked += 1;
        let body = &request.body;
        let word = |name: &str| {
            let mut words = body.split('&');
            words.find_map(|word| word.strip_prefix(&format!("{name}=")))
        };
        assert_eq!(word("api_key"), Some("s3cr3t%22key"), "{body}");
        match request.line.trim_start_matches("POST /v2/") {
            "getMonitors" => {
                assert!(word("search").is_some(), "{body}");
                let urls = [
                    "https://shop.example/",
                    "https://shop.example/api",
                    "https://old.example",
                    "https://shop.example",
                ];
                let monitors = state.status.iter().zip(urls).map(
                    |((id, status), url)| serde_json::json!({"id": id, "url": url, "type": 1, "status": status}),
                );
                let monitors: Vec<_> = monitors.collect();
                answer(serde_json::json!({"stat": "ok", "monitors": monitors}))
            }
            "editMonitor" => {
                let number = |name: &str| word(name).unwrap().parse::<u32>().unwrap();
                let id = number("id");
                if state.broken.contains(&id) {
                    let error = serde_json::json!({"message": "try again later"});
                    return answer(serde_json::json!({"stat": "fail", "error": error}));
                }
                *state.status.get_mut(&id).unwrap() = number("status");
                answer(serde_json::json!({"stat": "ok", "monitor": {"id": id}}))
            }
            "newMonitor" => {
                let made = format!(
                    "{} {}",
                    word("friendly_name").unwrap(),
                    word("url").unwrap()
                );
                state.made.push(made);
                answer(serde_json::json!({"stat": "ok", "monitor": {"id": 80, "status": 1}}))
            }
            other => panic!("there is no method {other}"),
        }
    });
    Robot { server, state }
}

impl Robot {
    fn run(&self, env: &[(&str, &str)]) -> Outcome {
        monitors(
            &self.server,
            &[&[("UPTIMEROBOT_API_KEY", KEY)], env].concat(),
        )
    }

    fn paused(&self) -> Vec<u32> {
        let state = self.state.lock().unwrap();
        let paused = state.status.iter().filter(|(_, status)| **status == 0);
        paused.map(|(id, _)| *id).collect()
    }
}

fn monitors(server: &Http, env: &[(&str, &str)]) -> Outcome {
    let api = format!("{}/v2", server.url);
    let base = [("UPTIMEROBOT_URL", api.as_str())];
    Sandbox::new().run("uptime-monitors", &[&base[..], env].concat())
}

const KEY: &str = "s3cr3t\"key";
const SHOP: (&str, &str) = ("URLS", "https://shop.example\n");
const PAUSE: (&str, &str) = ("ACTION", "pause");

#[test]
fn monitors_are_paused_and_resumed() {
    let robot = robot();
    let outcome = robot.run(&[PAUSE, SHOP]);
    outcome.passes("the monitor of https://shop.example is paused");
    assert_eq!(outcome.output("paused"), "71 74");
    assert_eq!(robot.paused(), [71, 73, 74]);
    let resumed = robot.run(&[("ACTION", "resume"), ("IDS", outcome.output("paused"))]);
    assert_eq!(
        resumed.passes("monitor 74 looks again").output("paused"),
        ""
    );
    assert_eq!(robot.paused(), [73]);
    // What somebody paused before stays so.
    let old = robot.run(&[PAUSE, ("URLS", "https://old.example")]);
    assert!(old.passes("").outputs.is_empty(), "{old:#?}");
    robot
        .run(&[PAUSE, ("URLS", "https://new.example")])
        .passes("::notice::Uptime Robot has no monitor of https://new.example");
}

#[test]
fn monitors_that_are_missing_are_made() {
    let robot = robot();
    let urls = "https://shop.example\nhttps://new.example/health";
    let ensure = [
        ("ACTION", "ensure"),
        ("URLS", urls),
        ("NAME", "shop production"),
    ];
    let outcome = robot.run(&ensure);
    outcome.passes("https://new.example/health is watched from now on");
    outcome.passes("https://shop.example is watched\n");
    let state = robot.state.lock().unwrap();
    let name = "shop+production+https%3A%2F%2Fnew.example%2Fhealth";
    assert_eq!(
        state.made,
        [format!("{name} https%3A%2F%2Fnew.example%2Fhealth")]
    );
}

/// Whoever resumes must know what may be paused, also if the answer did not come.
#[test]
fn what_may_be_paused_is_told_before_it_is() {
    let robot = robot();
    robot.state.lock().unwrap().broken = vec![74];
    let outcome = robot.run(&[PAUSE, SHOP]);
    outcome.passes("::warning::monitors at Uptime Robot may be paused now, resume them by hand: 71 74: try again later");
    assert_eq!(outcome.output("paused"), "71 74");
    let resumed = robot.run(&[("ACTION", "resume"), ("IDS", "71 74")]);
    resumed.passes("::warning::monitors at Uptime Robot may be paused now, resume them by hand: 74: try again later");
    assert_eq!(resumed.output("paused"), "74");
    assert_eq!(robot.paused(), [73]);
}

#[test]
fn monitors_that_cannot_be_changed_stop_nothing() {
    let robot = robot();
    monitors(&robot.server, &[PAUSE, SHOP])
        .passes("::notice::the monitors at Uptime Robot are as they were");
    assert_eq!(robot.state.lock().unwrap().asked, 0);
    robot
        .run(&[("ACTION", HOSTILE), SHOP])
        .passes("::warning::");
    robot.run(&[PAUSE, ("URLS", HOSTILE)]).passes("::warning::");
    robot
        .run(&[("ACTION", "resume"), ("IDS", HOSTILE)])
        .passes("is not the id of a monitor");
    let key = ("UPTIMEROBOT_API_KEY", KEY);
    let refused = Http::start(|_, _| {
        Reply::Text(r#"{"stat": "fail", "error": {"message": "api_key is wrong"}}"#)
    });
    monitors(&refused, &[key, PAUSE, SHOP])
        .passes("::warning::the monitors at Uptime Robot are as they were: api_key is wrong");
    let broken = Http::start(|_, _| Reply::Garbage);
    monitors(&broken, &[key, PAUSE, SHOP]).passes("::warning::");
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
