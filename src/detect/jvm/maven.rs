//! Maven: a `pom.xml` that no other one names as a module leads a build.

use super::super::model::{Check, Component, Found};
use super::super::read::{between, xml_text, xml_texts};
use super::super::repo::{Findings, Repo};
use super::super::tree::{folder_of, resolve};
use super::{
    Build, Module, component, has_application, has_image, is_below, java_version, wrapper,
};

pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    for build in builds(repo) {
        let programs = build.programs(|module| {
            let runs = ["quarkus-maven-plugin", "jib-maven-plugin"]
                .iter()
                .any(|plugin| module.text.contains(plugin));
            runs || has_image(repo, module.folder) || has_application(repo, module.folder)
        });
        let whole = of(repo, &build.root, &build.texts(), &build.root);
        found
            .workspaces
            .extend(build.workspace(whole.test_command.clone()));
        if programs.is_empty() {
            found.components.push(whole);
        }
        for module in programs {
            let mut component = of(repo, module, &[module.text], &build.root);
            component.workspace = Some(build.root.folder.to_owned());
            found.components.push(component);
        }
    }
}

fn builds<'t>(repo: &Repo<'t>) -> Vec<Build<'t>> {
    let poms = || {
        repo.manifests("pom.xml").filter_map(|path| {
            Some(Module {
                folder: folder_of(path),
                path,
                text: repo.tree.text(path)?,
            })
        })
    };
    let modules: Vec<String> = poms()
        .flat_map(|pom| {
            xml_texts(pom.text, "module").filter_map(move |module| resolve(pom.folder, module))
        })
        .collect();
    let is_module = |pom: &Module<'_>| modules.iter().any(|module| module == pom.folder);
    poms()
        .filter(|pom| !is_module(pom))
        .map(|root| Build {
            tool: "maven",
            modules: poms()
                .filter(|pom| is_below(pom.folder, root.folder) && is_module(pom))
                .collect(),
            root,
        })
        .collect()
}

fn of(repo: &Repo<'_>, module: &Module<'_>, texts: &[&str], root: &Module<'_>) -> Component {
    let mut component = component(repo, "maven", module, texts);
    component.name = own_artifact(module.text);
    component.version = [module, root]
        .iter()
        .find_map(|pom| Some(Found::new(java(pom.text)?, pom.path, "compiler level")));
    let (runner, from) = wrapper(repo, module.folder, "mvnw", "mvn", module.path);
    component.test_command = Some(Found::new(
        format!("{runner} -B verify"),
        from,
        "Maven build",
    ));
    component.checks = checks(&component, texts, &runner, module.path);
    component
}

/// How the plug-ins of the build are run: by the build itself where it says when, and
/// else by their goal.
fn checks(component: &Component, texts: &[&str], runner: &str, path: &str) -> Vec<Check> {
    let (bound, alone): (Vec<_>, Vec<_>) = component
        .lint
        .iter()
        .chain(&component.format)
        .map(|found| found.value.clone())
        .partition(|tool| texts.iter().any(|text| is_bound(text, tool)));
    let check = |tools: Vec<String>, command: String| Check {
        tools,
        says: command.clone(),
        command: Found::new(command, path, "Maven plug-in"),
    };
    let build = format!("{runner} -B verify");
    let with_build = (!bound.is_empty()).then(|| check(bound, build));
    let alone = alone.into_iter().filter_map(|tool| {
        let goal = match tool.as_str() {
            "spring-javaformat" => "spring-javaformat:validate",
            "spotbugs" => "compile spotbugs:check",
            "checkstyle" | "pmd" | "spotless" => &format!("{tool}:check"),
            _ => return None,
        };
        Some(check(vec![tool.clone()], format!("{runner} -B {goal}")))
    });
    with_build.into_iter().chain(alone).collect()
}

/// Whether a build file says that the build runs the plug-in of this tool.
fn is_bound(text: &str, tool: &str) -> bool {
    text.split("<plugin>").skip(1).any(|plugin| {
        let plugin = plugin.split("</plugin>").next().unwrap_or_default();
        let id = xml_text(plugin, "artifactId").unwrap_or_default();
        id.contains(tool) && plugin.contains("<execution>")
    })
}

/// The artifact of the project itself: parent, dependencies and plug-ins have one each as well.
fn own_artifact(text: &str) -> Option<String> {
    let parent = between(text, "<parent>", "</parent>").unwrap_or_default();
    let text = text.replacen(parent, "", 1);
    let end = [
        "<dependencyManagement",
        "<dependencies",
        "<build",
        "<modules",
    ]
    .iter()
    .filter_map(|start| text.find(start))
    .min()
    .unwrap_or(text.len());
    xml_text(&text[..end], "artifactId").map(str::to_owned)
}

fn java(text: &str) -> Option<String> {
    const KEYS: &[&str] = &[
        "maven.compiler.release",
        "java.version",
        "jdk.version",
        "maven.compiler.source",
        "release",
        "source",
    ];
    KEYS.iter()
        .filter_map(|key| xml_text(text, key))
        .find_map(java_version)
}

#[cfg(test)]
mod tests {
    use super::own_artifact;

    #[test]
    fn the_artifact_is_neither_the_parents_nor_a_dependency() {
        let text = "<parent><artifactId>p</artifactId></parent><artifactId>shop</artifactId>\
                    <dependencies><artifactId>d</artifactId></dependencies>";
        assert_eq!(own_artifact(text).as_deref(), Some("shop"));
        assert_eq!(
            own_artifact("<dependencies><artifactId>d</artifactId></dependencies>"),
            None
        );
    }
}
