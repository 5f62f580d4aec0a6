//! `script-shell`: what ShellCheck says of scripts.
//!
//! It reads files, so whoever can write files runs it: [`shell_scripts`] gives what to write,
//! and [`ShellScript::finding`] says what a remark means for the workflow. Every expression is
//! a word of the same length there, so that lines and columns stay.

use crate::diagnostics::{Diagnostic, Severity};
use crate::expression;
use crate::lint::repository::{File, Member, Read};
use crate::lint::rule::{Fixes, Group, Rule};
use crate::lint::script::{self, Script, Shell};
use crate::parallel;
use crate::source::{Location, Sources, Span};
use crate::syntax::OffsetMap;

pub(super) static RULES: &[Rule] = &[Rule {
    id: "script-shell",
    group: Group::Correctness,
    severity: Severity::Warning,
    fixes: Fixes::Never,
    finds: "what ShellCheck finds in a script, if `shellcheck` is installed",
    why: "Most faults of shell scripts are known by name. What no shell can read is an error, advice a note. A comment `# shellcheck disable=SC2086` in the script silences it there.",
    bad: &[],
    good: &[],
}];

/// A script as ShellCheck is to see it.
#[derive(Debug)]
pub struct ShellScript {
    /// What to write into a file of its own.
    pub text: String,
    /// The script as the workflow has it.
    original: String,
    /// Where it stands.
    location: Location,
    map: Option<OffsetMap>,
}

/// Something that ShellCheck says of a file.
#[derive(Debug, Clone)]
pub struct Remark {
    /// The number of its kind, without `SC`.
    pub code: u32,
    /// `error`, `warning`, `info` or `style`.
    pub level: String,
    /// What it says.
    pub message: String,
    /// Line and column where it begins, from 1.
    pub start: [u32; 2],
    /// The same of its end.
    pub end: [u32; 2],
}

/// Lines before each script: its dialect, and what GitHub sets.
const HEADER: u32 = 2;

/// Returns the scripts of the wanted files that are for bash or sh.
pub fn shell_scripts(sources: &Sources, files: &[File]) -> Vec<ShellScript> {
    let found = parallel::map(files, |file| {
        let Some(source) = sources.get(file.id).filter(|_| file.wanted) else {
            return Vec::new();
        };
        let read = Read::new(file, source.text());
        let member = Member::new(&read);
        let scripts = script::of(member.workflow.as_ref(), member.action.as_ref());
        let scripts = scripts.iter().filter(|script| script.shell.is_posix());
        scripts.map(|script| prepare(script, read.text)).collect()
    });
    found.into_iter().flatten().collect()
}

fn prepare(script: &Script<'_>, text: &str) -> ShellScript {
    let (dialect, set) = match script.shell {
        Shell::Bash { pipefail: true } => ("bash", "set -eo pipefail"),
        Shell::Bash { pipefail: false } => ("bash", "set -e"),
        _ => ("sh", "set -e"),
    };
    let masked = script::masked(script.text);
    ShellScript {
        text: format!("# shellcheck shell={dialect}\n{set}\n{masked}\n"),
        original: script.text.to_owned(),
        location: script.node.location(),
        map: script.node.offset_map(text),
    }
}

/// Kinds of remarks that say nothing of scripts in workflows.
const OFF: [u32; 4] = [
    // It cannot follow `source`: the file is not there yet.
    1090, 1091, // A variable that nothing sets, or a similar name: `env` sets them.
    2153, 2154,
];

/// Kinds that a word in the place of an expression brings about: it looks constant, and it is
/// no number.
const OF_MASKS: [u32; 11] = [
    2043, 2050, 2078, 2125, 2151, 2157, 2170, 2193, 2194, 2242, 2252,
];

/// Kinds that say that a script cannot be read any further.
const UNREADABLE: [u32; 2] = [1072, 1073];

impl ShellScript {
    /// Returns what a remark means for the workflow; nothing if it is none there.
    pub fn finding(&self, remark: &Remark) -> Option<Diagnostic> {
        let place = |[line, column]: [u32; 2]| Some([line.checked_sub(HEADER)?, column]);
        let (start, end) = (place(remark.start)?, place(remark.end)?);
        let is_masked = self.lines(start[0], end[0]).any(expression::is_in);
        if OFF.contains(&remark.code) || is_masked && OF_MASKS.contains(&remark.code) {
            return None;
        }
        let severity = match &*remark.level {
            "error" if UNREADABLE.contains(&remark.code) => Severity::Error,
            "error" | "warning" => Severity::Warning,
            _ => Severity::Note,
        };
        let code = remark.code;
        Some(
            Diagnostic::new(severity, "script-shell", sentence(&remark.message))
                .at(self.place(start, end))
                .note(format!("ShellCheck knows it as SC{code}"))
                .help(format!("see https://www.shellcheck.net/wiki/SC{code}")),
        )
    }

