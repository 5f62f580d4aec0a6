//! rds-snapshot: nothing is found that is not there, and nothing is deleted that is not ours.

use serde_json::{Value, json};

use super::cloud::{Cloud, KILL, LOSE, REFUSE};
use super::sandbox::{HOSTILE, Outcome};

/// A fault of the account: its name, how it comes about, and what is said of it.
type Fault<'a> = (&'a str, &'a dyn Fn(&Cloud), &'a str);

fn snapshot(id: &str, day: u8, owner: &str) -> Value {
    json!({"DBSnapshotIdentifier": id, "DBInstanceIdentifier": "shop-db", "SnapshotType": "manual", "Status": "available",
        "SnapshotCreateTime": format!("2026-01-{day:02}T00:00:00.1Z"), "TagList": [{"Key": "taken-by", "Value": owner}]})
}

fn database() -> Cloud {
    let mut of_others = snapshot("elsewhere", 1, "acme/shop");
    of_others["DBInstanceIdentifier"] = json!("other-db");
    let mut automated = snapshot("automated", 1, "acme/shop");
    automated["SnapshotType"] = json!("automated");
    let mut creating = snapshot("creating", 1, "acme/shop");
    creating["Status"] = json!("creating");
    creating["left"] = json!(99);
    Cloud::new(
        json!({"databases": ["shop-db", "shop-cluster"], "polls": 3, "snapshots": [
            snapshot("old", 2, "acme/shop"), snapshot("newer", 3, "acme/shop"), snapshot("by-hand", 1, "someone"), of_others, automated, creating,
        ]}),
    )
}

fn snapshots(cloud: &Cloud) -> Vec<String> {
    let account = cloud.account();
    let all = account["snapshots"].as_array().unwrap().iter();
    all.map(|one| one["DBSnapshotIdentifier"].as_str().unwrap().to_owned())
        .collect()
}

fn take(cloud: &Cloud, more: &[(&str, &str)]) -> Outcome {
    cloud.run(
        "rds-snapshot",
        &[&[("DB_INSTANCE", "shop-db"), ("VERSION", "v1.2.3")], more].concat(),
    )
}

#[test]
fn a_snapshot_is_waited_for_and_only_our_own_old_ones_go() {
    let cloud = database();
    let outcome = take(&cloud, &[("KEEP", "2")]);
    outcome
        .passes("is creating, 10 %")
        .passes("is available, 100 %")
        .passes("deleted snapshot old");
    assert_eq!(outcome.output("snapshot"), "shop-db-v1-2-3-77-1");
    assert_eq!(
        outcome.output("snapshot_arn"),
        "arn:aws:rds:eu-west-1:123456789012:snapshot:shop-db-v1-2-3-77-1"
    );
    let left = [
        "newer",
        "by-hand",
        "elsewhere",
        "automated",
        "creating",
        "shop-db-v1-2-3-77-1",
    ];
    assert_eq!(snapshots(&cloud), left);

    let aged = database();
    take(
        &aged,
        &[("KEEP_DAYS", "30"), ("PURPOSE", "before roll-back")],
    )
    .passes("deleted snapshot newer");
    assert_eq!(
        snapshots(&aged).last().unwrap(),
        "shop-db-v1-2-3-before-roll-back-77-1"
    );
    assert_eq!(snapshots(&aged).len(), 5);

    let all = database();
    take(&all, &[]).passes("is available");
    assert_eq!(snapshots(&all).len(), 7);
}

#[test]
fn a_cluster_is_snapshot_by_its_own_commands() {
    let cloud = database();
    cloud.change(|account| account["busy"] = json!(1));
    let env = [
        ("DB_CLUSTER", "shop-cluster"),
        ("VERSION", "v2"),
        ("KEEP", "1"),
    ];
    cloud
        .run("rds-snapshot", &env)
        .passes("busy")
        .passes("is available");
    assert_eq!(
        cloud.requests("rds create-db-cluster-snapshot")[1]["DBClusterIdentifier"],
        "shop-cluster"
    );
    assert!(cloud.requests("rds create-db-snapshot").is_empty());
}

#[test]
fn a_snapshot_that_fails_is_a_failure_and_deletes_nothing() {
    let failing: [Fault<'_>; 5] = [
        (
            "refused",
            &|cloud| cloud.fault("rds create-db-snapshot", 1, REFUSE),
            "the snapshot of shop-db is refused: ",
        ),
        (
            "failed",
            &|cloud| cloud.change(|account| account["snapshot_ends"] = json!("failed")),
            "is failed",
        ),
        (
            "slow",
            &|cloud| cloud.change(|account| account["polls"] = json!(1_000_000)),
            "is creating after 1 seconds",
        ),
        (
            "busy",
            &|cloud| cloud.change(|account| account["busy"] = json!(1_000_000)),
            "cannot take a snapshot after 1 seconds",
        ),
        (
            "absent",
            &|cloud| cloud.change(|account| account["databases"] = json!([])),
            "DBInstance not found",
        ),
    ];
    for (name, fault, text) in failing {
        let cloud = database();
        fault(&cloud);
        let wait = if matches!(name, "slow" | "busy") {
            "1"
        } else {
            "10"
        };
        take(&cloud, &[("KEEP", "1"), ("MAX_WAIT", wait)]).fails(text);
        assert!(
            snapshots(&cloud).starts_with(&["old".into(), "newer".into()]),
            "{name}"
        );
    }
    // The answer was lost or the job was stopped: the snapshot is there, and the same attempt takes it up.
    for does in [LOSE, KILL] {
        let cloud = database();
        cloud.fault("rds create-db-snapshot", 1, does);
        assert_ne!(take(&cloud, &[]).code, 0);
        take(&cloud, &[]).passes("is available");
        assert_eq!(snapshots(&cloud).len(), 7);
    }
    let cloud = database();
    cloud.fault("rds delete-db-snapshot", 1, REFUSE);
    take(&cloud, &[("KEEP", "1")])
        .passes("::warning::snapshot newer cannot be deleted")
        .passes("deleted snapshot old");
}

#[test]
fn names_of_snapshots_are_valid_whatever_the_version_is() {
    let long = "9".repeat(400);
    for version in [HOSTILE, &long, "--", "release/1.0_é"] {
        let cloud = database();
        let outcome = take(&cloud, &[("VERSION", version), ("PURPOSE", version)]);
        let id = outcome.passes("is available").output("snapshot");
        assert!(
            id.len() <= 255
                && id.starts_with("shop-db-")
                && id.ends_with("-77-1")
                && !id.contains("--"),
            "{id}"
        );
        assert!(
            id.chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-'),
            "{id}"
        );
    }
    let cloud = database();
    for name in [
        "DB_INSTANCE",
        "KEEP",
        "KEEP_DAYS",
        "MAX_WAIT",
        "INTERVAL",
        "DB_CLUSTER",
    ] {
        take(&cloud, &[(name, HOSTILE)]).fails("::error::");
    }
    take(&cloud, &[("DB_INSTANCE", "")]).fails("is not the id of a database");
    assert!(cloud.requests("rds create-db-snapshot").is_empty());
}
