//! Components: languages, services and checks here; suites and folders beside.

mod parts;
mod suites;

use super::{Check, web};
use crate::blocks::language::{self, Language};
use crate::blocks::service;
use crate::blocks::words::{Line, Name, Versioned};
use crate::manifest::model::{Component, Lint};
use crate::manifest::raw::{self, Raw};

use parts::tidy;
pub(super) use suites::SUITES;

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
    let suites = suites::suites(written, language, raw, &at, check);
    let parts = parts::parts(name, written, raw, check);
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
