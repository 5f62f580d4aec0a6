//! Which files' texts the detection looks at.

use super::ci::is_yaml;
use super::compose::is_compose;
use super::repo::{is_dockerfile, skip_reason};
use super::skip;
use super::tree::{extension, file_name, folder_of, folders};

const NAMES: &[&str] = &[
    ".fvmrc",
    ".go-version",
    ".golangci.yaml",
    ".golangci.yml",
    ".java-version",
    ".mise.toml",
    ".node-version",
    ".nvmrc",
    ".php-version",
    ".pre-commit-config.yaml",
    ".python-version",
    ".ruby-version",
    ".sdkmanrc",
    ".terraform-version",
    ".tool-versions",
    "CMakeLists.txt",
    "Cargo.toml",
    "Directory.Build.props",
    "GNUmakefile",
    "Gemfile",
    "Makefile",
    "Pipfile",
    "Procfile",
    "app.yaml",
    "application.rb",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "deno.json",
    "deno.jsonc",
    "firebase.json",
    "fly.toml",
    "global.json",
    "go.mod",
    "golangci.yml",
    "justfile",
    "lerna.json",
    "mise.toml",
    "mix.exs",
    "noxfile.py",
    "nx.json",
    "package.json",
    "pnpm-workspace.yaml",
    "pom.xml",
    "project.json",
    "pubspec.yaml",
    "pyproject.toml",
    "runtime.txt",
    "rust-toolchain",
    "rust-toolchain.toml",
    "schema.prisma",
    "settings.gradle",
    "settings.gradle.kts",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "wrangler.json",
    "wrangler.jsonc",
    "wrangler.toml",
    ".bun-version",
    ".deno-version",
    ".dvmrc",
    ".flutter-version",
    "drizzle.config.ts",
    "drizzle.config.js",
];

/// Whether the detection looks at the text of the file at `path`.
///
/// The caller reads these and no others.
pub fn is_wanted(path: &str) -> bool {
    if folders(path).any(|folder| skip::is_pruned(file_name(folder))) {
        return false;
    }
    if path.starts_with(".github/workflows/") || path.starts_with(".github/actions/") {
        return is_yaml(path);
    }
    if is_dockerfile(path)
        || is_compose(path)
        || matches!(extension(path), "csproj" | "fsproj" | "tf")
    {
        return true;
    }
    if matches!(
        path,
        ".config/mise.toml" | ".mise/config.toml" | "config/deploy.yml" | "config/database.yml"
    ) {
        return true;
    }
    if skip_reason(path).is_some() {
        return false;
    }
    let name = file_name(path);
    let is_list = name.ends_with(".txt")
        && (name.contains("requirements") || file_name(folder_of(path)) == "requirements");
    let is_root_yaml = folder_of(path) == "." && is_yaml(name);
    NAMES.contains(&name) || is_list || is_root_yaml || may_be_manifest_of_kubernetes(path)
}

/// Whether a file may describe workloads of Kubernetes, by its folder.
pub(super) fn may_be_manifest_of_kubernetes(path: &str) -> bool {
    is_yaml(path)
        && !path.starts_with('.')
        && !is_compose(path)
        && path.matches('/').count() < 8
        && folders(path).any(|folder| {
            let name = file_name(folder).to_ascii_lowercase();
            matches!(
                name.as_str(),
                "k8s"
                    | "kubernetes"
                    | "kube"
                    | "manifests"
                    | "deploy"
                    | "deployment"
                    | "deployments"
                    | "argocd"
                    | "argo"
                    | "gitops"
                    | "infra"
                    | "infrastructure"
                    | "apps"
                    | "clusters"
            )
        })
}