    fn lines(&self, first: u32, last: u32) -> impl Iterator<Item = &str> {
        let count = (last + 1).saturating_sub(first) as usize;
        let skip = first.saturating_sub(1) as usize;
        self.original.lines().skip(skip).take(count)
    }

    /// Columns count letters, spans bytes.
    fn place(&self, start: [u32; 2], end: [u32; 2]) -> Location {
        let mut location = self.location;
        let span = self.offset(start).zip(self.offset(end));
        let span = span.map(|(start, end)| Span::new(start, end.max(start)));
        let map = self.map.as_ref();
        if let Some(span) = map.zip(span).and_then(|(map, span)| map.span(span)) {
            location.span = span;
        }
        location
    }

    fn offset(&self, [line, column]: [u32; 2]) -> Option<u32> {
        let mut lines = self.original.split_inclusive('\n');
        let skipped = line.checked_sub(1)? as usize;
        let before: usize = lines.by_ref().take(skipped).map(str::len).sum();
        let text = lines.next().unwrap_or_default();
        let letters = column.checked_sub(1)? as usize;
        let within = text
            .char_indices()
            .nth(letters)
            .map_or(text.len(), |(at, _)| at);
        u32::try_from(before + within).ok()
    }
}

/// A message in our own form: lower case, no full stop.
fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first, second) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => first
            .to_lowercase()
            .chain(message.chars().skip(1))
            .collect(),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::FileKind;
    use crate::source::Source;

    fn scripts(text: &str) -> (Sources, Vec<ShellScript>) {
        let mut sources = Sources::new();
        let file = File {
            id: sources.add(Source::new("ci.yml", text).expect("short")),
            kind: FileKind::Workflow,
            repository: String::new(),
            path: "ci.yml".to_owned(),
            wanted: true,
            absent: Vec::new(),
        };
        let scripts = shell_scripts(&sources, &[file]);
        (sources, scripts)
    }

    fn remark(code: u32, level: &str, start: [u32; 2], end: [u32; 2]) -> Remark {
        Remark {
            code,
            level: level.to_owned(),
            message: "Double quote it.".to_owned(),
            start,
            end,
        }
    }

    #[test]
    fn scripts_stand_behind_their_dialect_without_expressions() {
        let (_, found) = scripts(
            "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo ${{ github.sha }}
      - {run: a, shell: bash}
      - {run: b, shell: sh}
      - {run: c, shell: pwsh}
  b:
    runs-on: windows-2025
    steps: [{run: d}]
",
        );
        let texts: Vec<_> = found.iter().map(|script| &*script.text).collect();
        assert_eq!(
            texts,
            [
                "# shellcheck shell=bash\nset -e\necho _________________\n",
                "# shellcheck shell=bash\nset -eo pipefail\na\n",
                "# shellcheck shell=sh\nset -e\nb\n",
            ]
        );
    }

    #[test]
    fn remarks_stand_where_the_workflow_has_the_text() {
        let (sources, found) = scripts(
            "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          first
          echo é ${{ 'ü' }} $X

          last
      - run: >
          folded
          $X
",
        );
        let shown = |script: usize, start, end| {
            let finding = found[script].finding(&remark(2086, "info", start, end));
            let location = finding.expect("one").primary.expect("a place");
            let text = sources.get(location.source).expect("known").text();
            text[location.span.range()].to_owned()
        };
        assert_eq!(shown(0, [4, 19], [4, 21]), "$X");
        assert_eq!(shown(0, [6, 1], [6, 5]), "last");
        // Folds have moved what stands there, so all of it is meant.
        assert!(shown(1, [3, 8], [3, 10]).contains("folded\n          $X"));
        // A place that no script has is none of ours.
        assert!(
            found[0]
                .finding(&remark(2086, "info", [1, 1], [1, 2]))
                .is_none()
        );
        assert_eq!(shown(0, [900, 900], [901, 1]), "");
    }

    #[test]
    fn what_only_a_mask_brings_about_is_left_out() {
        let (_, found) = scripts(
            "on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          [ ${{ inputs.a }} = b ]
          [ a = b ]
",
        );
        let finding =
            |code, level, line| found[0].finding(&remark(code, level, [line, 1], [line, 3]));
        assert!(finding(2050, "warning", 3).is_none());
        assert!(finding(2050, "warning", 4).is_some());
        assert!(finding(2154, "warning", 4).is_none());
        let weight = |code, level| finding(code, level, 4).map(|one| one.severity);
        assert_eq!(weight(1073, "error"), Some(Severity::Error));
        assert_eq!(weight(1087, "error"), Some(Severity::Warning));
        assert_eq!(weight(2006, "style"), Some(Severity::Note));
        let message = finding(2086, "info", 4).expect("one").message;
        assert_eq!(message, "double quote it");
    }
}
