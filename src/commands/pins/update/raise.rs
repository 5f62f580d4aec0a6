//! What becomes of an action, told to people and to programs.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use crate::knowledge::actions::Pin;
use crate::lock::Pins;

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// What is to become of an action.
#[derive(Debug, Clone)]
pub(in crate::commands::pins) struct Raise {
    pub(super) action: String,
    pub(super) from: Option<Pin>,
    pub(super) to: Option<Pin>,
    /// A release that is not old enough yet.
    pub(super) waiting: Option<String>,
    /// A release of another major version.
    pub(super) major: Option<String>,
}

impl Raise {
    /// An action that somebody moved already.
    pub(in crate::commands::pins) fn moved(from: &Pin, to: &Pin) -> Self {
        Self {
            action: to.action.clone(),
            from: Some(from.clone()),
            to: Some(to.clone()),
            waiting: None,
            major: None,
        }
    }

    /// An action that stays as it is.
    pub(super) fn none(action: &str, pin: Option<&Pin>) -> Self {
        Self {
            action: action.to_owned(),
            from: pin.cloned(),
            to: None,
            waiting: None,
            major: None,
        }
    }

    /// Forgets a change that would not be seen, such as a commit where tags are written.
    pub(super) fn keep_only_what_is_written(&mut self, pins: &Pins) {
        let written = |pin: &Pin| {
            (
                pins.reference(pin).to_owned(),
                pins.comment(pin).map(str::to_owned),
            )
        };
        let from = self.from.as_ref().map(written);
        self.to = self.to.take().filter(|to| Some(written(to)) != from);
    }

    pub(super) fn says_something(&self) -> bool {
        self.to.is_some() || self.waiting.is_some() || self.major.is_some()
    }
}

impl fmt::Display for Raise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |pin: &Pin| match (&*pin.tag, pin.sha.get(..7)) {
            ("", Some(short)) => short.to_owned(),
            (tag, _) => tag.to_owned(),
        };
        write!(f, "{}", self.action)?;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) if name(from) == name(to) => {
                let short = |pin: &Pin| pin.sha.get(..7).unwrap_or("no commit").to_owned();
                write!(f, " {}: {} → {}", name(to), short(from), short(to))?;
            }
            (Some(from), Some(to)) => write!(f, " {} → {}", name(from), name(to))?,
            (None, Some(to)) => write!(f, " {} (new)", name(to))?,
            (Some(from), None) => write!(f, " stays at {}", name(from))?,
            (None, None) => write!(f, " has no release that can be taken")?,
        }
        if let Some(waiting) = &self.waiting {
            write!(f, "; {waiting} is too young")?;
        }
        if let Some(major) = &self.major {
            write!(f, "; {major} is there with `--major`")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    written: bool,
    actions: Vec<View<'a>>,
}

#[derive(Serialize)]
struct View<'a> {
    action: &'a str,
    from: Option<PinView<'a>>,
    to: Option<PinView<'a>>,
    waiting: Option<&'a str>,
    major: Option<&'a str>,
}

#[derive(Serialize)]
struct PinView<'a> {
    release: &'a str,
    commit: &'a str,
}

impl<'a> View<'a> {
    fn of(raise: &'a Raise) -> Self {
        Self {
            action: &raise.action,
            from: raise.from.as_ref().map(PinView::of),
            to: raise.to.as_ref().map(PinView::of),
            waiting: raise.waiting.as_deref(),
            major: raise.major.as_deref(),
        }
    }
}

impl<'a> PinView<'a> {
    fn of(pin: &'a Pin) -> Self {
        Self {
            release: &pin.tag,
            commit: &pin.sha,
        }
    }
}

/// Tells programs what became of each action.
pub(in crate::commands::pins) fn tell_programs(
    out: &mut dyn Write,
    raises: &[Raise],
    written: bool,
) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        written,
        actions: raises.iter().map(View::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
