//! Python with pip, uv, Poetry, PDM or Pipenv.

use super::{Component, Covered, INSTALL, Language, Lines, Purpose, Tool};
use crate::knowledge::tools;
use crate::pipeline::{Step, Text};

pub(super) static LANGUAGE: Language = Language {
    names: &["python"],
    default_version: "3.13",
    package_managers: &["pip", "uv", "poetry", "pdm", "pipenv"],
    ecosystem,
    tools: TOOLS,
    setup,
    prefix,
    test: |_| "pytest",
    measures_coverage: true,
    lines: |_| {
        Some(Lines {
            format: "cobertura",
            paths: "./coverage.xml",
        })
    },
    covered,
    combine: Some(combine),
    binaries: None,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "black",
        title: "Format (Black)",
        command: "black --check {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "flake8",
        title: "Style (Flake8)",
        command: "flake8 {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "isort",
        title: "Order of imports (isort)",
        command: "isort --check-only {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "mypy",
        title: "Types (mypy)",
        command: "mypy {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "pylint",
        title: "Lint (Pylint)",
        command: "pylint --recursive=y {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "pyright",
        title: "Types (Pyright)",
        command: "pyright {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
    Tool {
        name: "ruff",
        title: "Lint (Ruff)",
        command: "ruff check {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "ruff-format",
        title: "Format (Ruff)",
        command: "ruff format --check {source}",
        elsewhere: &[],
        needs_dependencies: false,
    },
    Tool {
        name: "ty",
        title: "Types (ty)",
        command: "ty check {source}",
        elsewhere: &[],
        needs_dependencies: true,
    },
];

/// The package that brings a tool.
fn package(tool: &str) -> &str {
    if tool == "ruff-format" { "ruff" } else { tool }
}

/// The bot updates the lock files of all of them but PDM's.
fn ecosystem(manager: &str) -> &'static str {
    match manager {
        "uv" => "uv",
        "pdm" => "",
        _ => "pip",
    }
}

