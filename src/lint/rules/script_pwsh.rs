//! `script-pwsh`: scripts of PowerShell that PowerShell does not read, or not as they are meant.

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Severity};
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::lint::script::{self, Language, Script, Shell};
use crate::source::Span;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[Rule {
    id: "script-pwsh",
    group: Group::Correctness,
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    finds: "what other shells write otherwise than PowerShell, and quotes and brackets that do not end",
    why: "Steps on Windows run in PowerShell unless they name a shell. There `$GITHUB_ENV` is a variable of its own, which is empty, and what is written into it is lost.",
    bad: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: windows-2025
    steps: [{run: 'echo LEVEL=high >> $GITHUB_ENV'}]
"],
    good: &["\
on: push
permissions: {}
jobs:
  a:
    runs-on: windows-2025
    steps: [{run: 'echo LEVEL=high >> $env:GITHUB_ENV'}]
"],
}];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    for script in script::scripts(cx) {
        let Shell::Pwsh { is_old } = script.shell else {
            continue;
        };
        variables(cx, script, found);
        let code = script::read(&script::masked(script.text), Language::PowerShell);
        let fault = script::unreadable(cx, script.node, &code, "script-pwsh");
        let is_whole = fault.is_none() && code.text.len() == script.text.len();
        found.extend(fault);
        if is_whole {
            statements(cx, script, &code.text, is_old, found);
        }
    }
}

/// Variables of the environment that are written as in other shells.
fn variables(cx: &Cx<'_>, script: &Script<'_>, found: &mut Diagnostics) {
    for (at, _) in script.text.match_indices("$GITHUB_") {
        let name = script.text[at + 1..].split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let name = name.into_iter().next().unwrap_or_default();
        // A variable of the script itself.
        let is_own = script.text.lines().any(|line| {
            let rest = line.trim_start().strip_prefix('$');
            let rest = rest.and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        let line = script.text[..at].rsplit('\n').next().unwrap_or_default();
        let is_literal = line.ends_with('`') || line.matches('\'').count() % 2 == 1;
        if is_own || is_literal {
            continue;
        }
        let span = Span::of(at..at + 1 + name.len());
        let meant = format!("$env:{name}");
        let edit = script.node.rewritten_within(cx.text, span, &meant);
        found.push(
            Diagnostic::warning("script-pwsh", format!("`${name}` is empty in PowerShell"))
                .at(script.node.place_within(cx.text, span))
                .note("variables of the environment begin with `$env:` there")
                .help(format!("write `{meant}`, or name another `shell`"))
                .mend(Applicability::Unsafe, edit),
        );
    }
}

/// What only other shells understand.
fn statements(cx: &Cx<'_>, script: &Script<'_>, code: &str, is_old: bool, found: &mut Diagnostics) {
    let mut tell = |at: usize, length: usize, message: String, help: &str| {
        found.push(
            Diagnostic::warning("script-pwsh", message)
                .at(script.node.place_within(cx.text, Span::of(at..at + length)))
                .note("this runs in PowerShell")
                .help(format!("{help}, or name another `shell`")),
        );
    };
    let mut start = 0;
    let mut lines = code.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let begin = start + line.len() - line.trim_start().len();
        let words = line.trim();
        start += line.len();
        if words.starts_with("export ") && words.contains('=') {
            tell(
                begin,
                "export".len(),
                "PowerShell has no `export`".to_owned(),
                "write `$env:NAME = 'value'`",
            );
        }
        if matches!(words, "fi" | "done" | "esac" | "then" | "do") {
            let message = format!("PowerShell has no `{words}`");
            tell(
                begin,
                words.len(),
                message,
                "put what belongs together into braces",
            );
        }
        let goes_on = lines
            .peek()
            .is_some_and(|next| next.trim_start().starts_with('-'));
        if words.ends_with(" \\") && goes_on {
            let at = begin + words.len() - 1;
            tell(
                at,
                1,
                "this `\\` is an argument".to_owned(),
                "end the line with a backtick",
            );
        }
    }
    for operator in ["&&", "||"].into_iter().filter(|_| is_old) {
        if let Some(at) = code.find(operator) {
            let message = format!("the PowerShell of Windows has no `{operator}`");
            tell(at, operator.len(), message, "take `shell: pwsh`");
        }
    }
}
