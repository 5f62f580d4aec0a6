//! JavaScript and TypeScript with Node.js, Bun or Cloudflare's runtime.
//!
//! In: every `package.json` that may make a component, and the workspaces
//! around them. A workspace root is a component only if it is an app itself;
//! members that neither run nor test nor publish anything are left out.

mod checks;
mod framework;
mod package;
mod role;
mod scripts;
mod tools;
mod workspace;

use super::model::{Check, Component, Evidence, Found, Kind, Language, Runtime};
use super::read::{first_number, text_at};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{extension, file_name, folder_of, is_within, join, upwards};
use super::versions::plain_version;
use package::Package;
use role::Role;
use workspace::Root;

/// Finds the components of JavaScript and TypeScript.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let packages = package::all(repo);
    let roots = workspace::roots(repo, &packages);
    for root in &roots {
        found
            .workspaces
            .push(workspace::describe(repo, root, &packages));
    }
    for package in &packages {
        let root = roots.iter().find(|root| root.has_member(&package.folder));
        let is_root = roots.iter().any(|root| root.folder == package.folder);
        let in_member = root.is_none()
            && packages.iter().any(|other| {
                other.folder != package.folder
                    && is_within(&package.folder, &other.folder)
                    && roots.iter().any(|root| root.has_member(&other.folder))
            });
        if in_member && repo.tree.file_in(&package.folder, "Dockerfile").is_none() {
            found.note(&package.path, "inside a member of a workspace");
            continue;
        }
        match role::of(repo, package, root, is_root, &packages) {
            Role::Component(kind) => {
                let workspace = root.and_then(|root| {
                    let mut all = found.workspaces.iter();
                    all.find(|workspace| workspace.path == root.folder)
                });
                let of_root = workspace.map_or(&[][..], |workspace| &workspace.checks);
                let component = component(repo, package, root, of_root, kind);
                found.components.push(component);
            }
            Role::None(reason) => found.note(&package.path, reason),
        }
    }
}

fn component(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
    of_root: &[Check],
    kind: Kind,
) -> Component {
    let evidence = Evidence::new(&package.path, "package");
    let language = language(repo, package, root);
    let mut component = Component::new(&package.folder, language, kind, evidence);
    component.name = package.text(&["name"]);
    component.workspace = root.map(|root| root.folder.clone());
    let mut manager = package::manager(repo, package, root);
    component.lockfile = manager.lockfile;
    component.runtime = Some(if framework::is_cloudflare_worker(repo, package) {
        Runtime::Workers
    } else if manager.name.value == "bun" {
        Runtime::Bun
    } else {
        Runtime::Node
    });
    component.framework = framework::of(repo, package, root, kind);
    let project = scripts::Project {
        repo,
        package,
        root,
        manager: &manager.name.value,
    };
    if kind != Kind::E2e {
        component.test_command = scripts::test(&project);
    }
    component.e2e_command = scripts::e2e(&project);
    component.build_command = scripts::build(&project);
    tools::fill(repo, package, root, &mut component);
    checks::fill(&project, of_root, &mut component);
    if manager.name.value == "yarn" && package::is_classic_yarn(repo, &package.folder) {
        manager.name.value.push_str("@1");
    }
    component.package_manager = Some(manager.name);
    pins(package, root, &mut component);
    component
}

/// The version in the manifest: `volta`, or `engines` if it names one release line.
fn pins(package: &Package, root: Option<&Root>, component: &mut Component) {
    let engine = if component.runtime == Some(Runtime::Bun) {
        "bun"
    } else {
        "node"
    };
    let manifests = [
        Some((&package.path, &package.value)),
        root.and_then(|root| Some((&root.path, root.value.as_ref()?))),
    ];
    for (path, value) in manifests.into_iter().flatten() {
        let at = |keys: &[&str]| text_at(value, keys);
        if let Some(version) = at(&["volta", engine]).as_deref().and_then(plain_version) {
            component.version = Some(Found::new(version, path, "volta"));
            return;
        }
        let Some(range) = at(&["engines", engine]) else {
            continue;
        };
        let exact = plain_version(&range);
        if exact.is_none() {
            component.version_range = Some(Found::new(range.clone(), path, "engines"));
        }
        if let Some(version) = exact.or_else(|| one_major(&range)) {
            component.version = Some(Found::new(version, path, "engines"));
        }
        return;
    }
}

