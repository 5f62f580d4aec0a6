//! .NET: a solution with one program is one component; one with several is a
//! workspace whose programs are the components. Class libraries, tests and
//! what starts the others belong to the solution.

use super::model::{Component, Evidence, Found, Kind, Language, Workspace};
use super::read::{assignment, xml_text, xml_texts};
use super::repo::{Findings, Repo, skip_reason};
use super::tree::{extension, file_name, folder_of, is_within, upwards};

struct Project<'t> {
    path: &'t str,
    text: &'t str,
}

#[derive(PartialEq)]
enum Use {
    Test,
    Library,
    Orchestrator,
    Program(Kind, Option<&'static str>),
}

impl Project<'_> {
    fn folder(&self) -> &str {
        folder_of(self.path)
    }

    fn name(&self) -> &str {
        file_name(self.path)
            .rsplit_once('.')
            .map_or("", |(name, _)| name)
    }

    fn sdk(&self) -> &str {
        assignment(self.text, "Sdk").unwrap_or_default()
    }

    /// What the project is built for.
    fn purpose(&self) -> Use {
        let says = |word: &str| self.text.contains(word);
        let name = self.name().to_ascii_lowercase();
        let in_tests = self
            .path
            .split('/')
            .any(|part| matches!(part.to_ascii_lowercase().as_str(), "test" | "tests"));
        if in_tests
            || name.ends_with("tests")
            || name.ends_with("test")
            || name.ends_with(".specs")
            || says("Microsoft.NET.Test.Sdk")
        {
            return Use::Test;
        }
        if says("Aspire.AppHost.Sdk") || says("IsAspireHost") || says("Aspire.Hosting.AppHost") {
            return Use::Orchestrator;
        }
        if says("<UseMaui>true") {
            return Use::Program(Kind::Mobile, Some("maui"));
        }
        match self.sdk() {
            "Microsoft.NET.Sdk.Web" => Use::Program(Kind::Service, Some("aspnetcore")),
            "Microsoft.NET.Sdk.Worker" => Use::Program(Kind::Worker, Some("dotnet-worker")),
            "Microsoft.NET.Sdk.BlazorWebAssembly" => Use::Program(Kind::App, Some("blazor")),
            _ if says("Microsoft.Azure.Functions.Worker")
                || says("Microsoft.NET.Sdk.Functions") =>
            {
                Use::Program(Kind::Functions, Some("azure-functions"))
            }
            _ if says("<OutputType>Exe") || says("<OutputType>WinExe") => {
                Use::Program(Kind::Cli, None)
            }
            _ => Use::Library,
        }
    }
}

/// Finds the components of C# and F#.
pub(super) fn detect(repo: &Repo<'_>, found: &mut Findings) {
    let is_project = |path: &&str| matches!(extension(path), "csproj" | "fsproj");
    // Tests are read as well: they say whether there is something to run.
    let projects: Vec<Project<'_>> = repo
        .tree
        .paths()
        .filter(is_project)
        .filter_map(|path| {
            Some(Project {
                path,
                text: repo.tree.text(path)?,
            })
        })
        .filter(|project| skip_reason(project.path).is_none() || project.purpose() == Use::Test)
        .collect();
    if projects.is_empty() {
        return;
    }
    let mut solutions: Vec<&str> = repo
        .tree
        .paths()
        .filter(|path| matches!(extension(path), "sln" | "slnx") && skip_reason(path).is_none())
        .collect();
    let folders: Vec<&str> = solutions.iter().map(|path| folder_of(path)).collect();
    solutions.retain(|path| {
        !folders
            .iter()
            .any(|outer| *outer != folder_of(path) && is_within(path, outer))
    });
    solutions.dedup_by_key(|path| folder_of(path));
    for solution in &solutions {
        let inside: Vec<&Project<'_>> = projects
            .iter()
            .filter(|project| is_within(project.path, folder_of(solution)))
            .collect();
        of_solution(repo, solution, &inside, found);
    }
    for project in projects.iter().filter(|project| {
        !solutions
            .iter()
            .any(|path| is_within(project.path, folder_of(path)))
    }) {
        if let Use::Program(kind, framework) = project.purpose() {
            found
                .components
                .push(of_project(repo, project, kind, framework));
        }
    }
}

/// The tests as a workflow runs them, where it says which of several solutions it means.
fn said(repo: &Repo<'_>) -> Option<Found> {
    repo.jobs.iter().find_map(|job| {
        let line = job.commands.iter().find(|line| {
            let names = |word: &str| matches!(extension(word), "sln" | "slnx" | "slnf");
            line.starts_with("dotnet test ")
                && line.split_whitespace().any(names)
                && !line.contains(['$', '\\', '|', '&', ';'])
        })?;
        // What an earlier step of that job did is not done here.
        let words = line
            .split_whitespace()
            .filter(|word| !matches!(*word, "--no-build" | "--no-restore"));
        let command = words.collect::<Vec<_>>().join(" ");
        Some(Found::new(command, &job.path, "command of a workflow"))
    })
}