fn prefix(component: &Component<'_>) -> &'static str {
    match component.manager(&LANGUAGE) {
        "uv" => "uv run ",
        "poetry" => "poetry run ",
        "pdm" => "pdm run ",
        "pipenv" => "pipenv run ",
        _ => "",
    }
}

fn setup(component: &Component<'_>, purpose: Purpose) -> Vec<Step> {
    let dependencies = purpose.wants_dependencies();
    let manager = component.manager(&LANGUAGE);
    if manager == "uv" {
        let uv = Step::uses("Set up uv and Python", "astral-sh/setup-uv")
            .with("python-version", component.version.clone())
            .with(
                "enable-cache",
                if component.cached { "true" } else { "false" },
            );
        let uv = if component.cached {
            uv.with("cache-dependency-glob", component.file("uv.lock"))
        } else {
            uv
        };
        let uv = match component.folder() {
            Some(folder) => uv.with("working-directory", folder),
            None => uv,
        };
        return vec![
            uv,
            install(component.install.unwrap_or("uv sync --locked --all-groups")),
        ];
    }
    let python = Step::uses("Set up Python", "actions/setup-python")
        .with("python-version", component.version.clone());
    if matches!(manager, "poetry" | "pdm" | "pipenv") {
        let usual = match manager {
            "poetry" => "poetry install",
            "pdm" => "pdm sync --dev",
            _ => "pipenv sync --dev",
        };
        let tool = format!("pipx install {manager}=={}", tools::version(manager));
        return vec![
            Step::run(format!("Install {manager}"), tool),
            cached(python, component, manager),
            install(component.install.unwrap_or(usual)),
        ];
    }
    let mut commands = Vec::new();
    if dependencies {
        commands.push(
            component
                .install
                .map_or_else(|| pip_install(component), str::to_owned),
        );
    }
    let mut extras: Vec<&str> = match purpose {
        Purpose::Lint { .. } => component.tools.iter().map(|tool| package(tool)).collect(),
        Purpose::Test => vec!["pytest", "pytest-cov"],
        Purpose::Scan => Vec::new(),
    };
    // Two tools of one package: Ruff lints and formats.
    let mut seen = Vec::new();
    extras.retain(|name| {
        let new = !seen.contains(name);
        seen.push(*name);
        new
    });
    if !extras.is_empty() {
        // A version that the project's own files pin is already there and stays.
        commands.push(format!("python -m pip install {}", extras.join(" ")));
    }
    vec![
        cached(python, component, "pip"),
        install(&commands.join("\n")),
    ]
}

/// Adds the cache of downloads, if something tells when it is stale.
fn cached(python: Step, component: &Component<'_>, manager: &str) -> Step {
    if !component.cached {
        return python;
    }
    let files: Vec<Text> = match manager {
        "poetry" => vec![component.file("poetry.lock")],
        "pdm" => return python,
        "pipenv" => vec![component.file("Pipfile.lock")],
        _ => dependency_files(component),
    };
    python
        .with("cache", manager)
        .with("cache-dependency-path", Text::lines(files))
}

fn dependency_files(component: &Component<'_>) -> Vec<Text> {
    if component.dependencies.is_empty() {
        return vec![
            component.file("requirements*.txt"),
            component.file("pyproject.toml"),
        ];
    }
    component
        .dependencies
        .iter()
        .map(|file| component.file(file))
        .collect()
}

fn install(commands: &str) -> Step {
    Step::run(INSTALL, commands)
}

fn pip_install(component: &Component<'_>) -> String {
    let files: Vec<_> = component
        .dependencies
        .iter()
        .map(|file| file.as_str())
        .collect();
    match files.as_slice() {
        [] => "python -m pip install -r requirements.txt".to_owned(),
        ["pyproject.toml" | "setup.py" | "setup.cfg"] => "python -m pip install -e .".to_owned(),
        files => format!("python -m pip install -r {}", files.join(" -r ")),
    }
}

fn covered(component: &Component<'_>, suite: &Covered<'_>) -> Vec<Step> {
    let prefix = prefix(component);
    let mut command = suite.command.to_owned();
    let pytest = command.split_whitespace().any(|word| word == "pytest");
    if pytest {
        command.push_str(&format!(
            " --cov={} --cov-report=term --cov-report=xml",
            component.source
        ));
        if let Some(minimum) = suite.minimum {
            command.push_str(&format!(" --cov-fail-under={minimum}"));
        }
    } else {
        let program = command.strip_prefix("python ").unwrap_or(&command);
        command = format!(
            "coverage run --source={} {program}\n{prefix}coverage xml",
            component.source
        );
        if let Some(minimum) = suite.minimum {
            command.push_str(&format!("\n{prefix}coverage report --fail-under={minimum}"));
        }
    }
    let mut step = Step::run(suite.title.clone(), with_prefix(prefix, &command));
    if suite.keep {
        // Under a name of its own, so that the suites can be put together later.
        step = step.env("COVERAGE_FILE", format!(".coverage.{}", suite.suite));
    }
    vec![step]
}

fn with_prefix(prefix: &str, command: &str) -> String {
    if command.starts_with(prefix) {
        command.to_owned()
    } else {
        format!("{prefix}{command}")
    }
}

fn combine(component: &Component<'_>, minimum: u32) -> Vec<Step> {
    let python = Step::uses("Set up Python", "actions/setup-python")
        .with("python-version", component.version.clone());
    let commands = format!(
        "pipx install coverage=={}\n\
         coverage combine coverage-data\n\
         coverage xml\n\
         coverage report --fail-under={minimum}",
        tools::version("coverage")
    );
    let combine = Step::run("Combine and judge", commands);
    vec![python, combine]
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::*;
    use crate::pipeline::Work;

    fn component<'a>(manager: Option<(&'a str, Option<&'a str>)>) -> Component<'a> {
        Component {
            path: Folder::Fixed("api"),
            source: "src",
            version: "3.12".into(),
            package_manager: manager,
            dependencies: &[],
            lockfile: super::super::Lockfile::Usual,
            install: None,
            system_packages: &[],
            tools: vec!["black", "ruff-format"],
            cached: true,
        }
    }

    fn commands(steps: &[Step]) -> Vec<&str> {
        let of = |step: &'_ Step| match &step.work {
            Work::Run(commands) => Some(commands.as_str().to_owned().leak() as &str),
            _ => None,
        };
        steps.iter().filter_map(of).collect()
    }

    #[test]
    fn each_package_manager_installs_and_runs_its_own_way() {
        for (manager, install, start) in [
            ("uv", "uv sync --locked --all-groups", "uv run "),
            ("poetry", "poetry install", "poetry run "),
            ("pipenv", "pipenv sync --dev", "pipenv run "),
            ("pdm", "pdm sync --dev", "pdm run "),
        ] {
            let component = component(Some((manager, None)));
            let steps = setup(&component, Purpose::Test);
            assert!(commands(&steps).contains(&install), "{manager}");
            assert_eq!(prefix(&component), start);
        }
    }

    #[test]
    fn linters_come_without_the_dependencies_unless_they_need_them() {
        let without = setup(
            &component(None),
            Purpose::Lint {
                dependencies: false,
            },
        );
        assert_eq!(commands(&without), ["python -m pip install black ruff"]);
        let with = setup(&component(None), Purpose::Lint { dependencies: true });
        assert_eq!(
            commands(&with),
            ["python -m pip install -r requirements.txt\npython -m pip install black ruff"]
        );
    }

    #[test]
    fn a_package_with_two_tools_is_named_once() {
        let both = Component {
            tools: vec!["ruff", "ruff-format"],
            ..component(None)
        };
        let dependencies = false;
        let steps = setup(&both, Purpose::Lint { dependencies });
        assert_eq!(commands(&steps), ["python -m pip install ruff"]);
    }

    #[test]
    fn a_scan_sees_the_dependencies_and_no_tools() {
        let steps = setup(&component(None), Purpose::Scan);
        assert_eq!(
            commands(&steps),
            ["python -m pip install -r requirements.txt"]
        );
    }

    #[test]
    fn coverage_fails_below_the_minimum() {
        let suite = |command| Covered {
            title: "Unit tests".to_owned(),
            command,
            suite: "unit",
            minimum: Some(80),
            keep: false,
        };
        let pytest = covered(&component(None), &suite("pytest tests/unit/"));
        assert_eq!(
            commands(&pytest),
            ["pytest tests/unit/ --cov=src --cov-report=term --cov-report=xml --cov-fail-under=80"]
        );
        let other = covered(&component(None), &suite("python manage.py test"));
        assert_eq!(
            commands(&other),
            [
                "coverage run --source=src manage.py test\ncoverage xml\ncoverage report --fail-under=80"
            ]
        );
    }
}
