//! Migrations with drizzle-kit and Prisma: what is pending, forwards, and back where the project has the SQL.

use super::Cloud;
use super::sandbox::HOSTILE;

const URL: &str = "postgresql://o%20p:s3cr3t%40%5C%2F@[::1]:6543/shop?sslmode=require&channel_binding=require&options=-c%20a%3Db";

/// Three migrations of drizzle-kit, of which the database has the first two.
fn drizzle() -> Cloud {
    let cloud = Cloud::new(&[("DATABASE_URL", URL), ("DOWN_FOLDER", "down")]);
    let entry = |when, tag: &str| serde_json::json!({"idx": 0, "version": "7", "when": when, "tag": tag, "breakpoints": true});
    let journal = serde_json::json!({"version": "7", "dialect": "postgresql", "entries": [entry(10, "0000_a"), entry(20, "0001_b"), entry(30, "0002_c")]});
    cloud
        .sandbox
        .write("drizzle/meta/_journal.json", &journal.to_string());
    cloud.put("applied", "20\n10\n");
    cloud
}

#[test]
fn drizzle_knows_what_is_pending() {
    let cloud = drizzle();
    let outcome = cloud.run("drizzle-status", &[]);
    assert_eq!(outcome.output("has_migrations"), "true");
    assert_eq!(outcome.output("pending"), "0002_c");
    assert_eq!(outcome.output("previous_version"), "0001_b");
    assert_eq!(
        cloud.get("connection"),
        "o p\ns3cr3t@\\/\n::1\n6543\nshop\nrequire\n-c a=b\n"
    );
    cloud
        .run("drizzle-status", &[("REQUIRE_CURRENT", "1")])
        .fails("missing in the database: 0002_c");
    cloud.put("applied", "30\n20\n10\n");
    assert_eq!(
        cloud
            .run("drizzle-status", &[("REQUIRE_CURRENT", "1")])
            .output("has_migrations"),
        "false"
    );
    cloud.put("applied", "30\n10\n");
    cloud
        .run("drizzle-status", &[])
        .fails("drizzle-kit leaves them out: 0001_b");
    cloud.put("applied", "20\n15\n10\n");
    cloud
        .run("drizzle-status", &[])
        .fails("1 migrations that are not in");
    cloud.remove("applied");
    let fresh = cloud.run("drizzle-status", &[]);
    assert_eq!(
        (fresh.output("pending"), fresh.output("previous_version")),
        ("0000_a 0001_b 0002_c", "")
    );

    for url in ["mysql://a@b/c", "postgres://a:b@c/d@e/f g", HOSTILE, ""] {
        cloud
            .run("drizzle-status", &[("DATABASE_URL", url)])
            .fails("is not a PostgreSQL address");
    }
    cloud
        .run("drizzle-status", &[("MIGRATIONS_TABLE", HOSTILE)])
        .fails("MIGRATIONS_TABLE must be");
    cloud
        .run("drizzle-status", &[("MIGRATIONS", HOSTILE)])
        .fails("there is no journal");
    cloud.put("psql.fail", "*\n");
    cloud
        .run("drizzle-status", &[])
        .fails("the database cannot be asked");
}

#[test]
fn drizzle_checks_before_it_migrates() {
    let cloud = drizzle();
    cloud
        .run("drizzle-migrate", &[("DRIZZLE_CONFIG", "a b.ts")])
        .passes("all migrations are applied");
    assert_eq!(
        cloud.calls(),
        [
            "drizzle-kit check --config=a b.ts",
            "drizzle-kit migrate --config=a b.ts"
        ]
    );
    cloud
        .run("drizzle-migrate", &[("DRY_RUN", "1")])
        .passes("nothing was applied");
    cloud.put("drizzle-kit.fail", "check*\n");
    cloud
        .run("drizzle-migrate", &[])
        .fails("do not fit together");
    assert_eq!(cloud.calls(), ["drizzle-kit check", "drizzle-kit check"]);
    cloud.put("drizzle-kit.fail", "migrate*\n");
    cloud
        .run("drizzle-migrate", &[])
        .fails("PostgreSQL took all of this run back");
}

