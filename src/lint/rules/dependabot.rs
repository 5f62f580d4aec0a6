//! `dependabot-config`, `dependabot-cooldown`, `dependabot-execution`: what a
//! `dependabot.yml` says beyond its grammar.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::{Cx, FileKind};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "dependabot-config",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an entry of a `dependabot.yml` that says not, or twice, where and when to look",
        why: "Dependabot refuses the file. An entry needs a `directory` or `directories`, and a `schedule` of its own or that of a group.",
        bad: &[HEAD, "    directory: /\n    directories: [/app]\n", REST],
        good: &[HEAD, "    directories: [/, /app]\n", REST],
    },
    Rule {
        id: "dependabot-cooldown",
        group: Group::Security,
        severity: Severity::Note,
        fixes: Fixes::Never,
        finds: "updates that are proposed on the day of their release",
        why: "Most bad releases are found out within days. Security updates do not wait for `cooldown`.",
        bad: &[HEAD, "    directory: /\n    schedule: {interval: weekly}\n"],
        good: &[HEAD, "    directory: /\n", REST],
    },
    Rule {
        id: "dependabot-execution",
        group: Group::Security,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "updates that may run the code of packages",
        why: "A package that is new could read what Dependabot can read, such as keys of private registries.",
        bad: &[
            HEAD,
            "    directory: /\n    insecure-external-code-execution: allow\n",
            REST,
        ],
        good: &[HEAD, "    directory: /\n", REST],
    },
];

const HEAD: &str = "\
# file: .github/dependabot.yml
version: 2
updates:
  - package-ecosystem: npm
";

const REST: &str = "    schedule: {interval: weekly}\n    cooldown: {default-days: 7}\n";

/// What Dependabot updates, as of 2026-11-21; from its options reference.
const ECOSYSTEMS: [&str; 33] = [
    "bazel",
    "bun",
    "bundler",
    "cargo",
    "composer",
    "conda",
    "deno",
    "devcontainers",
    "docker",
    "docker-compose",
    "dotnet-sdk",
    "elm",
    "github-actions",
    "gitsubmodule",
    "gomod",
    "gradle",
    "helm",
    "julia",
    "maven",
    "mix",
    "nix",
    "npm",
    "nuget",
    "opentofu",
    "pip",
    "pre-commit",
    "pub",
    "rust-toolchain",
    "sbt",
    "swift",
    "terraform",
    "uv",
    "vcpkg",
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    if cx.file.kind != FileKind::Dependabot {
        return;
    }
    let updates = cx.root.get("updates").into_iter().flat_map(Node::items);
    for update in updates {
        found.extend(ecosystem(update));
        found.extend(place(update));
        found.extend(moment(update));
        found.extend(execution(update));
        found.extend(cooldown(update));
    }
}

fn ecosystem(update: Node<'_>) -> Option<Diagnostic> {
    let node = update.get("package-ecosystem")?;
    let name = node.as_str().filter(|name| !name.is_empty())?;
    if ECOSYSTEMS.contains(&name) {
        return None;
    }
    let message = format!("Dependabot knows no `{name}`");
    Some(match guess(name, ECOSYSTEMS) {
        Some(near) => Diagnostic::error("dependabot-config", message)
            .at(node.location())
            .write(near, node.rewritten(near.name)),
        None => Diagnostic::warning("dependabot-config", message)
            .at(node.location())
            .note("it may be newer than what is known here"),
    })
}

fn place(update: Node<'_>) -> Option<Diagnostic> {
    let entry = |key: &str| update.entry(key);
    match (entry("directory"), entry("directories")) {
        (Some(one), Some(other)) => Some(
            Diagnostic::error(
                "dependabot-config",
                "there are `directory` and `directories`",
            )
            .at(other.key.location())
            .label(one.key.location(), "the other one")
            .help("keep one of them"),
        ),
        (None, None) => Some(missing(update, "directory", "where the packages are")),
        _ => None,
    }
}

fn moment(update: Node<'_>) -> Option<Diagnostic> {
    let is_grouped = update.get("multi-ecosystem-group").is_some();
    let Some(schedule) = update.get("schedule") else {
        return (!is_grouped).then(|| missing(update, "schedule", "when to look for updates"));
    };
    let by_cron = schedule.get("interval").and_then(Node::as_str) == Some("cron");
    (by_cron && schedule.get("cronjob").is_none()).then(|| {
        Diagnostic::error("dependabot-config", "the interval `cron` has no `cronjob`")
            .at(schedule.location())
            .help("add `cronjob: \"0 5 * * 1\"` or the like")
    })
}

fn missing(update: Node<'_>, key: &str, what: &str) -> Diagnostic {
    let place = update.key_of("package-ecosystem").unwrap_or(update);
    Diagnostic::error("dependabot-config", format!("nothing says {what}"))
        .at(place.location())
        .help(format!("add `{key}`"))
}

fn execution(update: Node<'_>) -> Option<Diagnostic> {
    let node = update.get("insecure-external-code-execution")?;
    (node.as_str() == Some("allow")).then(|| {
        Diagnostic::error(
            "dependabot-execution",
            "code of packages may run in updates",
        )
        .at(node.location())
        .help("take it away; what needs it can be updated by hand")
    })
}

fn cooldown(update: Node<'_>) -> Option<Diagnostic> {
    // Without pull requests for versions there is nothing to wait with.
    let limit = update
        .get("open-pull-requests-limit")
        .and_then(Node::as_str);
    let key = update.key_of("package-ecosystem")?;
    let waits = update.get("cooldown").is_some() || limit == Some("0");
    (!waits).then(|| {
        let message = "updates are proposed on the day of their release";
        Diagnostic::new(Severity::Note, "dependabot-cooldown", message)
            .at(key.location())
            .help("add `cooldown: {default-days: 7}`")
    })
}
