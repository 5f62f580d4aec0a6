//! Where the repository is deployed and published to, and with what certainty.

mod known;

use super::ci::Job;
use super::model::{DeployTarget, Evidence, Found, Kind, Strength};
use super::read::{json, text_at, toml};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{file_name, folder_of, join};
use super::wanted::may_be_manifest_of_kubernetes;
use known::{ACTIONS, COMMANDS, FILES};

/// Finds targets in files and workflows, and the environments that workflows name.
pub(super) fn detect(repo: &Repo<'_>, found: &Findings) -> (Vec<DeployTarget>, Vec<Found>) {
    let mut targets = Targets::default();
    files(repo, &mut targets);
    workflows(repo, &mut targets);
    hints(repo, found, &mut targets);
    (targets.finish(), environments(repo))
}

#[derive(Default)]
struct Targets(Vec<DeployTarget>);

impl Targets {
    /// The number of places that are kept for one target.
    const PLACES: usize = 5;

    fn add(&mut self, target: &str, strength: Strength, path: &str, what: &str) {
        let evidence = Evidence::new(path, what);
        match self.0.iter_mut().find(|known| known.target == target) {
            Some(known) => {
                known.strength = known.strength.max(strength);
                if known.from.len() < Self::PLACES
                    && !known.from.iter().any(|from| from.path == path)
                {
                    known.from.push(evidence);
                }
            }
            None => self.0.push(DeployTarget {
                target: target.to_owned(),
                strength,
                from: vec![evidence],
            }),
        }
    }

    fn finish(mut self) -> Vec<DeployTarget> {
        self.0
            .sort_by(|a, b| b.strength.cmp(&a.strength).then(a.target.cmp(&b.target)));
        self.0
    }
}

fn files(repo: &Repo<'_>, targets: &mut Targets) {
    for (name, target) in FILES {
        for path in repo.manifests(name).filter(|path| is_proof(repo, path)) {
            targets.add(target, Strength::Configured, path, "file of that target");
        }
    }
    let is_task =
        |path: &&str| path.ends_with("task-definition.json") || path.ends_with("taskdef.json");
    for path in repo.tree.paths().filter(is_task) {
        targets.add("ecs", Strength::Configured, path, "task definition");
    }
    cloudflare(repo, targets);
    firebase(repo, targets);
    terraform(repo, targets);
    kubernetes(repo, targets);
}

/// Some names are used for other things as well.
fn is_proof(repo: &Repo<'_>, path: &str) -> bool {
    let says = |words: &str| {
        repo.tree
            .text(path)
            .is_some_and(|text| text.contains(words))
    };
    match file_name(path) {
        "deploy.yml" => path == "config/deploy.yml" && says("image:"),
        "app.yaml" => says("runtime:"),
        // A `Procfile` that starts a database is for one machine.
        "Procfile" => !says("redis-server"),
        _ => true,
    }
}

/// A wrangler file without `main` is that of a page project.
fn cloudflare(repo: &Repo<'_>, targets: &mut Targets) {
    for name in ["wrangler.toml", "wrangler.json", "wrangler.jsonc"] {
        for path in repo.manifests(name) {
            let text = repo.tree.text(path).unwrap_or_default();
            let value = toml(text).or_else(|| json(text));
            let has_main = value.is_some_and(|value| text_at(&value, &["main"]).is_some());
            let target = if has_main {
                "cloudflare-workers"
            } else {
                "cloudflare-pages"
            };
            targets.add(target, Strength::Configured, path, "file of that target");
        }
    }
}

/// Rules of a database alone deploy nothing.
fn firebase(repo: &Repo<'_>, targets: &mut Targets) {
    for path in repo.manifests("firebase.json") {
        let text = repo.tree.text(path).unwrap_or_default();
        let hosts = text.contains("\"hosting\"") || text.contains("\"functions\"");
        let strength = if hosts {
            Strength::Configured
        } else {
            Strength::Hint
        };
        targets.add("firebase", strength, path, "file of that target");
    }
}