#[test]
fn drizzle_goes_back_by_steps_all_or_none() {
    let cloud = drizzle();
    cloud.sandbox.write("down/0001_b.sql", "drop b;\n");
    cloud
        .run("drizzle-rollback", &[("STEPS", "2")])
        .fails("there is no SQL to go back with: down/0000_a.sql");
    cloud
        .run("drizzle-rollback", &[("STEPS", "3")])
        .fails("but the database has 2");
    cloud
        .run("drizzle-rollback", &[("STEPS", HOSTILE)])
        .fails("STEPS must be");
    cloud.put("psql.fail", "*--single-transaction*\n");
    cloud
        .run("drizzle-rollback", &[])
        .fails("the database is as it was");
    cloud.put("psql.fail", "");
    assert_eq!(cloud.get("applied"), "20\n10\n");
    let outcome = cloud.run("drizzle-rollback", &[]);
    assert_eq!(
        (
            outcome.output("previous_version"),
            outcome.output("version")
        ),
        ("0001_b", "0000_a")
    );
    assert_eq!(
        (cloud.get("applied"), cloud.get("sql")),
        ("10\n".to_owned(), "drop b;\n".to_owned())
    );
    cloud.sandbox.write("down/0000_a.sql", "drop a;\n");
    assert_eq!(cloud.run("drizzle-rollback", &[]).output("version"), "");
    assert_eq!(cloud.get("applied"), "");
    cloud
        .run("drizzle-rollback", &[])
        .fails("but the database has 0");
}

/// Three migrations of Prisma, of which the database has the first two.
fn prisma() -> Cloud {
    let cloud = Cloud::new(&[("DATABASE_URL", URL)]);
    for name in ["1_a", "2_b", "3_c"] {
        cloud
            .sandbox
            .write(&format!("prisma/migrations/{name}/migration.sql"), "");
    }
    cloud
        .sandbox
        .write("prisma/migrations/migration_lock.toml", "");
    cloud.put("applied", "1_a\n2_b\n");
    cloud
}

#[test]
fn prisma_migrates_what_is_pending() {
    let cloud = prisma();
    let before = cloud.run("prisma-status", &[]);
    assert_eq!(before.output("has_migrations"), "true");
    assert_eq!(
        (before.output("pending"), before.output("previous_version")),
        ("3_c", "2_b")
    );
    cloud
        .run("prisma-status", &[("REQUIRE_CURRENT", "1")])
        .fails("missing in the database: 3_c");
    cloud.calls();
    cloud
        .run("prisma-migrate", &[("DRY_RUN", "1")])
        .passes("nothing was applied");
    cloud
        .run("prisma-migrate", &[("PRISMA_SCHEMA", "db/a b.prisma")])
        .passes("all migrations are applied");
    let expected = [
        "prisma validate",
        "prisma validate --schema=db/a b.prisma",
        "prisma migrate deploy --schema=db/a b.prisma",
    ];
    assert_eq!(cloud.calls(), expected);
    let after = cloud.run("prisma-status", &[("REQUIRE_CURRENT", "1")]);
    assert_eq!(
        (
            after.output("has_migrations"),
            after.output("previous_version")
        ),
        ("false", "3_c")
    );
    cloud.put("applied", "");
    let fresh = cloud.run("prisma-status", &[]);
    assert_eq!(
        (fresh.output("pending"), fresh.output("previous_version")),
        ("1_a 2_b 3_c", "")
    );

    cloud.put("prisma.fail", "migrate status*\n");
    cloud
        .run("prisma-status", &[])
        .fails("the state of the migrations is not clear");
    cloud.put("prisma.fail", "validate*\n");
    cloud
        .run("prisma-migrate", &[])
        .fails("the schema is not valid");
    cloud.put("prisma.fail", "migrate deploy*\n");
    cloud
        .run("prisma-migrate", &[])
        .fails("prisma migrate resolve");
    cloud
        .run("prisma-migrate", &[("DATABASE_URL", "")])
        .fails("DATABASE_URL is empty");
}

