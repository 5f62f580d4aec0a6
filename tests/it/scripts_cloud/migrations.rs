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
