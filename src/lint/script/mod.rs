//! The scripts of steps: what runs them, and as what a reader of that language sees them.

mod commands;
mod lexis;
mod masked;

pub(super) use commands::{Command, End, commands};
pub(super) use lexis::{Code, Language, read};
pub(super) use masked::masked;

use crate::diagnostics::Diagnostic;
use crate::lint::Cx;
use crate::source::Span;
use crate::syntax::Node;
use crate::workflow::{Action, Job, Step, Workflow};

/// The shell of a script, as far as it matters to those who read scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    /// Bash, with or without `pipefail`.
    Bash { pipefail: bool },
    /// A plain POSIX shell.
    Sh,
    /// PowerShell: that of today, or the one that comes with Windows.
    Pwsh { is_old: bool },
    /// Python.
    Python,
    /// Another one, or one that depends on the runner.
    Other,
}

/// A script with the step and the job that it stands in.
pub(super) struct Script<'f> {
    /// The job; nothing in a composite action.
    pub(super) job: Option<&'f Job<'f>>,
    /// The step.
    pub(super) step: &'f Step<'f>,
    /// Where it is written.
    pub(super) node: Node<'f>,
    /// The script.
    pub(super) text: &'f str,
    /// What runs it.
    pub(super) shell: Shell,
}

/// All scripts of a file, looked for once.
pub(super) fn scripts<'c, 'f>(cx: &'c Cx<'f>) -> &'c [Script<'f>] {
    cx.scripts.get_or_init(|| of(cx.workflow, cx.action))
}

/// All scripts of a workflow, or of a composite action.
pub(super) fn of<'f>(
    workflow: Option<&'f Workflow<'f>>,
    action: Option<&'f Action<'f>>,
) -> Vec<Script<'f>> {
    let mut all = Vec::new();
    if let Some(workflow) = workflow {
        for job in &workflow.jobs {
            let default = default(workflow, job);
            let scripts = job.steps.iter();
            all.extend(scripts.filter_map(|step| script(Some(job), step, default)));
        }
    }
    let own = action.into_iter().flat_map(|action| &action.steps);
    all.extend(own.filter_map(|step| script(None, step, Shell::Other)));
    all
}

fn script<'f>(job: Option<&'f Job<'f>>, step: &'f Step<'f>, default: Shell) -> Option<Script<'f>> {
    let node = step.run?;
    let shell = step.node.get("shell").and_then(Node::as_str);
    Some(Script {
        job,
        step,
        node,
        text: node.as_str()?,
        shell: shell.map_or(default, Shell::named),
    })
}

/// The shell of steps that name none.
fn default(workflow: &Workflow<'_>, job: &Job<'_>) -> Shell {
    match named(job.node).or_else(|| named(workflow.node)) {
        Some(name) => Shell::named(name),
        None if is_windows(job) => Shell::Pwsh { is_old: false },
        None if may_be_windows(job) => Shell::Other,
        // Images need not have bash.
        None if job.node.get("container").is_some() => Shell::Sh,
        None => Shell::Bash { pipefail: false },
    }
}

/// What `defaults.run.shell` of a job or a workflow says.
fn named(node: Node<'_>) -> Option<&str> {
    node.get("defaults")?.get("run")?.get("shell")?.as_str()
}

/// Whether the runner of a job is surely one with PowerShell for a default.
fn is_windows(job: &Job<'_>) -> bool {
    let label = job.node.get("runs-on").and_then(Node::as_str);
    label.is_some_and(|label| label.starts_with("windows-"))
}

/// Whether a runner of the job may be one with PowerShell for a default.
fn may_be_windows(job: &Job<'_>) -> bool {
    let Some(labels) = job.node.get("runs-on") else {
        return true;
    };
    let is_computed = mentions(labels, "${{");
    let matrix = job.node.get("strategy").filter(|_| is_computed);
    // What a matrix does not say is computed elsewhere.
    let is_elsewhere = is_computed && (!mentions(labels, "matrix.") || matrix.is_none());
    is_elsewhere
        || mentions(labels, "windows")
        || matrix.is_some_and(|matrix| mentions(matrix, "windows") || mentions(matrix, "${{"))
}

fn mentions(node: Node<'_>, word: &str) -> bool {
    node.as_str().is_some_and(|text| has(text, word))
        || node.items().any(|item| mentions(item, word))
        || node.entries().any(|entry| mentions(entry.value, word))
}

/// Whether a text has a word in any case.
fn has(text: &str, word: &str) -> bool {
    let mut parts = text.as_bytes().windows(word.len());
    parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

impl Shell {
    fn named(text: &str) -> Self {
        let mut words = text.split_ascii_whitespace();
        let program = words.next().unwrap_or_default();
        let is_plain = words.next().is_none();
        match program.rsplit('/').next().unwrap_or_default() {
            "bash" => Self::Bash {
                pipefail: is_plain || text.contains("pipefail"),
            },
            "sh" => Self::Sh,
            "pwsh" => Self::Pwsh { is_old: false },
            "powershell" => Self::Pwsh { is_old: true },
            "python" | "python3" if is_plain || text.contains("{0}") => Self::Python,
            _ => Self::Other,
        }
    }

    /// Says whether it reads what other POSIX shells read.
    pub(super) fn is_posix(self) -> bool {
        matches!(self, Self::Bash { .. } | Self::Sh)
    }
}

/// Tells of what no reader of the language gets past.
pub(super) fn unreadable(
    cx: &Cx<'_>,
    node: Node<'_>,
    code: &Code,
    rule: &'static str,
) -> Option<Diagnostic> {
    let fault = code.fault.as_ref()?;
    // Expressions of other letters are of another length than what stands in their place.
    let is_exact = node.as_str().map(str::len) == Some(code.text.len());
    let place = match is_exact {
        true => node.place_within(cx.text, Span::of(fault.at.clone())),
        false => node.location(),
    };
    Some(
        Diagnostic::error(rule, fault.message.clone())
            .at(place)
            .note("the script does not begin to run"),
    )
}
