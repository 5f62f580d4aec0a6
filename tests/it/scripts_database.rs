//! The scripts that migrate, check and back up a database, against a real PostgreSQL server.
//!
//! The server is started for the tests, on a socket of its own in a temporary folder; without its programs the tests say
//! so and pass, since `.ci/run` sees to it that they are there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::scripts_api::sandbox::{HOSTILE, Outcome, Sandbox};

/// A server with one empty database, stopped at the end.
struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    sandbox: Sandbox,
}

/// The folder with `initdb`, which Debian does not put on the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let debian = debian.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<_> = std::env::split_paths(&paths).chain(debian).collect();
    all.retain(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    all.pop()
}

/// Runs a program of the server; it refuses to be root.
fn run(program: &Path, arguments: &[&str]) -> Output {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    let command = command
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{program:?} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

impl Server {
    #[expect(clippy::print_stdout, reason = "a test that is not run says so")]
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!("not run: there is no PostgreSQL server on this machine");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let open = Command::new("chmod")
            .args(["777"])
            .arg(folder.path())
            .status();
        assert!(open.unwrap().success());
        let data = folder.path().join("data");
        let data = data.to_str().unwrap();
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        run(
            &programs.join("initdb"),
            &[
                "--pgdata",
                data,
                "--username=app",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
            ],
        );
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c shared_preload_libraries=pg_stat_statements"
        );
        let log = folder.path().join("log");
        let arguments = [
            "--pgdata",
            data,
            "--wait",
            "--log",
            log.to_str().unwrap(),
            "--options",
            &options,
            "start",
        ];
        // What the server inherits, it keeps open; so it gets nothing.
        run(&programs.join("pg_ctl"), &arguments);
        let server = Self {
            folder,
            programs,
            port,
            sandbox: Sandbox::new(),
        };
        server.sql("postgres", "create database shop");
        Some(server)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://app@127.0.0.1:{}/{database}", self.port)
    }

    /// Asks the database; rows by lines.
    fn sql(&self, database: &str, sql: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args(["--no-psqlrc", "-qtA", "--set=ON_ERROR_STOP=1", "--dbname"])
            .arg(self.url(database))
            .args(["--command", sql])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{sql}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    #[track_caller]
    fn script(&self, script: &str, env: &[(&str, &str)]) -> Outcome {
        let url = self.url("shop");
        self.sandbox
            .run(script, &[&[("DATABASE_URL", url.as_str())], env].concat())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        run(
            &self.programs.join("pg_ctl"),
            &[
                "--pgdata",
                data.to_str().unwrap(),
                "--mode=immediate",
                "stop",
            ],
        );
    }
}

