//! What a deployment does to the database, and what it needs of AWS.

use super::Check;
use crate::blocks::migration;
use crate::blocks::target::TargetKeys;
use crate::manifest::raw::{self, Host, Raw};

/// Checks the migrations, the backup, and the account that something needs.
pub(super) fn check(at: &[&str], written: &raw::Deploy, raw: &Raw, check: &mut Check<'_>) {
    let at: Vec<_> = at.iter().copied().chain(["deploy"]).collect();
    if let Some(migrations) = &written.migrate {
        self::migrations(&at, migrations, written, raw, check);
    }
    if let Some(backup) = &written.backup {
        self::backup(&at, backup, written, check);
    }
    account(&at, written, raw, check);
}

/// A path below another.
fn below<'a>(at: &[&'a str], keys: &[&'a str]) -> Vec<&'a str> {
    at.iter().chain(keys).copied().collect()
}

fn migrations(
    at: &[&str],
    migrations: &raw::Migrations,
    written: &raw::Deploy,
    raw: &Raw,
    check: &mut Check<'_>,
) {
    let Some(run) = &migrations.run else {
        let message = "nothing says what migrates the database";
        let at = below(at, &["migrate"]);
        check.error(&at, "migration-missing", message, "write `run: TOOL`");
        return;
    };
    let is_command = run.contains([' ', '\n']);
    if !is_command && migration::find(run).is_none() {
        let place = below(at, &["migrate", "run"]);
        check.unknown(&place, "migration tool", run, migration::names());
    }
    if let Some(component) = &migrations.component
        && !raw.stack.contains_key(component)
    {
        let place = below(at, &["migrate", "component"]);
        let known = raw.stack.keys().map(|name| name.as_str());
        check.unknown(&place, "component", component, known);
    }
    let Some(target) = &written.target else {
        return;
    };
    let in_image = match migrations.on {
        Some(host) => host == Host::Image,
        None => target.migrates_in_image(),
    };
    if in_image && !target.migrates_in_image() {
        let place = below(at, &["migrate", "on"]);
        let message = "the target has no image to migrate in";
        let help = "write `on: runner`, or remove the line";
        check.error(&place, "no-image", message, help);
    }
    if !in_image && raw.stack.is_empty() {
        let place = below(at, &["migrate"]);
        let message = "there is no component to migrate with";
        check.error(
            &place,
            "component-missing",
            message,
            "describe it under `stack`",
        );
    }
    let of_the_runner = [
        ("component", migrations.component.is_some()),
        ("url", migrations.url.is_some()),
        ("folder", migrations.folder.is_some()),
        ("down", migrations.down.is_some()),
    ];
    for (key, _) in of_the_runner
        .iter()
        .filter(|(_, written)| *written && in_image)
    {
        let place = below(at, &["migrate", key]);
        let message = format!("`{key}` says nothing to migrations in a container of the new image");
        let help = "write `on: runner` beside it, or remove it";
        check.error(&place, "runner-only", message, help);
    }
}

fn backup(at: &[&str], backup: &raw::Backup, written: &raw::Deploy, check: &mut Check<'_>) {
    let at = below(at, &["backup"]);
    match backup.sources() {
        0 => {
            let message = "the backup names no database";
            let help =
                "write `database: NAME` for one on the server, `url: SECRET` or `rds: VARIABLE`";
            check.error(&at, "database-missing", message, help);
        }
        1 => {}
        _ => {
            let message = "the backup names several databases";
            let help = "keep one of `database`, `url`, `rds` and `rds-cluster`";
            check.error(&at, "several-databases", message, help);
        }
    }
    let dumps = |target: &TargetKeys| target.dumps_database();
    if backup.database.is_some() && !written.target.as_ref().is_none_or(dumps) {
        let message = "the target has no server on which a database could be dumped";
        let help = "write `{url: SECRET}` with its address, or `{rds: VARIABLE}`";
        check.error(&at, "no-server", message, help);
    }
}

/// Whatever talks to AWS must log in.
fn account(at: &[&str], written: &raw::Deploy, raw: &Raw, check: &mut Check<'_>) {
    if let Some(aws) = &written.aws {
        if aws.region.is_none() {
            let at = below(at, &["aws"]);
            let message = "nothing says in which region of AWS";
            let help = "write `region: us-west-2` or another";
            check.error(&at, "region-missing", message, help);
        }
        return;
    }
    let backup = written.backup.as_ref();
    let backup = backup.is_some_and(|backup| {
        backup.rds.is_some() || backup.rds_cluster.is_some() || backup.bucket.is_some()
    });
    let target = written.target.as_ref();
    let registry = raw.repository.registry.as_ref();
    let in_ecr = registry.is_some_and(|registry| registry.contains(".dkr.ecr."));
    let asks = [
        (
            "target",
            target.is_some_and(|target| target.needs_aws() || (in_ecr && target.runs_images())),
        ),
        ("backup", backup),
        ("purge", written.purge.is_some()),
    ];
    for (key, _) in asks.iter().filter(|(_, asks)| *asks) {
        let message = format!("`{key}` needs an account on AWS");
        let help = "write `aws: REGION` beside it, such as `aws: us-west-2`";
        check.error(&below(at, &[key]), "aws-missing", message, help);
    }
}
