//! When a release may begin, what is recorded of it, and which one was before.

use super::sandbox::{HOSTILE, Outcome, Sandbox, with_gh};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

/// The window at a time, in seconds since 1970; 0 was a Thursday.
fn window(window: &str, now: u64, more: &[(&str, &str)]) -> Outcome {
    let now = now.to_string();
    let env = [("WINDOW", window), ("NOW", &now)];
    Sandbox::new().run("deployment-window", &[&env[..], more].concat())
}

#[test]
fn a_window_is_days_and_hours_of_a_zone() {
    let hour = 3_600;
    let day = 24 * hour;
    let open = |text: &str, now: u64| window(text, now, &[]).output("open") == "true";
    assert!(open("mon-thu 08:00-17:00", 8 * hour));
    assert!(!open("mon-thu 08:00-17:00", 17 * hour));
    assert!(!open("mon-thu 08:00-17:00", 8 * hour - 1));
    assert!(!open("mon-thu 08:00-17:00", day + 9 * hour), "a Friday");
    assert!(
        open("fri-mon 08:00-17:00", 4 * day + 9 * hour),
        "over the weekend"
    );
    assert!(!open("fri 08:00-17:00", 9 * hour));
    let berlin = [("ZONE", "Europe/Berlin")];
    assert_eq!(
        window("thu 09:00-10:00", 8 * hour, &berlin).output("open"),
        "true"
    );
    window("mon-wed 08:00-09:00", 0, &[]).passes("::warning::deployments begin mon-wed");
    let block = [("EFFECT", "block")];
    window("mon 08:00-09:00", 0, &block)
        .fails("::error::deployments begin mon 08:00-09:00 (UTC), and now it is 00:00 there");
    window(
        "mon 08:00-09:00",
        0,
        &[("EFFECT", "block"), ("FORCE", "true")],
    )
    .passes("::warning::");
    window(HOSTILE, 0, &[]).fails("names no days and hours");
    window("mon 08:00-09:00", 0, &[("ZONE", "Europe/Atlantis")]).fails("is no time zone");
    window("mon 08:00-09:00", 0, &[("ZONE", "../etc/passwd")]).fails("is no time zone");
    window("mon 08:00-09:00", 0, &[("EFFECT", HOSTILE)]).fails("EFFECT must be");
    Sandbox::new()
        .run(
            "deployment-window",
            &[("WINDOW", "mon 08:00-09:00"), ("NOW", HOSTILE)],
        )
        .fails("NOW must be");
}