/// Three migrations as drizzle-kit writes them, and a `drizzle-kit` that applies them as it does.
fn drizzle(server: &Server) {
    let sandbox = &server.sandbox;
    let migrations = [
        (
            10,
            "0000_users",
            "create table users (id int primary key, email text);",
            "drop table users;",
        ),
        (
            20,
            "0001_pitches",
            "create table pitches (id int primary key, owner int);",
            "drop table pitches;",
        ),
        (
            30,
            "0002_titles",
            "alter table pitches add column title text;",
            "alter table pitches drop column title;",
        ),
    ];
    let entries: Vec<_> = migrations
        .iter()
        .map(|(when, tag, ..)| serde_json::json!({"when": when, "tag": tag}))
        .collect();
    sandbox.write(
        "drizzle/meta/_journal.json",
        &serde_json::json!({"entries": entries}).to_string(),
    );
    for (_, tag, up, down) in migrations {
        sandbox.write(&format!("drizzle/{tag}.sql"), up);
        sandbox.write(&format!("down/{tag}.sql"), down);
    }
    // All pending migrations in one transaction, each with a row in its table.
    let program = r#"#!/usr/bin/env bash
set -euo pipefail
[[ $1 == migrate ]] || exit 0
psql() { command psql --no-psqlrc -qtA --set=ON_ERROR_STOP=1 --dbname="$DATABASE_URL" "$@"; }
psql -c 'create schema if not exists drizzle; create table if not exists drizzle.__drizzle_migrations (id serial, hash text, created_at bigint)'
last=$(psql -c 'select coalesce(max(created_at), 0) from drizzle.__drizzle_migrations')
{
  echo 'begin;'
  jq -r --argjson last "$last" '.entries[] | select(.when > $last) | "\\i drizzle/\(.tag).sql\ninsert into drizzle.__drizzle_migrations (hash, created_at) values ('"''"', \(.when));"' drizzle/meta/_journal.json
  echo 'commit;'
} | psql
"#;
    let path = sandbox.write("kit", program);
    assert!(
        Command::new("chmod")
            .args(["755", &path])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn migrations_go_forward_and_back_in_one_transaction_each() {
    let Some(server) = Server::start() else {
        return;
    };
    drizzle(&server);
    let before = server.script("drizzle-status", &[]);
    assert_eq!(
        before.output("pending"),
        "0000_users 0001_pitches 0002_titles"
    );
    let plan = server.script(
        "migration-plan",
        &[
            ("ENVIRONMENT", "staging"),
            ("PENDING", before.output("pending")),
            ("MIGRATIONS", "drizzle"),
        ],
    );
    assert!(
        plan.summary
            .contains("create table pitches (id int primary key, owner int);"),
        "{plan:#?}"
    );

    let dry = server.script(
        "drizzle-migrate",
        &[("DRIZZLE_KIT", "./kit"), ("DRY_RUN", "1")],
    );
    dry.passes("nothing was applied");
    assert_eq!(server.sql("shop", "select to_regclass('users')"), "");

    // The last one fails, so none is applied.
    server.sandbox.write(
        "drizzle/0002_titles.sql",
        "alter table nowhere add column title text;",
    );
    server
        .script("drizzle-migrate", &[("DRIZZLE_KIT", "./kit")])
        .fails("took all of this run back");
    assert_eq!(server.sql("shop", "select to_regclass('users')"), "");
    server.sandbox.write(
        "drizzle/0002_titles.sql",
        "alter table pitches add column title text;",
    );
    server
        .script("drizzle-migrate", &[("DRIZZLE_KIT", "./kit")])
        .passes("all migrations are applied");
    server
        .script("drizzle-status", &[("REQUIRE_CURRENT", "1")])
        .passes("to be applied: none");
    server.sql("shop", "insert into pitches values (1, 7, 'one')");

    // Half of the way back is none.
    server
        .sandbox
        .write("down/0001_pitches.sql", "drop table nowhere;");
    let back = [("DOWN_FOLDER", "down"), ("STEPS", "2")];
    server
        .script("drizzle-rollback", &back)
        .fails("the database is as it was");
    assert_eq!(server.sql("shop", "select title from pitches"), "one");
    let one = server.script(
        "drizzle-rollback",
        &[("DOWN_FOLDER", "down"), ("STEPS", "1")],
    );
    assert_eq!(
        (one.output("previous_version"), one.output("version")),
        ("0002_titles", "0001_pitches")
    );
    assert_eq!(
        server.sql(
            "shop",
            "select count(*) from information_schema.columns where table_name = 'pitches'"
        ),
        "2"
    );
    assert_eq!(
        server.script("drizzle-status", &[]).output("pending"),
        "0002_titles"
    );
}

#[test]
fn what_an_earlier_release_did_not_have_is_counted() {
    let Some(server) = Server::start() else {
        return;
    };
    drizzle(&server);
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b.c"])
            .args(arguments)
            .current_dir(server.sandbox.path("."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let journal = |last: usize| {
        let entries: Vec<_> = [
            (10, "0000_users"),
            (20, "0001_pitches"),
            (30, "0002_titles"),
        ][..last]
            .iter()
            .map(|(when, tag)| serde_json::json!({"when": when, "tag": tag}))
            .collect();
        let text = serde_json::json!({"entries": entries}).to_string();
        server.sandbox.write("drizzle/meta/_journal.json", &text);
    };
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "--message=none"]);
    let none = git(&["rev-parse", "HEAD"]);
    journal(1);
    git(&["add", "drizzle/meta"]);
    git(&["commit", "--quiet", "--message=one"]);
    let one = git(&["rev-parse", "HEAD"]);
    journal(3);
    let count = |sha: &str| {
        let outcome = server.script("drizzle-steps", &[("SHA", sha)]);
        assert_eq!(outcome.code, 0, "{outcome:#?}");
        let steps = outcome.output("steps").to_owned();
        assert_eq!(outcome.output("needed"), (steps != "0").to_string());
        steps
    };
    assert_eq!(count(&one), "0", "nothing is applied yet");
    server
        .script("drizzle-migrate", &[("DRIZZLE_KIT", "./kit")])
        .passes("all migrations are applied");
    assert_eq!((count(&one).as_str(), count(&none).as_str()), ("2", "3"));
    // So many are taken back, and the database is what that release knows.
    let steps = count(&one);
    let back = [("DOWN_FOLDER", "down"), ("STEPS", steps.as_str())];
    assert_eq!(
        server.script("drizzle-rollback", &back).output("version"),
        "0000_users"
    );
    assert_eq!(
        server.sql(
            "shop",
            "select to_regclass('users') is not null and to_regclass('pitches') is null"
        ),
        "t"
    );
    assert_eq!((count(&one).as_str(), count(&none).as_str()), ("0", "1"));
    let unknown = "1".repeat(40);
    server
        .script("drizzle-steps", &[("SHA", &unknown)])
        .fails("is not in the repository");
    server
        .script("drizzle-steps", &[("SHA", HOSTILE)])
        .fails("is not a full commit SHA");
}

#[test]
fn a_dump_gives_the_database_back() {
    let Some(server) = Server::start() else {
        return;
    };
    server.sql("shop", "create table pitches (id int primary key, title text); insert into pitches values (1, 'one'), (2, 'two')");
    // Runs what the container would run, with the variables that it is given.
    let docker = server.sandbox.write(
        "bin/docker",
        "#!/usr/bin/env bash\nwhile [[ $1 != pg_* ]]; do shift; done\nexec \"$@\"\n",
    );
    assert!(
        Command::new("chmod")
            .args(["755", &docker])
            .status()
            .unwrap()
            .success()
    );
    let env = [
        ("LABEL", "staging-migration"),
        ("VERSION", "v1.2.3"),
        ("BACKUP_PASSPHRASE", "s3cr3t word"),
    ];
    let outcome = server.script("pg-dump", &env);
    outcome.passes("dumped the database");
    assert!(
        outcome.output("backup").starts_with("staging-migration-20"),
        "{outcome:#?}"
    );
    server.sql("postgres", "create database restored");
    let restore = format!(
        "openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:PASS -in '{}' | '{}' --no-owner --dbname='{}'",
        outcome.output("path"),
        server.programs.join("pg_restore").display(),
        server.url("restored")
    );
    let restored = Command::new("bash")
        .args(["-c", &restore])
        .env("PASS", "s3cr3t word")
        .status();
    assert!(restored.unwrap().success());
    assert_eq!(
        server.sql(
            "restored",
            "select string_agg(title, ' ' order by id) from pitches"
        ),
        "one two"
    );
    server
        .script(
            "pg-dump",
            &[
                &env[..],
                &[("DATABASE_URL", "postgres://app@127.0.0.1:1/shop")],
            ]
            .concat(),
        )
        .fails("the database cannot be dumped");
}

#[test]
fn queries_find_mistakes_and_change_nothing() {
    let Some(server) = Server::start() else {
        return;
    };
    server.sql("shop", "create table users (id int); create table pitches (id int, owner int); insert into users values (1); insert into pitches values (1, 1)");
    let orphans = "select id from pitches where owner not in (select id from users);\n";
    server.sandbox.write("checks/orphans.sql", orphans);
    server.sandbox.write("checks/readme.txt", "no query");
    server
        .script("sql-checks", &[("CHECKS", "checks")])
        .passes("orphans finds nothing");
    server.sql("shop", "insert into pitches values (8, 2), (9, 3)");
    server
        .script("sql-checks", &[("CHECKS", "checks")])
        .fails("orphans finds 2 rows, such as 8");
    server
        .sandbox
        .write("checks/orphans.sql", "delete from pitches returning id;");
    server.script("sql-checks", &[("CHECKS", "checks")]).fails("cannot be run: psql:checks/orphans.sql:1: ERROR:  cannot execute DELETE in a read-only transaction");
    assert_eq!(server.sql("shop", "select count(*) from pitches"), "3");
    server
        .script("sql-checks", &[("CHECKS", "nowhere")])
        .fails("there are no queries in `nowhere`");
    server
        .script("sql-checks", &[("CHECKS", HOSTILE)])
        .fails("there are no queries");
}

#[test]
fn slow_statements_are_a_warning() {
    let Some(server) = Server::start() else {
        return;
    };
    server
        .script("query-latency", &[("MAX_MS", "100")])
        .passes("the extension pg_stat_statements is not there");
    server.sql("shop", "create extension pg_stat_statements");
    for _ in 0..3 {
        server.sql("shop", "select pg_sleep(0.03)");
    }
    let calls = ("MIN_CALLS", "3");
    let fine = server.script("query-latency", &[("MAX_MS", "5000"), calls]);
    assert_eq!(fine.passes("end within 5000 ms").output("slow"), "0");
    let slow = server.script("query-latency", &[("MAX_MS", "20"), calls]);
    slow.passes("::warning::1 statements are slower than 20 ms");
    assert_eq!(slow.output("slow"), "1");
    assert!(
        slow.summary.contains("ms: select pg_sleep($1)"),
        "{slow:#?}"
    );
    let away = [
        ("MAX_MS", "20"),
        ("DATABASE_URL", "postgres://app@127.0.0.1:1/shop"),
    ];
    server
        .script("query-latency", &away)
        .passes("the database cannot be asked");
}

#[test]
fn a_plan_shows_what_people_decide_on() {
    let sandbox = Sandbox::new();
    sandbox.write("m/1_a/migration.sql", "create table a ();\n~~~~~~\n");
    sandbox.write("m/2_b.up.sql", "create table b ();");
    let plan = |env: &[(&str, &str)]| {
        let base = [("ENVIRONMENT", "production"), ("MIGRATIONS", "m")];
        sandbox.run("migration-plan", &[&base[..], env].concat())
    };
    let forward = plan(&[("PENDING", "1_a 2_b 3_c")]);
    forward.passes("to be applied: 1_a 2_b 3_c");
    let path = format!("{}/plan.sql", forward.output("path"));
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        text,
        "-- 1_a\ncreate table a ();\n~~~~~~\n\n-- 2_b\ncreate table b ();\n-- 3_c\n"
    );
    // The SQL does not end the block it is shown in.
    assert_eq!(forward.summary.matches("~~~~~~").count(), 2);
    plan(&[]).passes("nothing to migrate");
    let back = plan(&[("DIRECTION", "rollback"), ("STEPS", "2"), ("NEWEST", "2_b")]);
    back.passes("-- take back 2 migration(s), the newest is 2_b");
    plan(&[("DIRECTION", "rollback"), ("STEPS", HOSTILE)]).fails("the number of steps");
    plan(&[("PENDING", HOSTILE)]).fails("the names of the migrations");
}
