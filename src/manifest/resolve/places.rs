//! Where a deployment goes: the environment itself, or its parts one after the other.

use super::{Check, database};
use crate::blocks::target::TargetKeys;
use crate::blocks::words::Url;
use crate::manifest::model::Place;
use crate::manifest::raw::{self, Raw, Strategy};

/// An address without a slash at the end.
pub(super) fn address(url: Option<&Url>) -> Option<String> {
    url.map(|url| url.trim_end_matches('/').to_owned())
}

/// The places of an environment, at least one; nothing if one of them has no target.
pub(super) fn places(
    at: &[&str; 2],
    environment: &raw::Environment,
    written: &raw::Deploy,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<Vec<Place>> {
    if environment.parts.is_empty() {
        let target = target(at, at[1], written, raw, check);
        database::check(at, written, raw, check);
        maintenance(at, written, environment.url.is_some(), check);
        return Some(vec![Place {
            part: None,
            environment: at[1].to_owned(),
            url: address(environment.url.as_ref()),
            target: target?,
            keys: written.clone(),
            verify: environment.verify.clone(),
        }]);
    }
    let of_a_part = [
        ("target", written.target.is_some()),
        ("strategy", written.strategy != Strategy::Direct),
        ("migrate", written.migrate.is_some()),
        ("backup", written.backup.is_some()),
        ("terraform", written.terraform.is_some()),
        ("purge", written.purge.is_some()),
        ("maintenance", written.maintenance.is_some()),
    ];
    misplaced(&[at[0], at[1], "deploy"], &of_a_part, check, |key| {
        let help = format!("write it under `parts.NAME.deploy.{key}`");
        (format!("`{key}` belongs to a part of `{}`", at[1]), help)
    });
    let places: Vec<_> = environment
        .parts
        .iter()
        .map(|(name, part)| place(at, name, part, written, raw, check))
        .collect();
    places.into_iter().collect()
}

fn place(
    at: &[&str; 2],
    name: &str,
    part: &raw::Part,
    of_environment: &raw::Deploy,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<Place> {
    let path = [at[0], at[1], "parts", name];
    let mut keys = part.deploy.clone();
    let of_the_whole = [
        ("on", !keys.on.is_empty()),
        ("requires", !keys.requires.is_empty()),
        ("version", keys.version != raw::Naming::Sha),
        ("reason", keys.reason),
        ("window", keys.window.is_some()),
        ("after", keys.after.is_some()),
        ("tests", keys.tests != raw::DeployTests::None),
        ("scan", keys.scan.is_some()),
    ];
    let deploy = [path[0], path[1], path[2], path[3], "deploy"];
    misplaced(&deploy, &of_the_whole, check, |key| {
        let help = format!("write it under `environments.{}.deploy.{key}`", at[1]);
        (format!("`{key}` is not said of a part"), help)
    });
    let of_the_whole = [
        ("monitor", part.verify.monitor.is_some()),
        ("smoke-job", part.verify.smoke_job.is_some()),
        ("skip-smoke", part.verify.skip_smoke.is_some()),
    ];
    let verify = [path[0], path[1], path[2], path[3], "verify"];
    misplaced(&verify, &of_the_whole, check, |key| {
        let help = format!("write it under `environments.{}.verify.{key}`", at[1]);
        (format!("`{key}` is not said of a part"), help)
    });
    asked(&path, &part.verify, part.url.is_some(), check);
    if keys.aws.is_none() {
        keys.aws = of_environment.aws.clone();
    }
    let keys = &keys;
    let target = target(&path, name, keys, raw, check);
    database::check(&path, keys, raw, check);
    maintenance(&path, keys, part.url.is_some(), check);
    Some(Place {
        part: Some(name.to_owned()),
        environment: match &part.environment {
            Some(own) => own.as_str().to_owned(),
            None => format!("{}-{name}", at[1]),
        },
        url: address(part.url.as_ref()),
        target: target?,
        keys: keys.clone(),
        verify: part.verify.clone(),
    })
}

/// Refuses keys that mean nothing where they are written.
fn misplaced(
    at: &[&str],
    keys: &[(&str, bool)],
    check: &mut Check<'_>,
    words: impl Fn(&str) -> (String, String),
) {
    for (key, _) in keys.iter().filter(|(_, written)| *written) {
        let (message, help) = words(key);
        let path: Vec<_> = at.iter().copied().chain([*key]).collect();
        check.error(&path, "misplaced-key", message, help);
    }
}

/// Checks that what an environment verifies can be asked for.
pub(super) fn verify(at: &[&str; 2], written: &raw::Environment, check: &mut Check<'_>) {
    let verify = &written.verify;
    let mut parts = written.parts.values();
    if !written.parts.is_empty() && written.deploy.is_none() {
        let message = format!("nothing says what starts a deployment to `{}`", at[1]);
        let help = "write `deploy: {on: dispatch}` beside `parts`";
        check.error(&[at[0], at[1], "parts"], "nothing-to-deploy", message, help);
    }
    if written.parts.is_empty() {
        asked(at, verify, written.url.is_some(), check);
    } else {
        let of_a_part = [
            ("health", !verify.health.is_empty()),
            ("version", verify.version.is_some()),
            ("metrics", verify.metrics.is_some()),
            ("zap", verify.zap.is_some()),
        ];
        misplaced(&[at[0], at[1], "verify"], &of_a_part, check, |key| {
            let help = format!("write it under `parts.NAME.verify.{key}`");
            (format!("`{key}` belongs to a part of `{}`", at[1]), help)
        });
        let has_url = written.url.is_some() || parts.any(|part| part.url.is_some());
        asked(at, verify, has_url, check);
    }
    let mut parts = written.parts.values();
    let has_health = !verify.health.is_empty() || parts.any(|part| !part.verify.health.is_empty());
    if verify.monitor.is_some() && !has_health {
        check.error(
            &[at[0], at[1], "verify", "monitor"],
            "health-missing",
            "there is nothing to watch",
            "write `health: /health` beside `monitor`",
        );
    }
}

/// Checks that the maintenance mode can be switched, and looked at.
fn maintenance(at: &[&str], written: &raw::Deploy, has_url: bool, check: &mut Check<'_>) {
    let Some(maintenance) = &written.maintenance else {
        return;
    };
    let path: Vec<_> = at
        .iter()
        .copied()
        .chain(["deploy", "maintenance"])
        .collect();
    if maintenance.ways() != 1 {
        let message = match maintenance.ways() {
            0 => "nothing says how the maintenance mode is switched",
            _ => "the maintenance mode is switched in several ways",
        };
        let help = "write one of `command`, `request` and `kv`";
        check.error(&path, "maintenance-way", message, help);
    }
    if !has_url && (maintenance.request.is_some() || maintenance.shows.is_some()) {
        let message = format!("`{}` has no address to ask", at[at.len() - 1]);
        let help = "write `url: https://…` beside `deploy`";
        check.error(&path, "url-missing", message, help);
    }
}

/// Refuses questions without an address to ask.
fn asked(at: &[&str], verify: &raw::Verify, has_url: bool, check: &mut Check<'_>) {
    let asks = !verify.health.is_empty()
        || !verify.smoke.is_empty()
        || verify.metrics.is_some()
        || verify.zap.is_some()
        || verify.monitor.is_some();
    if asks && !has_url {
        let path: Vec<_> = at.iter().copied().chain(["verify"]).collect();
        check.error(
            &path,
            "url-missing",
            format!("`{}` has no address to ask", at[at.len() - 1]),
            "write `url: https://…` beside `verify`",
        );
    }
}

fn target(
    at: &[&str],
    place: &str,
    written: &raw::Deploy,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<TargetKeys> {
    let path = |keys: &[&'static str]| -> Vec<&str> {
        at.iter().chain(&["deploy"]).chain(keys).copied().collect()
    };
    let Some(target) = &written.target else {
        let message = format!("nothing says where `{place}` is deployed to");
        let names: Vec<_> = TargetKeys::names().collect();
        let help = format!("write `target:` with one of {}", names.join(", "));
        check.error(&path(&[]), "target-missing", message, help);
        return None;
    };
    let name = target.name();
    for problem in target.problems() {
        let place = path(&["target", name]);
        check.error(&place, problem.code, problem.message, problem.help);
    }
    if let Some(component) = target.component()
        && !raw.stack.contains_key(component)
    {
        let known = raw.stack.keys().map(|name| name.as_str());
        let place = path(&["target", name, "component"]);
        check.unknown(&place, "component", component, known);
    }
    if let Err(help) = target.knows(written.strategy) {
        let message = format!("`{name}` cannot do `{}` as it is", written.strategy.name());
        check.error(&path(&["strategy"]), "strategy", message, help);
    }
    Some(target.clone())
}
