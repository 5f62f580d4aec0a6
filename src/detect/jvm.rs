//! Java and Kotlin with Maven or Gradle: one build is one component.

use super::model::{Component, Evidence, Found, Kind, Language, Workspace};
use super::read::{assignment, between, xml_text, xml_texts};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{file_name, folder_of, is_within, join, resolve, upwards};
use super::versions::plain_version;

const GRADLE: &[&str] = &["build.gradle.kts", "build.gradle"];
const SETTINGS: &[&str] = &["settings.gradle.kts", "settings.gradle"];

/// What shows a framework in the text of a build file.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("com.android.application", "android"),
    ("libs.plugins.android.application", "android"),
    ("org.springframework.boot", "spring-boot"),
    ("spring-boot", "spring-boot"),
    ("io.quarkus", "quarkus"),
    ("io.micronaut", "micronaut"),
    ("io.ktor", "ktor"),
    ("io.dropwizard", "dropwizard"),
    ("io.vertx", "vertx"),
    ("io.helidon", "helidon"),
    ("com.android.library", "android"),
];

/// Finds the components of Java and Kotlin.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    maven(repo, found);
    gradle(repo, found);
}

fn maven(repo: &Repo<'_>, found: &mut Findings) {
    let poms: Vec<(&str, &str)> = repo
        .manifests("pom.xml")
        .filter_map(|path| Some((path, repo.tree.text(path)?)))
        .collect();
    let modules: Vec<String> = poms
        .iter()
        .flat_map(|(path, text)| {
            xml_texts(text, "module").filter_map(|module| resolve(folder_of(path), module))
        })
        .collect();
    for (path, text) in &poms {
        let folder = folder_of(path);
        let own: Vec<&(&str, &str)> = poms
            .iter()
            .filter(|(other, _)| {
                *other != *path
                    && is_within(other, folder)
                    && modules.iter().any(|module| module == folder_of(other))
            })
            .collect();
        if modules.iter().any(|module| module == folder) {
            continue;
        }
        if !own.is_empty() {
            found.workspaces.push(build(
                folder,
                "maven",
                path,
                own.iter().map(|(path, _)| folder_of(path).to_owned()),
            ));
        }
        let texts: Vec<&str> = std::iter::once(*text)
            .chain(own.iter().map(|(_, text)| *text))
            .collect();
        let mut component = component(repo, folder, path, &texts, "maven");
        component.name = own_artifact(text);
        component.version =
            java_of_maven(text).map(|version| Found::new(version, *path, "compiler level"));
        let (runner, from) = wrapper(repo, folder, "mvnw", "mvn", path);
        component.test_command = Some(Found::new(
            format!("{runner} -B verify"),
            from,
            "Maven build",
        ));
        found.components.push(component);
    }
}

/// The artifact of the project itself: the first one after the parent's.
fn own_artifact(text: &str) -> Option<String> {
    let after_parent = text.split_once("</parent>").map_or(text, |(_, rest)| rest);
    xml_text(after_parent, "artifactId").map(str::to_owned)
}

fn java_of_maven(text: &str) -> Option<String> {
    let keys = [
        "maven.compiler.release",
        "java.version",
        "jdk.version",
        "maven.compiler.source",
        "release",
        "source",
    ];
    keys.iter()
        .filter_map(|key| xml_text(text, key))
        .find_map(java_version)
}

/// `1.8` is 8.
fn java_version(text: &str) -> Option<String> {
    plain_version(text.strip_prefix("1.").unwrap_or(text))
}

fn gradle(repo: &Repo<'_>, found: &mut Findings) {
    let is_other = |folder: &str| {
        let native = ["android", "ios", "macos", "windows", "linux"].contains(&file_name(folder));
        let parents = ["pubspec.yaml", "package.json", "app.json"];
        native && repo.tree.first_in(folder_of(folder), &parents).is_some()
    };
    let roots: Vec<&str> = SETTINGS
        .iter()
        .flat_map(|name| repo.manifests(name))
        .map(folder_of)
        .collect();
    let mut folders: Vec<&str> = GRADLE
        .iter()
        .flat_map(|name| repo.manifests(name))
        .map(folder_of)
        .filter(|folder| !upwards(folder).any(|outer| outer != *folder && roots.contains(&outer)))
        .chain(roots.iter().copied().filter(|root| {
            !roots
                .iter()
                .any(|outer| outer != root && is_within(root, outer))
        }))
        .filter(|folder| !upwards(folder).any(is_other))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let twin = found.components.iter().any(|component| {
            component.path == folder
                && matches!(component.language, Language::Java | Language::Kotlin)
        });
        let Some(path) = repo
            .tree
            .first_in(folder, GRADLE)
            .or(repo.tree.first_in(folder, SETTINGS))
        else {
            continue;
        };
        if twin {
            found.note(
                path,
                "Maven builds the same sources: `pom.xml` was taken, Gradle is the alternative",
            );
            continue;
        }
        found.components.push(gradle_build(repo, folder, path));
        let modules: Vec<String> = GRADLE
            .iter()
            .flat_map(|name| repo.manifests(name))
            .map(folder_of)
            .filter(|other| *other != folder && is_within(other, folder))
            .map(str::to_owned)
            .collect();
        if !modules.is_empty() {
            found
                .workspaces
                .push(build(folder, "gradle", path, modules));
        }
    }
}