/// The major version of a range that allows no other: `^22.18.0`, `~20.11`, `>=20 <21`.
fn one_major(range: &str) -> Option<String> {
    let range = range.trim();
    let major = |text: &str| {
        let text = text.trim_start_matches(['v', ' ']);
        first_number(text).map(str::to_owned)
    };
    if range.contains("||") {
        return None;
    }
    if let Some(rest) = range.strip_prefix(['^', '~']) {
        return major(rest);
    }
    let (low, high) = range.strip_prefix(">=")?.split_once('<')?;
    let low: u32 = major(low)?.parse().ok()?;
    let exclusive: u32 = major(high.trim_start_matches('='))?.parse().ok()?;
    (low.checked_add(1) == Some(exclusive) && !high.starts_with('=')).then(|| low.to_string())
}

/// TypeScript if its sources are; configuration files count only where it is declared.
fn language(repo: &Repo<'_>, package: &Package, root: Option<&Root>) -> Language {
    let (mut typed, mut plain, mut declared) = (0_usize, 0_usize, false);
    for path in repo.tree.below(&package.folder) {
        let name = file_name(path);
        let is_test = || {
            path.split('/')
                .any(|part| matches!(part, "test" | "tests" | "__tests__"))
        };
        if skip_reason(path).is_some() && !is_test() {
            continue;
        }
        let is_source =
            !name.contains(".config.") && !name.starts_with('.') && !name.ends_with(".d.ts");
        match extension(name) {
            "ts" | "tsx" | "mts" | "cts" if is_source => typed += 1,
            "js" | "jsx" | "mjs" | "cjs" if is_source => plain += 1,
            "ts" | "tsx" | "mts" | "cts" => declared = true,
            _ => {}
        }
    }
    let has_config = repo
        .tree
        .file_in(&package.folder, "tsconfig.json")
        .is_some();
    let configured =
        has_config || package.has("typescript") || root.is_some_and(|root| root.has("typescript"));
    let mostly = typed > plain || configured && typed > 0 && typed * 3 >= plain;
    let nothing_else = has_config && typed == 0 && (declared || plain == 0);
    if mostly || nothing_else {
        Language::TypeScript
    } else {
        Language::JavaScript
    }
}

/// The first file of these names from the package's folder up to the workspace root.
fn config_file(
    repo: &Repo<'_>,
    package: &Package,
    root: Option<&Root>,
    starts: &[&str],
) -> Option<String> {
    let last = root.map_or(package.folder.as_str(), |root| root.folder.as_str());
    for folder in upwards(&package.folder) {
        let hit = repo
            .tree
            .names_in(folder)
            .find(|name| starts.iter().any(|start| name.starts_with(start)));
        if let Some(name) = hit {
            return Some(join(folder, name));
        }
        if folder == last {
            break;
        }
    }
    None
}

/// The name of a folder, for matching conventions such as `apps/`.
fn parent_name(folder: &str) -> &str {
    file_name(folder_of(folder))
}

#[cfg(test)]
mod tests {
    use super::one_major;

    #[test]
    fn a_range_with_one_major_is_a_pin() {
        for (range, major) in [
            ("^22.18.0", Some("22")),
            ("~20.11", Some("20")),
            (">=20 <21", Some("20")),
            (">=20.1.0 <21.0.0", Some("20")),
            (">=18", None),
            ("18 || 20", None),
            (">=18 <=22", None),
        ] {
            assert_eq!(one_major(range).as_deref(), major, "{range}");
        }
    }
}
