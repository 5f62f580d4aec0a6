//! golang-migrate: forward, back, by steps, and databases that it left dirty.

use super::site::{HOSTILE, SECRET, Site};

fn site() -> Site {
    let mut site = Site::new();
    for number in 1..=4 {
        site.write(&format!("repo/migrations/{number}_x.up.sql"), "");
        site.write(&format!("repo/migrations/{number}_x.down.sql"), "");
    }
    site.set(
        "DATABASE_URL",
        &format!("postgres://shop:{SECRET}@db:5432/shop?sslmode=verify-full"),
    );
    site.set("MIGRATIONS", "migrations");
    site
}

#[test]
fn the_database_goes_forward_and_back_by_steps() {
    let mut site = site();
    site.set("STEPS", "2");
    let outputs = site
        .step("golang-migrate")
        .passes("the database has version 2, before it had none")
        .outputs;
    assert_eq!(
        (&*outputs["version_before"], &*outputs["version_after"]),
        ("", "2")
    );
    site.unset("STEPS");
    site.step("golang-migrate")
        .passes("version 4, before it had 2");
    site.step("golang-migrate")
        .passes("| no change")
        .passes("version 4, before it had 4");
    site.set("DIRECTION", "down");
    site.step("golang-migrate")
        .fails("would take every migration back");
    site.set("STEPS", "1");
    site.step("golang-migrate")
        .passes("version 3, before it had 4");
    site.unset("STEPS");
    site.set("TO", "1");
    site.step("golang-migrate")
        .passes("version 1, before it had 3");
    site.set("TO", "3");
    site.step("golang-migrate")
        .fails("version 3 is not before 1");
    site.unset("TO");
    site.set("STEPS", "9");
    site.step("golang-migrate")
        .fails("migrate down 9 failed at version 1");
    site.set("DIRECTION", "check");
    let looked = site.step("golang-migrate").passes("version 1").outputs;
    assert_eq!(
        (&*looked["version_after"], &*looked["pending"]),
        ("1", "2_x 3_x 4_x")
    );
    assert_eq!(looked["has_migrations"], "true");
    site.set("REQUIRE_CURRENT", "1");
    site.step("golang-migrate")
        .fails("missing in the database: 2_x 3_x 4_x");
    site.unset("REQUIRE_CURRENT");
    assert_eq!(site.read("fake/password"), format!("PGPASSWORD={SECRET}\n"));
}

#[test]
fn a_dirty_database_is_left_to_people() {
    let mut site = site();
    site.set("STEPS", "1");
    site.step("golang-migrate").passes("version 1");
    site.write("fake/migration-breaks", "");
    let outcome = site
        .step("golang-migrate")
        .fails("the database is dirty: migration 2 stopped half-way");
    assert_eq!(
        outcome.outputs.get("version_before").map(String::as_str),
        Some("1")
    );
    assert!(!outcome.outputs.contains_key("version_after"));
    for direction in ["up", "down", "check"] {
        site.set("DIRECTION", direction);
        site.take_calls();
        site.step("golang-migrate")
            .fails("run `migrate force VERSION`");
        assert_eq!(site.take_calls().len(), 1, "only its version was asked for");
    }
}

#[test]
fn a_password_is_decoded_and_never_an_argument() {
    let mut site = site();
    site.set(
        "DATABASE_URL",
        r"pgx5://shop:a%40b%25c\n%24(touch%20pwned)@db/shop",
    );
    site.step("golang-migrate").passes("version 4");
    assert_eq!(
        site.read("fake/password"),
        "PGPASSWORD=a@b%c\\n$(touch pwned)\n"
    );
    assert!(site.take_calls()[0].contains(" pgx5://shop@db/shop "));
    site.set("DATABASE_URL", "postgres://db/shop");
    site.step("golang-migrate").passes("version 4");
    for wrong in [
        HOSTILE,
        "mysql://root:x@tcp(db)/shop",
        "postgres://a:b@c@db/shop",
        "postgres://db/shop?password=x",
    ] {
        site.set("DATABASE_URL", wrong);
        site.step("golang-migrate").fails("::error::DATABASE_URL");
    }
}

#[test]
fn a_stopped_job_lets_the_migration_end_and_failures_are_told() {
    let mut site = site();
    let outcome = site.stop("golang-migrate", "lock-timeout 60 up", |_| false);
    assert_eq!(
        (outcome.code, &*site.read("fake/signals")),
        (1, "INT\n"),
        "{outcome:#?}"
    );
    site.write("fake/fail", " version");
    site.step("golang-migrate")
        .fails("the version of the database cannot be read");
    for name in ["DIRECTION", "STEPS", "TO", "LOCK_SECONDS", "MIGRATIONS"] {
        site.set(name, HOSTILE);
        site.step("golang-migrate").fails("::error::");
        site.unset(name);
        site.set("MIGRATIONS", "migrations");
    }
}
