//! The linters, formatters and type checkers of a component, as a person would list them.
//!
//! A command of the repository's own comes first: it names the files and options that its
//! people agreed on. A tool without one is named, and gets the command of its language.

use super::text::{self, comment};
use crate::blocks::language::{self, Language, Tool};
use crate::detect::{self, Component, Found};

/// The lines that say what looks at the code.
pub(super) fn lines(component: &Component, language: &'static Language) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let (mut tested, mut unknown) = (Vec::new(), Vec::new());
    let all = |list: &[Found], formats: bool| -> Vec<(String, bool)> {
        list.iter()
            .map(|found| (found.value.to_ascii_lowercase(), formats))
            .collect()
    };
    let tools = [
        all(&component.lint, false),
        all(&component.format, true),
        all(&component.typecheck, false),
    ]
    .concat();
    for (name, formats) in tools {
        let tool = names(&name, formats)
            .iter()
            .find_map(|name| language::tool(language, name));
        let own = own_check(component, &name, tool);
        let item = match (own, tool) {
            (Some(Own::Tests), _) => {
                tested.push(comment(&name));
                continue;
            }
            (Some(Own::Command(command)), _) => command,
            (None, Some(tool)) => tool.name.to_owned(),
            (None, None) => {
                unknown.push(comment(&name));
                continue;
            }
        };
        if !items.contains(&item) {
            items.push(item);
        }
    }
    if items.iter().any(|item| item == "golangci-lint") {
        // It runs what its configuration lists.
        unknown.retain(|tool| tool != "goimports");
    }
    unknown.dedup();
    tested.dedup();
    let mut lines = Vec::new();
    if !items.is_empty() {
        lines.push(text::list("lint", &items));
    }
    if !tested.is_empty() {
        lines.push(format!("# the tests run {}, too", tested.join(", ")));
    }
    if !unknown.is_empty() {
        lines.push(format!(
            "# also set up for {}: add its command to `lint`",
            unknown.join(", ")
        ));
    }
    lines
}

/// What the repository runs a tool with.
enum Own {
    /// This command, as a scalar.
    Command(String),
    /// The command of its tests.
    Tests,
}

/// The repository's own way to run a tool, unless it is just what the tool's name stands for.
fn own_check(component: &Component, name: &str, tool: Option<&'static Tool>) -> Option<Own> {
    let runs = |check: &&detect::Check| check.tools.iter().any(|tool| *tool == name);
    let check = component.checks.iter().find(runs)?;
    let test = component.test_command.as_ref();
    if test.is_some_and(|test| test.value == check.command.value) {
        return Some(Own::Tests);
    }
    let usual = tool.map(|tool| tool.line("", None, "."));
    let usual = usual.as_deref().map(|line| {
        let line = line.strip_prefix("npx ").unwrap_or(line);
        line.strip_prefix("bunx ").unwrap_or(line)
    });
    let is_usual = check.tools.len() == 1 && usual == Some(check.says.as_str());
    let command = text::command(&check.command.value).filter(|_| !is_usual)?;
    Some(Own::Command(command))
}

/// What a detected tool may be called in manifests: `go vet` is `govet` there, and
/// `dart format` is `dart-format`.
fn names(tool: &str, formats: bool) -> Vec<String> {
    let mut names = vec![tool.replace(' ', "-"), tool.replace(' ', "")];
    if formats {
        names.insert(0, format!("{tool}-format"));
    }
    names
}