fn record(more: &[(&str, &str)]) -> (Outcome, usize) {
    let (sandbox, gh) = with_gh();
    gh.answers("*repos/acme/shop/deployments --method*", &[r#"{"id":42}"#])
        .answers("*deployments/42/statuses*", &["{}"])
        .answers("*deployments/7/statuses*", &["{}"]);
    let env = [
        ("ENVIRONMENT", "production-api"),
        ("SHA", SHA),
        ("VERSION", "v1.2.3"),
        ("STATUS", "success"),
        ("URL", "https://api.example.com"),
    ];
    let outcome = sandbox.run("record-deployment", &[&env[..], more].concat());
    (outcome, gh.calls().len())
}

#[test]
fn what_was_deployed_is_recorded_with_how_it_ended() {
    let (outcome, calls) = record(&[]);
    assert_eq!(outcome.passes("deployment=42").output("deployment"), "42");
    assert_eq!(calls, 2);
    let (outcome, calls) = record(&[("DEPLOYMENT", "7"), ("STATUS", "failure")]);
    outcome.passes("deployment=7");
    assert_eq!(calls, 1, "the record that there is gets another end");
    record(&[("STATUS", HOSTILE)]).0.fails("STATUS must be");
    record(&[("SHA", HOSTILE)]).0.fails("not a full commit SHA");
}

/// The version before, in records from the newest on: version, whether it is a roll-back, how it ended.
fn previous(records: &[(&str, bool, &str)], asked: &str) -> Outcome {
    previous_or(records, asked, "previous")
}

fn previous_or(records: &[(&str, bool, &str)], asked: &str, default: &str) -> Outcome {
    let (sandbox, gh) = with_gh();
    let list: Vec<_> = records
        .iter()
        .enumerate()
        .map(|(at, (version, rollback, _))| {
            serde_json::json!({"id": 100 - at, "payload": {"version": version, "rollback": rollback}})
        })
        .collect();
    let mut list = serde_json::Value::Array(list);
    let others = serde_json::json!({"id": 1, "payload": ""});
    list.as_array_mut().unwrap().insert(0, others);
    gh.answers("*deployments?environment=live*", &[&list.to_string()]);
    for (at, (.., state)) in records.iter().enumerate() {
        let statuses =
            serde_json::json!([{"id": 2, "state": "inactive"}, {"id": 1, "state": state}]);
        gh.answers(
            &format!("*deployments/{}/statuses*", 100 - at),
            &[&statuses.to_string()],
        );
    }
    let env = [
        ("ENVIRONMENT", "live"),
        ("VERSION_INPUT", asked),
        ("DEFAULT", default),
    ];
    sandbox.run("previous-version", &env)
}

/// A database alone goes back to what the application that stays knows.
#[test]
fn where_nothing_else_is_asked_for_the_present_release_can_be_meant() {
    let records = [
        ("v3", false, "failure"),
        ("v2", false, "success"),
        ("v1", false, "success"),
    ];
    let found = |asked: &str| {
        let outcome = previous_or(&records, asked, "current");
        assert_eq!(outcome.output("current"), "v2");
        assert!(!outcome.log.contains("::warning"), "{outcome:#?}");
        outcome.output("version").to_owned()
    };
    assert_eq!(
        (found(""), found("v1"), found("v2")),
        ("v2".into(), "v1".into(), "v2".into())
    );
    previous_or(&[], "", "current").fails("no release before the present one");
}

#[test]
fn only_what_an_environment_has_goes_back_there() {
    let run = |scope: &str, offered: &str| {
        let env = [
            ("ENVIRONMENT", "staging"),
            ("SCOPE", scope),
            ("OFFERED", offered),
        ];
        Sandbox::new().run("check-scope", &env)
    };
    run("database", "application database").passes("staging: database goes back");
    let refused = "`database` cannot go back on staging: choose one of application api";
    run("database", "application api").fails(refused);
    run("data", "database").fails("choose one of database");
    run("", "database").fails("`` cannot go back");
    run(HOSTILE, "database").fails("choose one of database");
}

#[test]
fn the_release_before_is_the_last_other_one_that_went_well() {
    let found = |records: &[(&str, bool, &str)]| {
        let outcome = previous(records, "");
        (
            outcome.output("current").to_owned(),
            outcome.output("version").to_owned(),
        )
    };
    let both = |current: &str, version: &str| (current.to_owned(), version.to_owned());
    let ok = "success";
    assert_eq!(
        found(&[("v2", false, ok), ("v1", false, ok)]),
        both("v2", "v1")
    );
    assert_eq!(
        found(&[
            ("v3", false, "failure"),
            ("v2", false, ok),
            ("v2", false, ok),
            ("v1", false, ok)
        ]),
        both("v2", "v1")
    );
    // After a roll-back from v3 to v2, going back again means v1 and not v3.
    assert_eq!(
        found(&[
            ("v2", true, ok),
            ("v3", false, ok),
            ("v2", false, ok),
            ("v1", false, ok)
        ]),
        both("v2", "v1")
    );
    previous(&[("v1", false, ok)], "").fails("no release before v1 is known of live");
    previous(&[], "").fails("no release before the present one");
    let asked = previous(&[("v2", false, ok)], "v0");
    assert_eq!(
        (asked.output("current"), asked.output("version")),
        ("v2", "v0")
    );
    previous(&[("v2", false, ok)], "v2").passes("::warning::v2 is deployed already");
    previous(&[("v2", false, ok)], HOSTILE).fails("is no version");
}

#[test]
fn leftovers_in_the_sources_are_shown_and_fail_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("src/a.ts", "let a = 1;\nconsole.log(a);\n");
    sandbox.write("src/untracked.ts", "console.log(2);\n");
    for words in [&["init", "--quiet"][..], &["add", "src/a.ts"]] {
        let git = std::process::Command::new("git")
            .args(words)
            .current_dir(sandbox.path(""))
            .status();
        assert!(git.unwrap().success());
    }
    let outcome = sandbox.run("find-words", &[("WORDS", "console.log\ndebugger")]);
    outcome.passes("::warning file=src/a.ts,line=2::one of: console.log debugger");
    assert_eq!(outcome.output("found"), "1");
    assert_eq!(
        sandbox
            .run("find-words", &[("WORDS", HOSTILE)])
            .passes("")
            .output("found"),
        "0"
    );
    // What cannot be read is not clean.
    let elsewhere = [("WORDS", "debugger"), ("FOLDER", "../elsewhere")];
    sandbox
        .run("find-words", &elsewhere)
        .fails("::error::the sources cannot be read");
}

#[test]
fn new_lines_of_migrations_that_lose_data_are_shown() {
    let (sandbox, gh) = with_gh();
    let patch = "@@ -0,0 +1 @@\n+ALTER TABLE a DROP COLUMN b;\n+SELECT 1;\n-DELETE FROM c;\n+delete  from d;";
    let files = serde_json::json!({"files": [
        {"filename": "api/migrations/1/migration.sql", "patch": patch},
        {"filename": "api/src/x.sql", "patch": "+DROP COLUMN"},
        {"filename": "api/migrations/readme.md", "patch": "+DROP COLUMN"},
    ]});
    gh.answers("*compare*", &[&files.to_string()]);
    let env = [("FOLDER", "api/migrations"), ("BASE", SHA), ("HEAD", SHA)];
    let outcome = sandbox.run("risky-migrations", &env);
    outcome.passes("::warning file=api/migrations/1/migration.sql::the release before must work with this: ALTER TABLE a DROP COLUMN b;");
    assert_eq!(outcome.output("found"), "2");
    let new_branch = [
        ("FOLDER", "x"),
        ("BASE", "0000000000000000000000000000000000000000"),
        ("HEAD", SHA),
    ];
    assert_eq!(
        sandbox
            .run("risky-migrations", &new_branch)
            .passes("")
            .output("found"),
        "0"
    );
}