#[test]
fn prisma_goes_back_only_where_the_project_has_the_sql() {
    let cloud = prisma();
    cloud
        .run("prisma-rollback", &[])
        .fails("there is no SQL to go back with: prisma/migrations/2_b/down.sql");
    assert!(cloud.calls().iter().all(|call| !call.contains("execute")));
    cloud
        .sandbox
        .write("prisma/migrations/2_b/down.sql", "DROP TABLE b -- last");
    cloud
        .run("prisma-rollback", &[("STEPS", "2")])
        .fails("1_a/down.sql");
    cloud
        .run("prisma-rollback", &[("STEPS", "3")])
        .fails("but the database has 2");
    cloud.put("prisma.fail", "db execute*\n");
    cloud
        .run("prisma-rollback", &[])
        .fails("the migrations were not taken back");
    cloud.put("prisma.fail", "");
    assert_eq!(cloud.get("applied"), "1_a\n2_b\n");
    let outcome = cloud.run("prisma-rollback", &[]);
    assert_eq!(
        (
            outcome.output("previous_version"),
            outcome.output("version")
        ),
        ("2_b", "1_a")
    );
    assert_eq!(cloud.get("applied"), "1_a\n");
    let expected = "BEGIN;\nDROP TABLE b -- last\n;DELETE FROM _prisma_migrations WHERE migration_name = '2_b';\nCOMMIT;\n";
    assert_eq!(cloud.get("sql"), expected);
}

#[test]
fn alembic_knows_what_is_pending() {
    let cloud = Cloud::new(&[("DATABASE_URL", URL)]);
    cloud.put("applied", "aa01\n");
    let outcome = cloud.run("alembic-status", &[]);
    assert_eq!(outcome.output("has_migrations"), "true");
    assert_eq!(outcome.output("pending"), "bb02 cc03");
    assert_eq!(outcome.output("previous_version"), "aa01");
    cloud
        .run("alembic-status", &[("REQUIRE_CURRENT", "1")])
        .fails("missing in the database: bb02 cc03");
    cloud.put("applied", "");
    let fresh = cloud.run("alembic-status", &[]);
    assert_eq!(fresh.output("pending"), "aa01 bb02 cc03");
    cloud.put("applied", "cc03 (head)\n");
    let current = cloud.run("alembic-status", &[("REQUIRE_CURRENT", "1")]);
    assert_eq!(current.output("has_migrations"), "false");
    cloud.put("python.fail", "-m alembic current*\n");
    cloud
        .run("alembic-status", &[])
        .fails("cannot read the state of the database");
}

#[test]
fn django_knows_what_is_pending() {
    let cloud = Cloud::new(&[("DATABASE_URL", URL)]);
    let plan = "[X]  auth.0001_initial\n[X]  shop.0001_initial ... (auth.0001_initial)\n[ ]  shop.0002_price\n[ ]  shop.0003_tax\n";
    cloud.put("plan", plan);
    let outcome = cloud.run("django-status", &[]);
    assert_eq!(outcome.output("pending"), "shop.0002_price shop.0003_tax");
    assert_eq!(outcome.output("previous_version"), "shop.0001_initial");
    cloud
        .run("django-status", &[("REQUIRE_CURRENT", "1")])
        .fails("missing in the database: shop.0002_price");
    cloud.put("plan", &plan.replace("[ ]", "[X]"));
    let current = cloud.run("django-status", &[("REQUIRE_CURRENT", "1")]);
    assert_eq!(current.output("has_migrations"), "false");
    cloud.put("python.fail", "manage.py*\n");
    cloud
        .run("django-status", &[])
        .fails("cannot read the state");
}

