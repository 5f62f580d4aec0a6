//! Java and Kotlin with Maven or Gradle.
//!
//! One build is one component, however many modules it has; only where two or
//! more of its modules are programs of their own are those the components.

mod gradle;
mod maven;

use super::model::{Component, Evidence, Found, Kind, Language, Workspace};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{is_within, join, upwards};
use super::versions::plain_version;

/// What shows a framework in the text of a build file.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("org.springframework.boot", "spring-boot"),
    ("spring-boot", "spring-boot"),
    ("io.quarkus", "quarkus"),
    ("io.micronaut", "micronaut"),
    ("io.ktor", "ktor"),
    ("io.dropwizard", "dropwizard"),
    ("io.vertx", "vertx"),
    ("io.helidon", "helidon"),
];

/// Finds the components of Java and Kotlin.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    maven::detect(repo, found);
    gradle::detect(repo, found);
}

/// A build file with its text.
struct Module<'t> {
    folder: &'t str,
    path: &'t str,
    text: &'t str,
}

/// A build: the file that leads it and those of its modules.
struct Build<'t> {
    tool: &'static str,
    root: Module<'t>,
    modules: Vec<Module<'t>>,
}

impl<'t> Build<'t> {
    /// The modules that are programs, if there are several and they are no exception.
    fn programs(&self, is_program: impl Fn(&Module<'t>) -> bool) -> Vec<&Module<'t>> {
        let programs: Vec<_> = self
            .modules
            .iter()
            .filter(|module| is_program(module))
            .collect();
        if programs.len() < 2 || programs.len() * 4 < self.modules.len() {
            Vec::new()
        } else {
            programs
        }
    }

    fn texts(&self) -> Vec<&'t str> {
        std::iter::once(&self.root)
            .chain(&self.modules)
            .map(|module| module.text)
            .collect()
    }

    fn workspace(&self, test_command: Option<Found>) -> Option<Workspace> {
        let members: Vec<String> = self
            .modules
            .iter()
            .filter(|module| skip_reason(&join(module.folder, "x")).is_none())
            .map(|module| module.folder.to_owned())
            .collect();
        (!members.is_empty()).then(|| Workspace {
            path: self.root.folder.to_owned(),
            tool: self.tool.to_owned(),
            members,
            lockfile: None,
            test_command,
            lint_command: None,
            checks: Vec::new(),
            evidence: Evidence::new(self.root.path, "modules of one build"),
        })
    }
}

/// A component with what Maven and Gradle have in common.
fn component(repo: &Repo<'_>, tool: &str, module: &Module<'_>, texts: &[&str]) -> Component {
    let (folder, path) = (module.folder, module.path);
    let mentions = |word: &str| texts.iter().any(|text| text.contains(word));
    // Convention plug-ins carry `android` in their names; one sample app does not make it one.
    let android = texts.iter().filter(|text| text.contains("android")).count();
    let framework = if android * 2 >= texts.len() && mentions("android.application") {
        Some(Found::new("android", path, "plug-in"))
    } else {
        FRAMEWORKS
            .iter()
            .find(|(word, _)| mentions(word))
            .map(|(word, name)| Found::new(*name, path, format!("`{word}`")))
    };
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
    let tools = |table: &[&str]| -> Vec<Found> {
        table
            .iter()
            .filter(|name| mentions(name))
            .map(|name| Found::new(*name, path, "plug-in"))
            .collect()
    };
    component.lint = tools(&[
        "checkstyle",
        "spring-javaformat",
        "detekt",
        "spotbugs",
        "pmd",
        "ktlint",
    ]);
    component.format = tools(&["spring-javaformat", "spotless", "ktfmt"]);
    component.migrations = tools(&["flyway", "liquibase"]).into_iter().next();
    component
}

/// The wrapper in the folder or above, or the plain tool; and the file that shows it.
fn wrapper<'p>(
    repo: &Repo<'p>,
    folder: &str,
    script: &str,
    plain: &str,
    manifest: &'p str,
) -> (String, &'p str) {
    let hit = upwards(folder)
        .enumerate()
        .find_map(|(depth, outer)| Some((depth, repo.tree.file_in(outer, script)?)));
    match hit {
        Some((0, path)) => (format!("./{script}"), path),
        Some((depth, path)) => (format!("{}{script}", "../".repeat(depth)), path),
        None => (plain.to_owned(), manifest),
    }
}

/// `1.8` is 8.
fn java_version(text: &str) -> Option<String> {
    plain_version(text.strip_prefix("1.").unwrap_or(text))
}

/// Whether a module has an image of its own.
fn has_image(repo: &Repo<'_>, folder: &str) -> bool {
    repo.tree.file_in(folder, "Dockerfile").is_some()
        || repo
            .tree
            .file_in(folder, "src/main/docker/Dockerfile.jvm")
            .is_some()
}

/// The folders that lie in `folder` but are not itself.
fn is_below(other: &str, folder: &str) -> bool {
    other != folder && is_within(other, folder)
}

/// Whether a module has a class that starts it, by the name that Spring gives such classes.
fn has_application(repo: &Repo<'_>, folder: &str) -> bool {
    repo.tree
        .below(&join(folder, "src/main"))
        .any(|path| path.ends_with("Application.java") || path.ends_with("Application.kt"))
}
