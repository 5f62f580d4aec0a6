//! A table for the summary of a job: what is wrong, where, why, and what to do.
//!
//! GitHub drops a summary of more than 1 MiB whole, so the table ends before that.

use std::io::{self, Write};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// Other steps may write to the same summary.
const MAX_BYTES: usize = 512 << 10;

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
) -> io::Result<()> {
    let all: Vec<_> = diagnostics.iter().collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "| | Where | What | What to do |\n| --- | --- | --- | --- |"
    )?;
    let mut bytes = 0;
    for (index, one) in all.iter().enumerate() {
        let row = row(one, sources);
        bytes += row.len();
        if bytes > MAX_BYTES {
            return writeln!(out, "\n{} more are not shown.", all.len() - index);
        }
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn row(one: &Diagnostic, sources: &Sources) -> String {
    let sign = match one.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let place = one.primary.and_then(|place| sources.resolve(place));
    let place = place.map_or_else(String::new, |(source, start, _)| {
        format!("`{}:{}`", cell(source.name()).replace('`', ""), start.line)
    });
    let mut what = cell(&one.message);
    for note in &one.notes {
        what.push_str("<br>• ");
        what.push_str(&cell(note));
    }
    let help = one.help.as_deref().map(cell).unwrap_or_default();
    format!("| {sign} {} | {place} | {what} | {help} |", one.code)
}

/// A text that stays within its cell, and shows what it says.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut in_code = false;
    for letter in text.chars() {
        match letter {
            '`' => {
                in_code = !in_code;
                cell.push(letter);
            }
            '|' => cell.push_str("\\|"),
            '\n' => cell.push_str("<br>"),
            letter if letter.is_control() => cell.push(' '),
            // Within backticks these are letters like others.
            '<' if !in_code => cell.push_str("&lt;"),
            '*' | '_' | '[' | ']' | '\\' if !in_code => cell.extend(['\\', letter]),
            letter => cell.push(letter),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canned::canned;

    fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(&mut out, diagnostics, sources).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_canned_diagnostics() {
        let (sources, diagnostics) = canned();
        insta::assert_snapshot!(rendered(&diagnostics, &sources), @"
        | | Where | What | What to do |
        | --- | --- | --- | --- |
        | ❌ io |  | `missing.yml` cannot be read: no such file | check the path |
        | ⚠️ unpinned-action | `.github/workflows/ci.yml:7` | `actions/checkout@v4` can change under you<br>• whoever moves the tag `v4` runs code with this job's token | pin the commit; `cicd lint --fix` writes it with the tag as a comment |
        | ❌ template-injection | `.github/workflows/ci.yml:9` | an expression runs as shell code |  |
        | ❌ unknown-key | `cicd.yml:2` | `enviroments` is no key of the manifest | did you mean `environments`? |
        | ℹ️ no-gates | `cicd.yml:3` | nothing has to hold before a deploy |  |
        ");
    }

    #[test]
    fn nothing_leaves_its_cell() {
        let found = Diagnostic::error("a", "a | b\n<img src=x> *b* `c | <d>`").note("[x](y)");
        let text = rendered(&found.into(), &Sources::new());
        let row = text.lines().last().unwrap();
        assert_eq!(
            row,
            r"| ❌ a |  | a \| b<br>&lt;img src=x> \*b\* `c \| <d>`<br>• \[x\](y) |  |"
        );
    }

    #[test]
    fn a_long_table_ends_in_time() {
        let many = (0..20_000).map(|_| Diagnostic::error("a", "x".repeat(100)));
        let text = rendered(&many.collect(), &Sources::new());
        assert!(text.len() < 600 << 10);
        assert!(
            text.trim_end().ends_with(" more are not shown."),
            "{}",
            &text[text.len() - 80..]
        );
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(rendered(&Diagnostics::new(), &Sources::new()), "");
    }
}
