//! Gradle: the outermost settings file leads a build, or a build file alone.

use super::super::model::{Component, Found, Language};
use super::super::read::{assignment, between};
use super::super::repo::{Findings, Repo};
use super::super::tree::{file_name, folder_of, is_within, upwards};
use super::{
    Build, Module, component, has_application, has_image, is_below, java_version, wrapper,
};

const BUILDS: &[&str] = &["build.gradle.kts", "build.gradle"];
const SETTINGS: &[&str] = &["settings.gradle.kts", "settings.gradle"];

pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    for build in builds(repo) {
        let twin = found.components.iter().any(|component| {
            is_within(&component.path, build.root.folder)
                && (component.path == build.root.folder
                    || component.workspace.as_deref() == Some(build.root.folder))
                && matches!(component.language, Language::Java | Language::Kotlin)
        });
        if twin {
            let note =
                "Maven builds the same sources: `pom.xml` was taken, Gradle is the alternative";
            found.note(build.root.path, note);
            continue;
        }
        let programs = build.programs(|module| {
            has_image(repo, module.folder)
                || has_application(repo, module.folder) && !module.text.contains("android")
        });
        let whole = of(repo, &build.root, &build.texts(), "");
        found
            .workspaces
            .extend(build.workspace(whole.test_command.clone()));
        if programs.is_empty() {
            found.components.push(whole);
        }
        for module in programs {
            let mut component = of(repo, module, &[module.text], module.folder);
            component.workspace = Some(build.root.folder.to_owned());
            found.components.push(component);
        }
    }
}

fn builds<'t>(repo: &Repo<'t>) -> Vec<Build<'t>> {
    let folders_of = |names: &'static [&'static str]| {
        names
            .iter()
            .flat_map(|name| repo.manifests(name))
            .map(folder_of)
    };
    let settings: Vec<&str> = folders_of(SETTINGS).collect();
    let mut roots: Vec<&str> = folders_of(BUILDS)
        .chain(settings.iter().copied())
        .filter(|folder| !settings.iter().any(|outer| is_below(folder, outer)))
        .filter(|folder| !upwards(folder).any(|folder| is_platform_folder(repo, folder)))
        .collect();
    roots.sort_unstable();
    roots.dedup();
    let module = |folder: &'t str| {
        let path = repo
            .tree
            .first_in(folder, BUILDS)
            .or(repo.tree.first_in(folder, SETTINGS))?;
        let text = repo.tree.text(path)?;
        Some(Module { folder, path, text })
    };
    roots
        .iter()
        .filter_map(|folder| {
            let mut modules: Vec<&str> = folders_of(BUILDS)
                .filter(|other| is_below(other, folder))
                .collect();
            modules.sort_unstable();
            modules.dedup();
            Some(Build {
                tool: "gradle",
                root: module(folder)?,
                modules: modules.into_iter().filter_map(module).collect(),
            })
        })
        .collect()
}

/// The Android part of an app in Dart or JavaScript is no build of its own.
fn is_platform_folder(repo: &Repo<'_>, folder: &str) -> bool {
    let outer = ["pubspec.yaml", "package.json", "app.json"];
    matches!(
        file_name(folder),
        "android" | "ios" | "macos" | "windows" | "linux"
    ) && repo.tree.first_in(folder_of(folder), &outer).is_some()
}

fn of(repo: &Repo<'_>, module: &Module<'_>, texts: &[&str], name: &str) -> Component {
    let mut component = component(repo, "gradle", module, texts);
    component.name = SETTINGS
        .iter()
        .find_map(|settings| assignment(repo.text_in(module.folder, settings)?, "rootProject.name"))
        .or(Some(file_name(name)).filter(|name| !name.is_empty()))
        .map(str::to_owned);
    let (runner, from) = wrapper(repo, module.folder, "gradlew", "gradle", module.path);
    component.test_command = Some(Found::new(format!("{runner} test"), from, "Gradle build"));
    component.version = texts
        .iter()
        .find_map(|text| toolchain(text))
        .map(|version| Found::new(version, module.path, "toolchain"));
    component
}

/// The toolchain; that the code compiles for an older version says not which one to install.
fn toolchain(text: &str) -> Option<String> {
    ["JavaLanguageVersion.of(", "jvmToolchain("]
        .iter()
        .find_map(|start| java_version(between(text, start, ")")?.trim()))
}