/// Configurations with a provider or a backend can be applied; modules cannot.
fn terraform(repo: &Repo<'_>, targets: &mut Targets) {
    let is_configuration = |path: &&str| {
        path.ends_with(".tf")
            && skip_reason(path).is_none()
            && !path.split('/').any(|part| part == "modules")
    };
    let applies =
        |line: &str| line.starts_with("provider \"") || line.trim_start().starts_with("backend \"");
    for path in repo.tree.paths().filter(is_configuration) {
        if repo
            .tree
            .text(path)
            .is_some_and(|text| text.lines().any(applies))
        {
            let what = "configuration with providers";
            targets.add("terraform", Strength::Configured, folder_of(path), what);
        }
    }
}

fn kubernetes(repo: &Repo<'_>, targets: &mut Targets) {
    const WORKLOADS: &[&str] = &[
        "kind: Deployment",
        "kind: StatefulSet",
        "kind: DaemonSet",
        "kind: CronJob",
    ];
    for path in repo
        .tree
        .paths()
        .filter(|path| may_be_manifest_of_kubernetes(path))
    {
        let Some(text) = repo.tree.text(path) else {
            continue;
        };
        let has = |kind: &str| text.lines().any(|line| line.trim_end() == kind);
        if has("kind: Application") && text.contains("argoproj.io") {
            targets.add("argocd", Strength::Configured, path, "Application");
        } else if WORKLOADS.iter().any(|kind| has(kind)) && !has_packaging(repo, path) {
            targets.add("kubernetes", Strength::Configured, path, "workload");
        }
    }
}

/// Whether Helm or Kustomize brings what lies in the same part of the repository.
fn has_packaging(repo: &Repo<'_>, path: &str) -> bool {
    let top = path.split('/').next().unwrap_or(path);
    ["Chart.yaml", "kustomization.yaml", "kustomization.yml"]
        .iter()
        .any(|name| {
            repo.tree
                .named(name)
                .any(|other| super::tree::is_within(other, top))
        })
}

fn workflows(repo: &Repo<'_>, targets: &mut Targets) {
    for job in &repo.jobs {
        for (action, with) in &job.uses {
            let lower = action.to_ascii_lowercase();
            let Some((name, target)) = ACTIONS.iter().find(|(name, _)| lower.starts_with(name))
            else {
                continue;
            };
            // Building an image is no publication of it.
            let pushes = with
                .get("push")
                .is_none_or(|push| push != &serde_json::Value::Bool(false))
                && (with.get("push").is_some() || with.get("outputs").is_some());
            if *target == "container-registry" && !pushes && *name == "docker/build-push-action" {
                continue;
            }
            let target = exact(target, job, with);
            targets.add(target, Strength::Configured, &job.path, name);
        }
        for line in job
            .commands
            .iter()
            .filter(|line| !line.starts_with('#') && !line.starts_with("echo"))
        {
            // A dry run publishes nothing.
            if line.contains("--dry-run") {
                continue;
            }
            if let Some((words, target)) = COMMANDS.iter().find(|(words, _)| line.contains(words)) {
                let is_weak = matches!(*target, "docker-compose");
                let strength = if is_weak {
                    Strength::Hint
                } else {
                    Strength::Configured
                };
                let target = exact(target, job, &serde_json::Value::Null);
                targets.add(target, strength, &job.path, words);
            }
        }
    }
}