fn gradle_build(repo: &Repo<'_>, folder: &str, path: &str) -> Component {
    let texts: Vec<&str> = GRADLE
        .iter()
        .flat_map(|name| repo.manifests(name))
        .filter(|other| is_within(other, folder))
        .filter_map(|other| repo.tree.text(other))
        .collect();
    let mut component = component(repo, folder, path, &texts, "gradle");
    component.name = SETTINGS
        .iter()
        .find_map(|name| assignment(repo.text_in(folder, name)?, "rootProject.name"))
        .map(str::to_owned);
    let (runner, from) = wrapper(repo, folder, "gradlew", "gradle", path);
    component.test_command = Some(Found::new(format!("{runner} test"), from, "Gradle build"));
    component.version = texts
        .iter()
        .find_map(|text| java_of_gradle(text))
        .map(|version| Found::new(version, path, "toolchain"));
    component
}

/// The toolchain: that it compiles for an older version says not which one to install.
fn java_of_gradle(text: &str) -> Option<String> {
    let after = |start: &str, end: &str| {
        between(text, start, end).and_then(|text| java_version(text.trim()))
    };
    after("JavaLanguageVersion.of(", ")").or_else(|| after("jvmToolchain(", ")"))
}

fn component(repo: &Repo<'_>, folder: &str, path: &str, texts: &[&str], tool: &str) -> Component {
    let mentions = |word: &str| texts.iter().any(|text| text.contains(word));
    let framework = FRAMEWORKS
        .iter()
        .find(|(word, _)| mentions(word))
        .map(|(word, name)| Found::new(*name, path, format!("`{word}`")));
    let language = if repo.count(folder, &["kt"]) > repo.count(folder, &["java"]) {
        Language::Kotlin
    } else {
        Language::Java
    };
    let kind = match framework.as_ref().map(|framework| framework.value.as_str()) {
        Some("android") => Kind::Mobile,
        Some(_) => Kind::Service,
        None => Kind::Library,
    };
    let mut component = Component::new(folder, language, kind, Evidence::new(path, "build file"));
    component.framework = framework;
    component.package_manager = Some(Found::new(tool, path, "build file"));
    component.lockfile = repo
        .tree
        .file_in(folder, "gradle.lockfile")
        .map(str::to_owned);
    let tools = |table: &[(&str, &str)]| -> Vec<Found> {
        table
            .iter()
            .filter(|(word, _)| mentions(word))
            .map(|(_, name)| Found::new(*name, path, "plugin"))
            .collect()
    };
    component.lint = tools(&[
        ("checkstyle", "checkstyle"),
        ("spring-javaformat", "spring-javaformat"),
        ("detekt", "detekt"),
        ("spotbugs", "spotbugs"),
        ("pmd", "pmd"),
        ("ktlint", "ktlint"),
    ]);
    component.format = tools(&[
        ("spring-javaformat", "spring-javaformat"),
        ("spotless", "spotless"),
        ("ktfmt", "ktfmt"),
    ]);
    component.migrations = tools(&[("flyway", "flyway"), ("liquibase", "liquibase")])
        .into_iter()
        .next();
    component
}

/// The wrapper in the folder or above, or the plain tool.
fn wrapper<'p>(
    repo: &Repo<'p>,
    folder: &str,
    script: &str,
    plain: &str,
    manifest: &'p str,
) -> (String, &'p str) {
    for (depth, outer) in upwards(folder).enumerate() {
        if let Some(path) = repo.tree.file_in(outer, script) {
            let up = "../".repeat(depth);
            return (
                if depth == 0 {
                    format!("./{script}")
                } else {
                    format!("{up}{script}")
                },
                path,
            );
        }
    }
    (plain.to_owned(), manifest)
}

fn build(
    folder: &str,
    tool: &str,
    path: &str,
    members: impl IntoIterator<Item = String>,
) -> Workspace {
    Workspace {
        path: folder.to_owned(),
        tool: tool.to_owned(),
        members: members
            .into_iter()
            .filter(|member| skip_reason(&join(member, "x")).is_none())
            .collect(),
        lockfile: None,
        test_command: None,
        lint_command: None,
        evidence: Evidence::new(path, "modules of one build"),
    }
}
