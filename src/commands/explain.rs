//! `explain`: what a rule of the linter finds, and why.

use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, nearest};
use crate::lint::{self, Fixes};

/// Explains a rule, or lists all.
pub fn run(id: Option<&str>, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let all = lint::all();
    let Some(id) = id else {
        let width = all
            .iter()
            .map(|rule| rule.id.len())
            .max()
            .unwrap_or_default();
        for rule in all {
            writeln!(terminal.out, "{:width$} {}", rule.id, rule.finds)?;
        }
        return Ok(Status::Clean);
    };
    let Some(rule) = all.iter().find(|rule| rule.id == id) else {
        let error = Diagnostic::error("unknown-rule", format!("there is no rule `{id}`"));
        return Err(match nearest(id, all.iter().map(|rule| rule.id)) {
            Some(near) => error.help(format!("write `{near}`")),
            None => error.help("`cicd explain` lists all"),
        }
        .into());
    };
    let (group, severity) = (rule.group.as_str(), rule.severity.as_str());
    writeln!(terminal.out, "{id} ({group}, {severity})\n")?;
    writeln!(terminal.out, "Finds {}.\n{}", rule.finds, rule.why)?;
    match rule.fixes {
        Fixes::Always => writeln!(terminal.out, "`cicd lint --fix` fixes it.")?,
        Fixes::Sometimes => {
            writeln!(
                terminal.out,
                "`cicd lint --fix` fixes it where it is plain what was meant."
            )?;
        }
        Fixes::Never => {}
    }
    for (name, text) in [("Found", rule.bad), ("Fine", rule.good)] {
        if !text.is_empty() {
            writeln!(terminal.out, "\n{name}:\n")?;
            text.concat()
                .lines()
                .try_for_each(|line| writeln!(terminal.out, "    {line}"))?;
        }
    }
    Ok(Status::Clean)
}
