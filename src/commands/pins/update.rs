//! `pins update`: newer releases of actions, into the pins file and the workflows.
//!
//! The only command that asks the network, and it asks by `git` alone.

mod look;
mod raise;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::git::Trouble;
use super::{plan, say};
use crate::commands::apply::{Mode, apply};
use crate::commands::outcome::{Patch, tell};
use crate::commands::project::Planned;
use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::{Diagnostic, Diagnostics, nearest};
use crate::knowledge::actions;
use crate::lock::{PinMode, Pins, is_action};
use crate::parallel;
use crate::pins::Reach;
use crate::report::Format;
use crate::source::Sources;

pub(super) use raise::{Raise, tell_programs};

/// How many repositories are asked at the same time.
const AT_ONCE: usize = 8;

/// What `pins update` is asked to do.
#[derive(Debug)]
pub struct Options {
    /// The manifest.
    pub manifest: PathBuf,
    /// Actions, or repositories with all of theirs; everything if there are none.
    pub actions: Vec<String>,
    /// How old a release must be.
    pub min_age: Duration,
    /// How far to go.
    pub reach: Reach,
    /// Whether to leave the files alone.
    pub dry_run: bool,
    /// Where the repositories are.
    pub server: String,
}

/// Updates, tells what was raised, and what stays for which reason.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    let mut planned = plan(&options.manifest, terminal)?;
    let mut pins = known(&mut planned)?;
    let asked = asked(&planned, &options.actions)?;
    let repositories = by_repository(&asked);
    let looks = parallel::map_on(AT_ONCE, &repositories, |(name, actions)| {
        let actions: Vec<_> = actions
            .iter()
            .map(|action| (*action, pins.get(action)))
            .collect();
        look::look(name, &actions, options)
    });
    let (mut raises, mut problems, mut failed) = (Vec::new(), Diagnostics::new(), false);
    for ((name, _), look) in repositories.iter().zip(looks) {
        match look {
            Ok(look) => {
                raises.extend(look.raises);
                problems.extend(look.remarks);
            }
            Err(Trouble::NoGit) => return Err(no_git().into()),
            Err(Trouble::Said(said)) => {
                failed = true;
                problems.push(silent(name, &said, &options.server));
            }
        }
    }
    for raise in &mut raises {
        raise.keep_only_what_is_written(&pins);
        raise.to.iter().for_each(|to| pins.set(to.clone()));
    }
    if let Some(error) = without_commit(&pins) {
        problems.push(error);
        return Err(Failure::new(problems, Sources::new()));
    }
    let status = write(&planned, &pins, &raises, options, terminal)?;
    say(terminal, &problems, &Sources::new())?;
    Ok(if failed { Status::Failed } else { status })
}

/// The pins to begin with: as they are on disk, whichever way they are written there.
fn known(planned: &mut Planned) -> Result<Pins, Failure> {
    let read = planned.pins_on_disk(PinMode::Tag);
    if planned.report.diagnostics.has_errors() {
        let report = std::mem::take(&mut planned.report);
        return Err(Failure::Reported(Box::new(report)));
    }
    let mut pins = Pins::new(planned.manifest.pins);
    for action in planned.actions() {
        let pin = read.get(action).cloned().or_else(|| actions::pin(action));
        pin.into_iter().for_each(|pin| pins.set(pin));
    }
    Ok(pins)
}

/// Where commits are wanted, an action with nothing but a tag cannot be written.
fn without_commit(pins: &Pins) -> Option<Diagnostic> {
    let bare = pins.iter().filter(|pin| pins.reference(pin).is_empty());
    let bare: Vec<_> = bare.map(|pin| format!("`{}`", pin.action)).collect();
    (!bare.is_empty()).then(|| {
        let message = format!(
            "no commit is known for {}; nothing was written",
            bare.join(", ")
        );
        Diagnostic::error("no-commit", message)
            .note("the manifest wants commits, and the pins file has tags")
            .help("run `cicd pins update` without names where their repositories can be reached")
    })
}

/// The actions that are asked for, among those in use.
fn asked<'p>(planned: &'p Planned, names: &[String]) -> Result<Vec<&'p str>, Failure> {
    let used = planned.actions();
    let is = |name: &str, action: &str| {
        let rest = action.get(name.len()..).unwrap_or_default();
        let same = action
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        same && (rest.is_empty() || rest.starts_with('/'))
    };
    let mut unknown = Diagnostics::new();
    for name in names {
        if !used.iter().any(|action| is(name, action)) {
            let message = format!("`{}` is not used by any workflow", name.escape_debug());
            let error = Diagnostic::error("unknown-action", message);
            unknown.push(match nearest(name, used.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`.github/cicd/action.yml` lists those that are"),
            });
        }
    }
    if !unknown.is_empty() {
        return Err(Failure::new(unknown, Sources::new()));
    }
    let wanted = |action: &&str| names.is_empty() || names.iter().any(|name| is(name, action));
    Ok(used
        .into_iter()
        .filter(wanted)
        .filter(|action| is_action(action))
        .collect())
}

/// Actions under the repository that they are in, which is asked once.
fn by_repository<'a>(actions: &[&'a str]) -> Vec<(String, Vec<&'a str>)> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for action in actions {
        let name: Vec<_> = action.split('/').take(2).collect();
        all.entry(name.join("/")).or_default().push(action);
    }
    all.into_iter().collect()
}

/// Writes the pins and what follows from them, and tells it.
fn write(
    planned: &Planned,
    pins: &Pins,
    raises: &[Raise],
    options: &Options,
    terminal: &mut Terminal<'_>,
) -> Result<Status, Failure> {
    let mode = if options.dry_run {
        Mode::Check
    } else {
        Mode::Write
    };
    let files = planned.render(pins)?;
    let outcome = apply(&planned.root, &files, &planned.request(mode, &[]))?;
    if terminal.format == Format::Text {
        for raise in raises.iter().filter(|raise| raise.says_something()) {
            writeln!(terminal.out, "{raise}")?;
        }
        if options.dry_run {
            let raised = raises.iter().filter(|raise| raise.to.is_some()).count();
            writeln!(terminal.out, "{}", would(raised))?;
        } else {
            tell(terminal, &outcome, mode, Patch::Hidden)?;
        }
    } else {
        tell_programs(terminal.out, raises, outcome.written)?;
        say(terminal, &outcome.refusals(), &Sources::new())?;
    }
    let raised = raises.iter().any(|raise| raise.to.is_some());
    Ok(match outcome.status(mode) {
        _ if options.dry_run && raised => Status::Changed,
        _ if options.dry_run => Status::Clean,
        status => status,
    })
}

fn would(raised: usize) -> String {
    match raised {
        0 => "nothing would be raised".to_owned(),
        1 => "1 action would be raised; nothing was written".to_owned(),
        _ => format!("{raised} actions would be raised; nothing was written"),
    }
}

fn silent(name: &str, said: &str, server: &str) -> Diagnostic {
    Diagnostic::error(
        "no-answer",
        format!("the repository `{name}` does not answer at {server}"),
    )
    .note(said)
    .help("see that it exists and that you may read it, then run `cicd pins update` again")
}

fn no_git() -> Diagnostic {
    Diagnostic::error("no-git", "the program `git` is not there")
        .note("releases are looked up with `git ls-remote`")
        .help("install git, and see that it is on the `PATH`")
}
