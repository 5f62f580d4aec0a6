//! Where the repository is deployed and published to, and with what certainty.

use super::model::{DeployTarget, Evidence, Found, Strength};
use super::read::{text_at, toml};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{file_name, folder_of};

/// A file whose name is proof of a target.
const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", "helm"),
    ("kustomization.yaml", "kustomize"),
    ("kustomization.yml", "kustomize"),
    ("fly.toml", "fly"),
    ("vercel.json", "vercel"),
    ("netlify.toml", "netlify"),
    ("render.yaml", "render"),
    ("railway.json", "railway"),
    ("railway.toml", "railway"),
    ("Procfile", "heroku"),
    ("heroku.yml", "heroku"),
    ("serverless.yml", "serverless"),
    ("serverless.yaml", "serverless"),
    ("samconfig.toml", "aws-sam"),
    ("cdk.json", "aws-cdk"),
    ("app.yaml", "app-engine"),
    ("apphosting.yaml", "firebase-app-hosting"),
    ("azure.yaml", "azure-developer-cli"),
    ("Pulumi.yaml", "pulumi"),
    ("skaffold.yaml", "skaffold"),
    ("nomad.hcl", "nomad"),
    ("deploy.yml", "kamal"),
    (".goreleaser.yml", "github-release"),
    (".goreleaser.yaml", "github-release"),
    ("dist-workspace.toml", "github-release"),
    ("captain-definition", "caprover"),
];

/// Actions that deploy or publish: the start of their names, and the target.
const ACTIONS: &[(&str, &str)] = &[
    ("amondnet/vercel-action", "vercel"),
    ("aws-actions/amazon-ecs-deploy-task-definition", "ecs"),
    ("aws-actions/amazon-ecr-login", "ecr"),
    ("azure/webapps-deploy", "azure-app-service"),
    ("azure/container-apps-deploy-action", "azure-container-apps"),
    ("azure/k8s-deploy", "kubernetes"),
    ("cloudflare/pages-action", "cloudflare-pages"),
    ("cloudflare/wrangler-action", "cloudflare-workers"),
    ("firebaseextended/action-hosting-deploy", "firebase"),
    ("google-github-actions/deploy-cloudrun", "cloud-run"),
    ("superfly/flyctl-actions", "fly"),
    ("appleboy/ssh-action", "ssh"),
    ("actions/deploy-pages", "github-pages"),
    ("peaceiris/actions-gh-pages", "github-pages"),
    ("jamesives/github-pages-deploy-action", "github-pages"),
    ("docker/build-push-action", "container-registry"),
    ("docker/bake-action", "container-registry"),
    ("depot/build-push-action", "container-registry"),
    ("pypa/gh-action-pypi-publish", "pypi"),
    ("softprops/action-gh-release", "github-release"),
    ("goreleaser/goreleaser-action", "github-release"),
    ("ncipollo/release-action", "github-release"),
    ("akhileshns/heroku-deploy", "heroku"),
    ("actions/create-release", "github-release"),
    ("actions/upload-release-asset", "github-release"),
    ("googleapis/release-please-action", "github-release"),
    ("svenstaro/upload-release-action", "github-release"),
    ("changesets/action", "npm"),
    ("js-devtools/npm-publish", "npm"),
    ("nuget/login", "nuget"),
    ("vedantmgoyal9/winget-releaser", "winget"),
    ("vedantmgoyal2009/winget-releaser", "winget"),
    ("elgohr/publish-docker-github-action", "container-registry"),
];