/// Makes a commit of these files beside what there is, and returns its SHA.
fn committed(cloud: &Cloud, files: &[&str]) -> String {
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@b.c"])
            .args(arguments)
            .current_dir(cloud.sandbox.path("."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for file in files {
        cloud.sandbox.write(file, "");
    }
    git(&["init", "--quiet"]);
    git(&[&["add", "--force"], files].concat());
    git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    git(&["rev-parse", "HEAD"])
}

#[test]
fn what_an_earlier_release_did_not_have_is_counted_by_name() {
    for (folder, names) in [
        (
            "prisma/migrations",
            [
                "1_a/migration.sql",
                "2_b/migration.sql",
                "10_c/migration.sql",
            ],
        ),
        ("m", ["01_a.up.sql", "02_b.up.sql", "03_c.up.sql"]),
    ] {
        let cloud = Cloud::new(&[("MIGRATIONS", folder)]);
        let path = |name: &str| format!("{folder}/{name}");
        let none = committed(&cloud, &["readme.md"]);
        let one = committed(&cloud, &[&path(names[0]), &path("02_b.down.sql")]);
        let three = committed(&cloud, &[&path(names[1]), &path(names[2])]);
        let newest = names[2].split(['/', '.']).next().unwrap();
        let count = |sha: &str, pending: &str| {
            let outcome = cloud.run("newer-migrations", &[("SHA", sha), ("PENDING", pending)]);
            let steps = outcome.passes("are newer than").output("steps").to_owned();
            assert_eq!(outcome.output("needed"), (steps != "0").to_string());
            steps
        };
        assert_eq!(count(&three, ""), "0");
        assert_eq!(count(&one, ""), "2");
        assert_eq!(
            count(&one, newest),
            "1",
            "{folder}: that one is not applied"
        );
        assert_eq!(count(&none, newest), "2");
        let all: Vec<_> = names
            .iter()
            .map(|name| name.split(['/', '.']).next().unwrap())
            .collect();
        assert_eq!(count(&none, &all.join(" ")), "0", "nothing is applied");
    }
}

#[test]
fn migrations_between_those_of_an_earlier_release_are_not_taken_back() {
    let cloud = Cloud::new(&[("MIGRATIONS", "m")]);
    let hotfix = committed(&cloud, &["m/1_a.up.sql", "m/3_c.up.sql"]);
    committed(&cloud, &["m/2_b.up.sql"]);
    cloud
        .run("newer-migrations", &[("SHA", &hotfix)])
        .fails("cannot be taken back alone: 2_b");
    let unknown = "1".repeat(40);
    for (env, message) in [
        (
            [("SHA", unknown.as_str()), ("MIGRATIONS", "m")],
            "is not in the repository",
        ),
        (
            [("SHA", HOSTILE), ("MIGRATIONS", "m")],
            "is not a full commit SHA",
        ),
        (
            [("SHA", &hotfix), ("MIGRATIONS", "nowhere")],
            "there are no migrations in",
        ),
        (
            [("SHA", &hotfix), ("MIGRATIONS", HOSTILE)],
            "there are no migrations in",
        ),
    ] {
        cloud.run("newer-migrations", &env).fails(message);
    }
}

#[test]
fn revisions_of_alembic_are_counted_from_the_one_that_the_database_has() {
    let cloud = Cloud::new(&[("DATABASE_URL", URL)]);
    let none = committed(&cloud, &["readme.md"]);
    let one = committed(&cloud, &["app/versions/aa01_tables.py"]);
    let hotfix = committed(&cloud, &["app/versions/cc03_column.py"]);
    let three = committed(&cloud, &["app/versions/bb02_index.py"]);
    let count = |applied: &str, sha: &str| {
        cloud.put("applied", applied);
        let outcome = cloud.run("alembic-steps", &[("SHA", sha)]);
        let steps = outcome.passes("are newer than").output("steps").to_owned();
        assert_eq!(outcome.output("needed"), (steps != "0").to_string());
        steps
    };
    assert_eq!(count("cc03 (head)\n", &three), "0");
    assert_eq!(count("cc03 (head)\n", &one), "2");
    assert_eq!(count("bb02\n", &one), "1");
    assert_eq!(count("bb02\n", &none), "2");
    assert_eq!(count("", &none), "0");
    cloud.put("applied", "cc03\n");
    cloud
        .run("alembic-steps", &[("SHA", &hotfix)])
        .fails("newer than bb02_index.py, which it does not have");
    cloud.put("applied", "dd04\n");
    cloud
        .run("alembic-steps", &[("SHA", &one)])
        .fails("at revision dd04, which the project does not have");
    cloud.put("applied", "bb02\ncc03\n");
    cloud
        .run("alembic-steps", &[("SHA", &one)])
        .fails("at several revisions, which cannot be counted: bb02 cc03");
    cloud.put("python.fail", "-m alembic current*\n");
    cloud
        .run("alembic-steps", &[("SHA", &one)])
        .fails("cannot read the state of the database");
    cloud
        .run("alembic-steps", &[("SHA", HOSTILE)])
        .fails("is not a full commit SHA");
}
