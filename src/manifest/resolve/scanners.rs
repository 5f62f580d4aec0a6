//! Scanners: by name, or by a general word that chooses those that fit the languages.

use super::Check;
use crate::blocks::language;
use crate::blocks::scanner::{self, Kind, Scanner};
use crate::blocks::words::Name;
use crate::manifest::model::{Choice, Component};
use crate::manifest::raw::{self, Effect};

/// The scanners of the gates.
pub(super) fn of_gates(
    written: &[raw::Scanner],
    components: &[Component],
    check: &mut Check<'_>,
) -> Vec<Choice> {
    let mut chosen = Vec::new();
    for (index, entry) in written.iter().enumerate() {
        let index = index.to_string();
        let at = ["gates", "scanners", &index];
        match entry {
            raw::Scanner::Name(name) => choose(&mut chosen, &at, name, None, components, check),
            raw::Scanner::AtMost(capped) => {
                for (name, effect) in capped {
                    let at = [at[0], at[1], at[2], name.as_str()];
                    choose(&mut chosen, &at, name, Some(*effect), components, check);
                }
            }
        }
    }
    chosen
}

/// The scanners that run with the checks, which look at the repository only.
pub(super) fn of_checks(
    workflow: &[&str; 2],
    written: &[Name],
    components: &[Component],
    check: &mut Check<'_>,
) -> Vec<Choice> {
    let mut chosen = Vec::new();
    for (index, name) in written.iter().enumerate() {
        let index = index.to_string();
        let at = [workflow[0], workflow[1], "scan", "tools", &index];
        match scanner::find(name).filter(|scanner| scanner.repository.is_none()) {
            Some(_) => check.error(
                &at,
                "scanner-fits-nothing",
                format!("`{name}` looks at images, and the checks have the repository only"),
                "name it under `gates: scanners:`",
            ),
            None => choose(&mut chosen, &at, name, None, components, check),
        }
    }
    chosen
}

/// Adds the scanners of a name or a general word, each once.
fn choose(
    chosen: &mut Vec<Choice>,
    at: &[&str],
    name: &str,
    at_most: Option<Effect>,
    components: &[Component],
    check: &mut Check<'_>,
) {
    let found = if let Some(scanner) = scanner::find(name) {
        if !fits(scanner, at, components, check) {
            return;
        }
        vec![scanner]
    } else if let Some((_, kind, otherwise)) =
        scanner::WORDS.iter().find(|(word, ..)| *word == name)
    {
        of_kind(*kind, otherwise, components)
    } else {
        let names = scanner::ALL.iter().map(|scanner| scanner.name);
        let words = scanner::WORDS.iter().map(|(word, ..)| *word);
        check.unknown(at, "scanner", name, names.chain(words));
        return;
    };
    for scanner in found {
        if !chosen
            .iter()
            .any(|known| known.scanner.name == scanner.name)
        {
            chosen.push(Choice { scanner, at_most });
        }
    }
}

/// The usual scanners of a kind for all components; `otherwise` for those that have none.
fn of_kind(kind: Kind, otherwise: &str, components: &[Component]) -> Vec<&'static Scanner> {
    let mut found: Vec<&'static Scanner> = Vec::new();
    let mut left = components.is_empty();
    for component in components {
        let mut usual = scanner::ALL
            .iter()
            .copied()
            .filter(|scanner| {
                scanner.usual && scanner.kind == kind && component.understood_by(scanner)
            })
            .peekable();
        left |= usual.peek().is_none();
        found.extend(usual);
    }
    if left {
        found.extend(scanner::find(otherwise));
    }
    found
}

/// Whether there is something for a scanner to look at.
fn fits(scanner: &Scanner, at: &[&str], components: &[Component], check: &mut Check<'_>) -> bool {
    let name = scanner.name;
    if scanner.repository.is_none() {
        let images = components.iter().flat_map(Component::images);
        let found = images.count() > 0;
        if !found {
            let message = format!("`{name}` looks at images, and no component has one");
            let help = "leave it out, or write `image: true` at a component";
            check.error(at, "scanner-fits-nothing", message, help);
        }
        return found;
    }
    if scanner.languages.is_empty() || components.iter().any(|one| one.understood_by(scanner)) {
        return true;
    }
    let mut names: Vec<_> = scanner
        .languages
        .iter()
        .filter_map(|name| Some(language::find(name)?.names[0]))
        .collect();
    names.dedup();
    let mut wanted = names.join(" or ");
    if !scanner.managers.is_empty() {
        wanted = format!("{wanted} with {}", scanner.managers.join(" or "));
    }
    let message = format!("`{name}` understands {wanted}, and no component is of that kind");
    let help = format!(
        "leave it out, or name the component: `scripts: {{path: scripts, language: {}}}`",
        names[0]
    );
    check.error(at, "scanner-fits-nothing", message, help);
    false
}