/// The registry by its name, where the job says which one it is.
fn exact(target: &'static str, job: &Job, with: &serde_json::Value) -> &'static str {
    match target {
        "ecr" if text_at(with, &["registry-type"]).as_deref() == Some("public") => "ecr-public",
        "container-registry" if logs_in_to_docker_hub(job) => "docker-hub",
        target => target,
    }
}

/// Whether a job logs in, and nowhere but where Docker does if it is told no registry.
fn logs_in_to_docker_hub(job: &Job) -> bool {
    let logins = job
        .uses
        .iter()
        .filter(|(action, _)| action == "docker/login-action")
        .map(|(_, with)| text_at(with, &["registry"]).unwrap_or_default());
    let commands = job.commands.iter().filter_map(|line| {
        let (_, rest) = line.split_once("docker login")?;
        let rest = rest.split(['|', '&', ';']).next().unwrap_or_default();
        let registry = rest.split_whitespace().find(|word| word.contains('.'));
        Some(registry.unwrap_or_default().to_owned())
    });
    let mut registries = logins.chain(commands).peekable();
    registries.peek().is_some()
        && registries.all(|name| matches!(name.as_str(), "" | "docker.io" | "index.docker.io"))
}

fn hints(repo: &Repo<'_>, found: &Findings, targets: &mut Targets) {
    for compose in &repo.composes {
        if skip_reason(&compose.path).is_some() {
            continue;
        }
        let name = file_name(&compose.path).to_ascii_lowercase();
        let is_for_production = ["prod", "deploy", "release"]
            .iter()
            .any(|word| name.contains(word));
        let runs_component = compose.services.iter().any(|service| {
            service.build.as_ref().is_some_and(|(_, file)| {
                found.components.iter().any(|component| {
                    component
                        .dockerfile
                        .as_ref()
                        .is_some_and(|found| found.value == *file)
                })
            })
        });
        if is_for_production {
            targets.add(
                "docker-compose",
                Strength::Configured,
                &compose.path,
                "Compose file for production",
            );
        } else if runs_component {
            targets.add(
                "docker-compose",
                Strength::Hint,
                &compose.path,
                "Compose file that builds a component",
            );
        }
    }
    for path in repo
        .tree
        .named("_redirects")
        .filter(|path| skip_reason(path).is_none())
    {
        targets.add("netlify", Strength::Hint, path, "redirects");
    }
    for name in [".readthedocs.yaml", ".readthedocs.yml"] {
        if repo.tree.has(name) {
            targets.add("read-the-docs", Strength::Hint, name, "file of that target");
        }
    }
    let is_unit = |path: &&str| path.ends_with(".service") && folder_of(path).ends_with("systemd");
    for path in repo.tree.paths().filter(is_unit) {
        targets.add("systemd", Strength::Hint, path, "unit of a service");
    }
    registries(repo, targets);
    npm(repo, found, targets);
}

/// Packages for others that say all that npm asks for. What is never published, such as a
/// service, has a version all the same.
fn npm(repo: &Repo<'_>, found: &Findings, targets: &mut Targets) {
    let is_for_others = |kind: Kind| matches!(kind, Kind::Library | Kind::Cli);
    let components = found.components.iter();
    for component in components.filter(|component| is_for_others(component.kind)) {
        let path = join(&component.path, "package.json");
        let Some(package) = repo.tree.text(&path).and_then(json) else {
            continue;
        };
        let says = |key: &str| package.get(key).is_some();
        let private = package.get("private").and_then(|value| value.as_bool()) == Some(true);
        let has_content = ["bin", "exports", "files", "main"].into_iter().any(says);
        if says("version") && says("license") && has_content && !private {
            let what = "package with version and licence";
            targets.add("npm", Strength::Hint, &path, what);
        }
    }
}

/// Packages at the root that say all that their registry asks for.
fn registries(repo: &Repo<'_>, targets: &mut Targets) {
    let crate_ = repo.tree.text("Cargo.toml").and_then(toml);
    if let Some(package) = crate_.as_ref().and_then(|manifest| manifest.get("package")) {
        let says = |key: &str| package.get(key).is_some();
        let private = package.get("publish").and_then(|value| value.as_bool()) == Some(false);
        if says("license") && says("description") && !private {
            let what = "package with licence and description";
            targets.add("crates registry", Strength::Hint, "Cargo.toml", what);
        }
    }
    let mix = repo.tree.text("mix.exs").unwrap_or_default();
    if mix.contains("package: ") && mix.contains("licenses:") {
        targets.add("hex", Strength::Hint, "mix.exs", "package with licences");
    }
    let module = ["main.tf", "variables.tf", "outputs.tf", "versions.tf"];
    if module.iter().all(|name| repo.tree.has(name)) {
        let what = "module at the root";
        targets.add("terraform-registry", Strength::Hint, "main.tf", what);
    }
}

/// Environments that jobs name, and overlays of Kustomize.
fn environments(repo: &Repo<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut add = |name: &str, path: &str, what: &str| {
        if !found.iter().any(|known| known.value == name) {
            found.push(Found::new(name, path, what));
        }
    };
    for job in &repo.jobs {
        if let Some(name) = &job.environment {
            add(name, &job.path, "environment of a job");
        }
    }
    for path in repo
        .manifests("kustomization.yaml")
        .chain(repo.manifests("kustomization.yml"))
    {
        let folder = folder_of(path);
        if file_name(folder_of(folder)) == "overlays" {
            add(file_name(folder), path, "overlay");
        }
    }
    found
}
