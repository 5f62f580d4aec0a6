//! `script-python`: scripts of Python that Python does not read.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::script::{self, Code, Language, Shell};
use crate::source::Span;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "script-python",
    group: Group::Correctness,
    severity: Severity::Error,
    fixes: Fixes::Never,
    finds: "a script for Python that it cannot read: quotes, brackets, indentation, `print` of Python 2",
    why: "Python reads the whole script before it runs any of it, so the step fails at once.",
    bad: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - shell: python
        run: |
          for number in range(3):
            print number
"],
    good: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - shell: python
        run: |
          for number in range(3):
            print(number)
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for script in script::scripts(cx) {
        if script.shell != Shell::Python {
            continue;
        }
        let code = script::read(&script::masked(script.text), Language::Python);
        if let Some(fault) = script::unreadable(cx, script.node, &code, "script-python") {
            found.push(fault);
            continue;
        }
        // Where lines of an expression are gone, offsets would lie.
        if code.text.len() != script.text.len() {
            continue;
        }
        let fault = indentation(&code).or_else(|| statement(&code));
        found.extend(fault.map(|(at, message, help)| {
            Diagnostic::error("script-python", message)
                .at(script.node.place_within(cx.text, Span::of(at)))
                .note("the script does not begin to run")
                .help(help)
        }));
    }
}

type Fault = (std::ops::Range<usize>, String, &'static str);

/// The lines of statements: where each begins, its indentation, and its code.
fn lines(code: &Code) -> impl Iterator<Item = (usize, &str, &str)> {
    let ends = code.lines.iter().skip(1).copied();
    let ends = ends.chain([code.text.len()]);
    code.lines.iter().zip(ends).filter_map(|(start, end)| {
        let line = code.text.get(*start..end)?;
        let rest = line.trim_start_matches([' ', '\t']);
        let indentation = &line[..line.len() - rest.len()];
        (!rest.trim().is_empty()).then_some((*start + indentation.len(), indentation, rest))
    })
}

/// A line that is deeper than it may be, or as deep as none before it.
fn indentation(code: &Code) -> Option<Fault> {
    let mut depths = vec![0];
    let mut opens = false;
    for (start, indentation, line) in lines(code) {
        // How deep a tab is depends on what stands beside it.
        if indentation.contains('\t') {
            return None;
        }
        let (depth, deepest) = (indentation.len(), *depths.last().unwrap_or(&0));
        let first = line.chars().next().map_or(0, char::len_utf8);
        let at = start..start + first;
        if depth > deepest {
            if !opens {
                let message = "this line is deeper than the one before".to_owned();
                return Some((at, message, "begin it where the line before begins"));
            }
            depths.push(depth);
        } else if opens {
            let message = "a block is wanted behind the `:` before".to_owned();
            return Some((at, message, "write the block deeper than its head"));
        } else {
            depths.retain(|known| *known <= depth);
            if depths.last() != Some(&depth) {
                let message = "no line before begins as deep as this one".to_owned();
                return Some((at, message, "begin it where its block begins"));
            }
        }
        opens = line.trim_end().ends_with(':');
    }
    None
}

/// Words behind which `print` is a name like any other.
const OPERATORS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "not", "or"];

/// `print` without brackets.
fn statement(code: &Code) -> Option<Fault> {
    lines(code).find_map(|(start, _, line)| {
        let rest = line.strip_prefix("print ")?.trim_start();
        let word = rest
            .split(|it: char| !it.is_alphanumeric() && it != '_')
            .next()?;
        let is_value = !word.is_empty() && !OPERATORS.contains(&word) || rest.starts_with('\'');
        is_value.then(|| {
            let message = "`print` is a function".to_owned();
            (
                start..start + "print".len(),
                message,
                "put what it prints into brackets",
            )
        })
    })
}
