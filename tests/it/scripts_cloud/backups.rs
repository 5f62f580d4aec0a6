//! Dumps of a database that the runner reaches: readable, encrypted, and named.

use std::fs;
use std::process::Command;

use super::Cloud;
use super::sandbox::HOSTILE;

const URL: &str = "postgresql://shop:s3cr3t@db.example.com/shop?sslmode=require";
const PASSPHRASE: &str = "s3cr3t-passphrase";

/// A database with two tables.
fn database() -> Cloud {
    let cloud = Cloud::new(&[
        ("DATABASE_URL", URL),
        ("BACKUP_PASSPHRASE", PASSPHRASE),
        ("LABEL", "production"),
        ("VERSION", "v1.2.3"),
    ]);
    cloud.put("database", "PGDMP-the-dump");
    cloud.put(
        "entries",
        "215; 1259 16386 TABLE public a shop\n216; 1259 16390 TABLE public b shop",
    );
    cloud
}

#[test]
fn a_dump_is_read_again_and_can_be_opened_with_the_passphrase_only() {
    let cloud = database();
    let outcome = cloud.run("pg-dump", &[]);
    outcome.passes("2 entries");
    let name = outcome.output("backup");
    assert!(name.starts_with("production-20"), "{name}");
    assert!(name.ends_with("-v1.2.3-77-1.dump.enc"), "{name}");
    assert_eq!(
        cloud.get("connection"),
        "shop\ns3cr3t\ndb.example.com\n5432\nshop\n"
    );
    let path = outcome.output("path");
    assert!(
        !fs::read(path)
            .unwrap()
            .windows(5)
            .any(|bytes| bytes == b"PGDMP")
    );
    let plain = Command::new("openssl")
        .args(["enc", "-d", "-aes-256-cbc", "-pbkdf2", "-iter", "600000"])
        .args(["-pass", "env:BACKUP_PASSPHRASE", "-in", path])
        .env("BACKUP_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    assert_eq!(plain.stdout, b"PGDMP-the-dump");
    let folder = std::path::Path::new(path).parent().unwrap();
    let left = fs::read_dir(folder).unwrap().count();
    assert_eq!(left, 1, "only the encrypted dump stays");
}

#[test]
fn a_bucket_has_the_whole_dump() {
    let cloud = database();
    let outcome = cloud.run("pg-dump", &[("BUCKET", "shop-backups")]);
    let kept = fs::read(outcome.output("path")).unwrap();
    assert_eq!(fs::read(cloud.path("bucket")).unwrap(), kept);
    let calls = cloud.calls();
    let target = format!("s3://shop-backups/{}", outcome.output("backup"));
    assert!(calls.iter().any(|call| call.contains(&target)), "{calls:?}");
    cloud.put("aws.fail", "s3 cp*\n");
    let outcome = cloud.run("pg-dump", &[("BUCKET", "shop-backups")]);
    outcome.fails("cannot be copied");
}

#[test]
fn what_is_no_backup_is_a_failure() {
    let cloud = database();
    cloud.put("database", "something else");
    cloud
        .run("pg-dump", &[])
        .fails("cannot be read or is empty");
    cloud.put("database", "PGDMP");
    cloud.put("entries", ";");
    cloud
        .run("pg-dump", &[])
        .fails("cannot be read or is empty");
    cloud.put("docker.fail", "run*pg_dump*\n");
    cloud.run("pg-dump", &[]).fails("cannot be dumped");
    cloud
        .run("pg-dump", &[("BACKUP_PASSPHRASE", "")])
        .fails("must be encrypted");
    cloud
        .run("pg-dump", &[("DATABASE_URL", HOSTILE)])
        .fails("is not a PostgreSQL address");
    cloud
        .run("pg-dump", &[("POSTGRES_IMAGE", "--privileged")])
        .fails("is not the name of an image");
    cloud
        .run("pg-dump", &[("BUCKET", HOSTILE)])
        .fails("is not the name of a bucket");
}
