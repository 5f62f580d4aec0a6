//! Tables of the blocks that manifests can name.

use crate::assets::PRESETS;
use crate::blocks::words::{self, Versioned};
use crate::blocks::{language, migration, scanner, service};
use crate::manifest::trigger;
use crate::pipeline::Phase;

/// The headings of the tables.
pub(super) const HEADINGS: &[&str] = &[
    "Languages",
    "Tools",
    "Scanners",
    "Services",
    "Migrations",
    "Triggers",
    "Phases",
    "Presets",
    "Words",
];

/// All tables, behind each other.
pub(super) fn tables() -> String {
    let tables = [
        languages(),
        tools(),
        scanners(),
        services(),
        migrations(),
        triggers(),
        phases(),
        presets(),
        kinds_of_words(),
    ];
    let parts = HEADINGS.iter().zip(tables);
    parts
        .map(|(heading, table)| format!("\n## {heading}\n\n{table}"))
        .collect()
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.map(str::to_owned).into());
    text.push_str(&format!("|{}\n", "---|".repeat(N)));
    rows.for_each(|cells| text.push_str(&line(cells.map(|cell| cell.replace('|', "\\|")).into())));
    text
}

fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

fn languages() -> String {
    let rows = language::ALL.iter().map(|language| {
        let version = match language.default_version {
            "" => String::new(),
            version => code(version),
        };
        [
            codes(language.names.iter().copied()),
            version,
            codes(language.package_managers.iter().copied()),
            if language.measures_coverage {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
        ]
    });
    let about = "For `stack.NAME.language` and `package-manager`. The first name is the usual one; the first package manager is the default.\n\n";
    about.to_owned()
        + &table(
            [
                "Language",
                "Default version",
                "Package managers",
                "Coverage gate",
            ],
            rows,
        )
}

fn tools() -> String {
    let rows = language::ALL.iter().map(|language| {
        [
            code(language.names[0]),
            codes(language.tools.iter().map(|tool| tool.name)),
        ]
    });
    let about = "For `stack.NAME.lint`: linters, formatters and type checkers by name. Any other check is a command line with a blank in it: `npm run lint`.\n\n";
    about.to_owned() + &table(["Language", "Tools"], rows)
}

fn scanners() -> String {
    let rows = scanner::ALL.iter().map(|scanner| {
        let languages = match scanner.languages {
            [] => "any".to_owned(),
            languages => codes(languages.iter().copied()),
        };
        let kinds = scanner::Kind::JOBS.iter();
        let kind = kinds
            .filter(|(kind, ..)| *kind == scanner.kind)
            .map(|(.., name)| *name);
        let secrets = codes(scanner.secrets.iter().copied());
        [code(scanner.name), kind.collect(), languages, secrets]
    });
    let words = codes(scanner::WORDS.iter().map(|(word, ..)| *word));
    let about = format!(
        "For `gates.scanners` and the `scan` of workflows. The words {words} mean the ones that \
         fit the languages of the stack. What they find is judged by `gates`; one with a secret \
         is skipped where that is not set.\n\n"
    );
    about + &table(["Scanner", "Looks for", "Languages", "Secrets"], rows)
}

fn services() -> String {
    let words = service::names().filter_map(Versioned::new);
    let ready = words.filter_map(|word| service::ready(&word));
    let rows = ready.map(|ready| {
        [
            code(&ready.service.name),
            code(&ready.service.image),
            code(&ready.variable.0),
        ]
    });
    let about = "For `stack.NAME.services`: containers beside the tests. A version is the image's tag: `postgres@15`.\n\n";
    about.to_owned() + &table(["Service", "Image", "Variable of the tests"], rows)
}

fn migrations() -> String {
    let rows = migration::names()
        .filter_map(migration::find)
        .map(|tool| [code(tool.name), code(tool.forward)]);
    let about = "For `deploy.migrate`. Any other tool is a command line.\n\n";
    about.to_owned() + &table(["Tool", "Command"], rows)
}

fn triggers() -> String {
    let forms = codes(trigger::FORMS);
    format!(
        "For `on` of workflows and deployments: {forms}. Several branches or tags stand behind each other: `branch main release/*`. Times are UTC. `call` makes a workflow that others can call; `merge-group` checks what a merge queue is about to merge.\n"
    )
}

fn phases() -> String {
    let names = codes(Phase::NAMED.iter().map(|(_, name)| *name));
    format!(
        "For the `steps` of workflows, at `before-PHASE` and `after-PHASE`, and for `ids`: {names}.\n"
    )
}

fn presets() -> String {
    let rows = PRESETS.iter().map(|(name, text)| {
        let about: Vec<_> = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#').trim())
            .collect();
        [code(name), about.join(" ")]
    });
    let about =
        "For `extends`, and for `cicd init --preset`. `cicd presets show NAME` prints one.\n\n";
    about.to_owned() + &table(["Preset", "For"], rows)
}

fn kinds_of_words() -> String {
    let rows = words::kinds()
        .iter()
        .map(|kind| [kind.title.to_owned(), codes(kind.examples.iter().copied())]);
    let about = "What the tables above call the texts that they take.\n\n";
    about.to_owned() + &table(["Word", "For example"], rows)
}