fn of_solution(repo: &Repo<'_>, solution: &str, projects: &[&Project<'_>], found: &mut Findings) {
    let folder = folder_of(solution);
    let tests = projects
        .iter()
        .find(|project| project.purpose() == Use::Test);
    let test_command = tests.map(|test| {
        said(repo).unwrap_or_else(|| Found::new("dotnet test", test.path, "test project"))
    });
    let programs: Vec<(&&Project<'_>, Kind, Option<&'static str>)> = projects
        .iter()
        .filter_map(|project| match project.purpose() {
            Use::Program(kind, framework) => Some((project, kind, framework)),
            _ => None,
        })
        .collect();
    let deployable = programs
        .iter()
        .filter(|(_, kind, _)| *kind != Kind::Cli)
        .count();
    if deployable < 2 {
        let main = programs
            .iter()
            .find(|(_, kind, _)| *kind != Kind::Cli)
            .or(programs.first());
        let mut component = match main {
            Some((project, kind, framework)) => of_project(repo, project, *kind, *framework),
            None => match projects
                .iter()
                .find(|project| project.purpose() == Use::Library)
            {
                Some(project) => of_project(repo, project, Kind::Library, None),
                None => return,
            },
        };
        folder.clone_into(&mut component.path);
        component.name = file_name(solution)
            .rsplit_once('.')
            .map(|(name, _)| name.to_owned());
        component
            .evidence
            .insert(0, Evidence::new(solution, "solution"));
        component.test_command = test_command;
        component.migrations = projects
            .iter()
            .find_map(|project| migrations(repo, project));
        found.components.push(component);
        return;
    }
    found.workspaces.push(Workspace {
        path: folder.to_owned(),
        tool: "dotnet".to_owned(),
        members: programs
            .iter()
            .map(|(project, _, _)| project.folder().to_owned())
            .collect(),
        lockfile: None,
        test_command,
        lint_command: None,
        checks: Vec::new(),
        evidence: Evidence::new(solution, "solution"),
    });
    for (project, kind, framework) in programs.iter().filter(|(_, kind, _)| *kind != Kind::Cli) {
        let mut component = of_project(repo, project, *kind, *framework);
        component.workspace = Some(folder.to_owned());
        found.components.push(component);
    }
    for project in projects
        .iter()
        .filter(|project| project.purpose() == Use::Orchestrator)
    {
        found.note(
            project.path,
            "starts the other components for developers: part of the solution",
        );
    }
}

fn of_project(
    repo: &Repo<'_>,
    project: &Project<'_>,
    kind: Kind,
    framework: Option<&'static str>,
) -> Component {
    let language = if project.path.ends_with(".fsproj") {
        Language::FSharp
    } else {
        Language::CSharp
    };
    let mut component = Component::new(
        project.folder(),
        language,
        kind,
        Evidence::new(project.path, "project"),
    );
    component.name = Some(project.name().to_owned());
    component.framework =
        framework.map(|name| Found::new(name, project.path, "SDK of the project"));
    component.package_manager = Some(Found::new("nuget", project.path, "project"));
    component.lockfile = repo
        .tree
        .file_in(project.folder(), "packages.lock.json")
        .map(str::to_owned);
    component.version = target_framework(repo, project);
    component.migrations = migrations(repo, project);
    component
}

/// `net8.0` as 8.0, from the project or the properties above it.
fn target_framework(repo: &Repo<'_>, project: &Project<'_>) -> Option<Found> {
    let version = |text: &str| {
        let target =
            xml_text(text, "TargetFramework").or_else(|| xml_text(text, "TargetFrameworks"))?;
        let newest = target
            .split(';')
            .filter_map(|one| one.trim().strip_prefix("net"))
            .filter_map(super::versions::plain_version);
        newest
            .filter(|version| version.contains('.'))
            .max_by_key(|version| super::versions::sort_key(version))
    };
    if let Some(version) = version(project.text) {
        return Some(Found::new(version, project.path, "TargetFramework"));
    }
    upwards(project.folder()).find_map(|folder| {
        let path = repo.tree.file_in(folder, "Directory.Build.props")?;
        Some(Found::new(
            version(repo.tree.text(path)?)?,
            path,
            "TargetFramework",
        ))
    })
}

fn migrations(repo: &Repo<'_>, project: &Project<'_>) -> Option<Found> {
    let folder = repo
        .tree
        .below(project.folder())
        .find(|path| path.ends_with(".cs") && path.split('/').any(|part| part == "Migrations"));
    if let Some(path) = folder {
        return Some(Found::new("ef-core", path, "migration"));
    }
    let references = |name: &str| project.text.contains(name);
    let uses = xml_texts(project.text, "ItemGroup").next().is_some()
        && references("EntityFrameworkCore.Design");
    uses.then(|| Found::new("ef-core", project.path, "package reference"))
}
