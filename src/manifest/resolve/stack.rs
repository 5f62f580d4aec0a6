//! Components: languages, checks, suites and images.

use super::{Check, web};
use crate::blocks::language::{self, Language};
use crate::blocks::service;
use crate::blocks::words::{Line, Name, Versioned};
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{Component, Image, Lint, Part, Suite};
use crate::manifest::raw::{self, BuildMoment, Raw};

/// The names of the suites, in the order in which they run.
pub(super) const SUITES: [&str; 5] = ["unit", "integration", "e2e", "performance", "regression"];

pub(super) fn components(raw: &Raw, check: &mut Check<'_>) -> Vec<Component> {
    let named = raw.stack.iter();
    named
        .filter_map(|(name, component)| resolve(name, component, raw, check))
        .collect()
}

fn resolve(
    name: &Name,
    written: &raw::Component,
    raw: &Raw,
    check: &mut Check<'_>,
) -> Option<Component> {
    let at = ["stack", name.as_str()];
    let language = language(written, &at, check);
    let services = services(written, &at, check);
    let suites = suites(written, language, raw, &at, check);
    let parts = parts(name, written, raw, check);
    let language = language?;
    let versions = versions(written, language, &at, check);
    let package_manager = package_manager(written, language, &at, check);
    let lint = lint(written, language, &at, check);
    Some(Component {
        name: name.as_str().to_owned(),
        language,
        versions,
        package_manager,
        source: written
            .source
            .as_ref()
            .map_or(".", |path| path.as_str())
            .to_owned(),
        dependencies: written.dependencies.to_vec(),
        lockfile: written.lockfile.as_ref().map(|path| tidy(path)),
        install: written
            .install
            .as_ref()
            .map(|command| command.as_str().to_owned()),
        system_packages: written
            .system_packages
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        services,
        lint,
        warn_on: written
            .warn_on
            .iter()
            .map(|text| text.as_str().to_owned())
            .collect(),
        migrations: written.migrations.as_ref().map(|folder| {
            let at = written.path.as_ref().map_or(".", |path| path.as_str());
            match tidy(at).as_str() {
                "." => tidy(folder),
                at => format!("{at}/{}", tidy(folder)),
            }
        }),
        suites,
        build: web::build(written, &at, check),
        binaries: web::binaries(written, language, &at, check),
        lighthouse: web::lighthouse(written, &at, check),
        cache: written.cache.to_vec(),
        env: written
            .env
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned()))
            .collect(),
        parts,
    })
}

fn language(
    written: &raw::Component,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Option<&'static Language> {
    let Some(first) = written.language.first() else {
        check.error(
            at,
            "language-missing",
            format!("`{}` has no language", at[1]),
            "write `language: python@3.12`, or the one it has",
        );
        return None;
    };
    let found = language::find(first.tool());
    if found.is_none() {
        let known = language::ALL
            .iter()
            .flat_map(|language| language.names.iter().copied());
        check.unknown(&[at[0], at[1], "language"], "language", first.tool(), known);
    }
    found
}

fn versions(
    written: &raw::Component,
    language: &'static Language,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Vec<String> {
    for (index, other) in written.language.iter().enumerate() {
        if !language.names.contains(&other.tool()) {
            let path = [at[0], at[1], "language", &index.to_string()];
            let message = format!(
                "`{}` is not {}, the language of this component",
                other, language.names[0]
            );
            check.error(
                &path,
                "two-languages",
                message,
                "make it a component of its own",
            );
        }
    }
    let version = |word: &Versioned| {
        word.version()
            .unwrap_or(language.default_version)
            .to_owned()
    };
    written.language.iter().map(version).collect()
}

fn package_manager(
    written: &raw::Component,
    language: &'static Language,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Option<(String, Option<String>)> {
    let word = written.package_manager.as_ref()?;
    if !language.package_managers.contains(&word.tool()) {
        let known = language.package_managers.iter().copied();
        check.unknown(
            &[at[0], at[1], "package-manager"],
            "package manager of this language",
            word.tool(),
            known,
        );
    }
    Some((word.tool().to_owned(), word.version().map(str::to_owned)))
}