/// Commands that deploy or publish: words of a line, and the target.
const COMMANDS: &[(&str, &str)] = &[
    ("npm publish", "npm"),
    ("pnpm publish", "npm"),
    ("changeset publish", "npm"),
    ("yarn npm publish", "npm"),
    ("docker push", "container-registry"),
    ("docker buildx build --push", "container-registry"),
    ("mike deploy", "github-pages"),
    ("mkdocs gh-deploy", "github-pages"),
    ("nuget push", "nuget"),
    ("twine upload", "pypi"),
    ("uv publish", "pypi"),
    ("poetry publish", "pypi"),
    ("cargo publish", "crates registry"),
    ("gem push", "rubygems"),
    ("deno publish", "jsr"),
    ("jsr publish", "jsr"),
    ("mix hex.publish", "hex"),
    ("flyctl deploy", "fly"),
    ("fly deploy", "fly"),
    ("vercel deploy", "vercel"),
    ("wrangler deploy", "cloudflare-workers"),
    ("wrangler pages", "cloudflare-pages"),
    ("helm upgrade", "helm"),
    ("helm push", "helm"),
    ("kubectl set image", "kubernetes"),
    ("terraform apply", "terraform"),
    ("gcloud run deploy", "cloud-run"),
    ("aws ecs update-service", "ecs"),
    ("kamal deploy", "kamal"),
    ("firebase deploy", "firebase"),
    ("serverless deploy", "serverless"),
    ("gh release create", "github-release"),
    ("gh release upload", "github-release"),
    ("docker compose up", "docker-compose"),
    ("docker stack deploy", "docker-swarm"),
    ("fastapi deploy", "fastapi-cloud"),
];

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
        for path in repo.manifests(name) {
            let fits = match *name {
                "deploy.yml" => {
                    path == "config/deploy.yml"
                        && repo.tree.text(path).is_some_and(|text| {
                            text.contains("\nimage:") || text.starts_with("image:")
                        })
                }
                "app.yaml" => repo
                    .tree
                    .text(path)
                    .is_some_and(|text| text.contains("runtime:")),
                // A `Procfile` that starts a database is for one machine.
                "Procfile" => !repo
                    .tree
                    .text(path)
                    .is_some_and(|text| text.contains("redis-server")),
                _ => true,
            };
            if fits {
                targets.add(target, Strength::Configured, path, "file of that target");
            }
        }
    }
    for name in ["wrangler.toml", "wrangler.json", "wrangler.jsonc"] {
        for path in repo.manifests(name) {
            let text = repo.tree.text(path).unwrap_or_default();
            let value = toml(text).or_else(|| super::read::json(text));
            let has_main = value.is_some_and(|value| text_at(&value, &["main"]).is_some());
            let target = if has_main {
                "cloudflare-workers"
            } else {
                "cloudflare-pages"
            };
            targets.add(target, Strength::Configured, path, "file of that target");
        }
    }
    for path in repo.manifests("firebase.json") {
        let hosts = repo
            .tree
            .text(path)
            .is_some_and(|text| text.contains("\"hosting\"") || text.contains("\"functions\""));
        let strength = if hosts {
            Strength::Configured
        } else {
            Strength::Hint
        };
        targets.add("firebase", strength, path, "file of that target");
    }
    let is_root_module = |path: &&str| path.ends_with(".tf") && skip_reason(path).is_none();
    for path in repo.tree.paths().filter(is_root_module) {
        let has_provider = repo.tree.text(path).is_some_and(|text| {
            text.lines().any(|line| {
                line.starts_with("provider \"") || line.trim_start().starts_with("backend \"")
            })
        });
        if has_provider && !path.split('/').any(|part| part == "modules") {
            targets.add(
                "terraform",
                Strength::Configured,
                folder_of(path),
                "configuration with providers",
            );
        }
    }
    for path in repo
        .tree
        .paths()
        .filter(|path| super::wanted::may_be_manifest_of_kubernetes(path))
    {
        let Some(text) = repo.tree.text(path) else {
            continue;
        };
        let has = |kind: &str| text.lines().any(|line| line.trim_end() == kind);
        if has("kind: Application") && text.contains("argoproj.io") {
            targets.add("argocd", Strength::Configured, path, "Application");
        } else if [
            "kind: Deployment",
            "kind: StatefulSet",
            "kind: DaemonSet",
            "kind: CronJob",
        ]
        .iter()
        .any(|kind| has(kind))
            && !has_packaging(repo, path)
        {
            targets.add("kubernetes", Strength::Configured, path, "workload");
        }
    }
    for path in repo
        .tree
        .paths()
        .filter(|path| path.ends_with("task-definition.json") || path.ends_with("taskdef.json"))
    {
        targets.add("ecs", Strength::Configured, path, "task definition");
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
                targets.add(target, strength, &job.path, words);
            }
        }
    }
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