fn services(
    written: &raw::Component,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Vec<service::Ready> {
    let mut all = Vec::new();
    for (index, item) in written.services.iter().enumerate() {
        let index = index.to_string();
        let path = [at[0], at[1], "services", &index];
        match item {
            raw::Service::Word(word) => match service::ready(word) {
                Some(ready) => all.push(ready),
                None => check.unknown(&path, "service", word.tool(), service::names()),
            },
            raw::Service::Filled(services) => {
                for (name, fetched) in services {
                    all.extend(filled(&path, name, fetched, check));
                }
            }
        }
    }
    all
}

/// A service with something that is fetched into it.
fn filled(
    path: &[&str],
    name: &str,
    fetched: &[Line],
    check: &mut Check<'_>,
) -> Option<service::Ready> {
    let Some(ready) = service::named(name) else {
        check.unknown(path, "service", name, service::names());
        return None;
    };
    let fetched = fetched.iter().map(|line| line.as_str().to_owned());
    let filled = ready.filled(fetched.collect());
    if filled.is_none() {
        let message = format!("nothing can be fetched into `{name}`");
        let help = format!("write `{name}` alone, and `fixtures` in a suite");
        check.error(path, "nothing-to-fetch", message, help);
    }
    filled
}

fn lint(
    written: &raw::Component,
    language: &'static Language,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Vec<Lint> {
    let mut all = Vec::new();
    for (index, item) in written.lint.iter().enumerate() {
        let index = index.to_string();
        let path = [at[0], at[1], "lint", &index];
        let mut named =
            |name: &str, arguments: Option<String>, all: &mut Vec<Lint>| match language::tool(
                language, name,
            ) {
                Some(tool) => all.push(Lint::Tool(tool, arguments)),
                None => check.unknown(
                    &path,
                    "tool known by name",
                    name,
                    language.tools.iter().map(|tool| tool.name),
                ),
            };
        match item {
            raw::Lint::Word(word) if word.contains([' ', '\n']) => {
                all.push(Lint::Command(word.as_str().to_owned()))
            }
            raw::Lint::Word(word) => named(word, None, &mut all),
            raw::Lint::Arguments(tools) => {
                for (name, arguments) in tools {
                    named(name, Some(arguments.as_str().to_owned()), &mut all);
                }
            }
        }
    }
    all
}

fn suites(
    written: &raw::Component,
    language: Option<&'static Language>,
    raw: &Raw,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Vec<Suite> {
    let tests = &written.test;
    let written = [
        &tests.unit,
        &tests.integration,
        &tests.e2e,
        &tests.performance,
        &tests.regression,
    ];
    let mut all = Vec::new();
    for (name, suite) in SUITES.into_iter().zip(written) {
        let Some(suite) = suite else { continue };
        let path = [at[0], at[1], "test", name];
        if suite.service.is_some() && suite.compose.is_empty() {
            check.error(
                &path,
                "compose-missing",
                "`service` names a service of no Compose file",
                "write `compose: FILE` beside it",
            );
        }
        let commands = suite.run.is_some() || suite.load.is_some() || suite.playwright.is_some();
        if !commands && name != "unit" {
            check.error(
                &path,
                "command-missing",
                format!("the suite `{name}` has no command"),
                "write `run: COMMAND`",
            );
        }
        // The gate is for all suites together; with a single one, that is the one.
        let only = tests.0
            == raw::Tests {
                unit: tests.unit.clone(),
                ..raw::Tests::default()
            };
        let coverage = suite.coverage.as_ref();
        let overall = coverage.and_then(|coverage| coverage.overall.as_ref());
        let changed = coverage.and_then(|coverage| coverage.changed.as_ref());
        let parts =
            changed.is_some() || coverage.is_some_and(|coverage| coverage.critical.is_some());
        if parts && !language.is_some_and(Language::knows_lines) {
            let message = format!("nothing says which lines of `{}` the tests cover", at[1]);
            let help = "write the least share of all lines only, as in `coverage: 80%`";
            check.error(
                &[at[0], at[1], "test", name, "coverage"],
                "no-lines",
                message,
                help,
            );
        }
        let gate = raw.gates.coverage.as_ref().filter(|_| {
            name == "unit"
                && (only
                    || tests
                        .integration
                        .as_ref()
                        .is_none_or(|suite| suite.coverage.is_none()))
        });
        all.push(Suite {
            name,
            run: suite
                .run
                .as_ref()
                .map(|command| command.as_str().to_owned()),
            coverage: overall.or(gate).map(|share| share.number()),
            critical: coverage.and_then(|coverage| coverage.critical.clone()),
            changed: changed.map(|share| share.number()),
            services: suite.services.unwrap_or(suite.compose.is_empty()),
            fixtures: suite
                .fixtures
                .as_ref()
                .map(|command| command.as_str().to_owned()),
            compose: suite.compose.to_vec(),
            service: suite
                .service
                .as_ref()
                .map(|service| service.as_str().to_owned()),
            timeout: suite
                .timeout
                .map_or(default_timeout(name), |minutes| minutes.0),
            benchmark: suite.benchmark.clone(),
            load: suite.load.clone(),
            playwright: web::playwright(suite, &path, check),
        });
    }
    all
}

fn default_timeout(suite: &str) -> u32 {
    match suite {
        "unit" => 15,
        "performance" => 25,
        _ => 20,
    }
}

fn parts(name: &Name, written: &raw::Component, raw: &Raw, check: &mut Check<'_>) -> Vec<Part> {
    let at = ["stack", name.as_str()];
    if written.members.is_empty() {
        let path = written.path.as_ref().map_or(".", |path| path.as_str());
        folder(path, &[at[0], at[1], "path"], check);
        let image = image(
            name,
            path,
            &written.image,
            raw,
            &[at[0], at[1], "image"],
            check,
        );
        return vec![Part {
            name: name.as_str().to_owned(),
            path: tidy(path),
            image,
        }];
    }
    if written.path.is_some() {
        check.error(
            &[at[0], at[1], "path"],
            "path-and-members",
            "a component with members has no folder of its own",
            "give each member its `path`",
        );
    }
    let mut parts = Vec::new();
    for (member, keys) in &written.members {
        let path = [at[0], at[1], "members", member.as_str()];
        let Some(folder_path) = &keys.path else {
            check.error(
                &path,
                "path-missing",
                format!("the member `{member}` has no folder"),
                "write `path: FOLDER`",
            );
            continue;
        };
        folder(
            folder_path,
            &[path[0], path[1], path[2], path[3], "path"],
            check,
        );
        let own = keys.image.as_ref().unwrap_or(&written.image);
        let image = image(
            member,
            folder_path,
            own,
            raw,
            &[path[0], path[1], path[2], path[3], "image"],
            check,
        );
        parts.push(Part {
            name: member.as_str().to_owned(),
            path: tidy(folder_path),
            image,
        });
    }
    parts
}

fn tidy(path: &str) -> String {
    let path = path
        .strip_prefix("./")
        .unwrap_or(path)
        .trim_end_matches('/');
    if path.is_empty() {
        ".".to_owned()
    } else {
        path.to_owned()
    }
}

/// A folder that is not there yet is no error: a manifest may come before the code.
fn folder(path: &str, at: &[&str], check: &mut Check<'_>) {
    if path != "." && !(check.exists)(path) {
        let place = check.value(at);
        let warning = Diagnostic::warning(
            "no-such-folder",
            format!("the folder `{path}` does not exist"),
        )
        .at(place)
        .note("the workflows are written all the same, and fail until it is there")
        .help("create it, or correct the path");
        check.diagnostics.push(warning);
    }
}

fn image(
    name: &Name,
    path: &str,
    written: &raw::Image,
    raw: &Raw,
    at: &[&str],
    check: &mut Check<'_>,
) -> Option<Image> {
    if !written.enabled {
        return None;
    }
    let path = tidy(path);
    let within = |file: &str| {
        if path == "." {
            file.to_owned()
        } else {
            format!("{path}/{file}")
        }
    };
    let moments = |moment| written.build.is_empty() || written.build.contains(&moment);
    for stage in written.stages.keys() {
        if !raw.environments.contains_key(stage) {
            let mut path = at.to_vec();
            path.extend(["stages", stage.as_str()]);
            check.unknown(
                &path,
                "environment",
                stage,
                raw.environments.keys().map(|name| name.as_str()),
            );
        }
    }
    let image = written
        .name
        .as_ref()
        .unwrap_or(name)
        .as_str()
        .to_ascii_lowercase();
    let variable = format!("{}_IMAGE", image.to_ascii_uppercase().replace('-', "_"));
    Some(Image {
        dockerfile: written
            .dockerfile
            .as_ref()
            .map_or_else(|| within("Dockerfile"), |path| tidy(path)),
        context: written
            .context
            .as_ref()
            .map_or_else(|| path.clone(), |path| tidy(path)),
        stages: written
            .stages
            .iter()
            .map(|(environment, stage)| {
                (environment.as_str().to_owned(), stage.as_str().to_owned())
            })
            .collect(),
        with_checks: moments(BuildMoment::Checks),
        for_deploy: moments(BuildMoment::Deploy),
        max_megabytes: written.max_size.as_ref().map(|most| most.size.megabytes()),
        size_warns: written
            .max_size
            .as_ref()
            .is_some_and(|most| most.effect == Some(raw::Effect::Warn)),
        platforms: written.platforms.to_vec(),
        variable: written
            .variable
            .as_ref()
            .map_or(variable, |name| name.as_str().to_owned()),
        name: image,
    })
}
