//! A look at one repository: which releases it has, how old they are, and which to take.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Options, Raise};
use crate::commands::pins::git::{self, Trouble};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::knowledge::actions::Pin;
use crate::pins::{Reach, Tags};

/// How many releases of a repository are looked at for one that is old enough.
const MOST_CANDIDATES: usize = 20;

/// What a look at one repository says of its actions.
pub(super) struct Look {
    pub(super) raises: Vec<Raise>,
    pub(super) remarks: Diagnostics,
}

/// Asks a repository for newer releases of its actions.
pub(super) fn look(
    name: &str,
    actions: &[(&str, Option<&Pin>)],
    options: &Options,
) -> Result<Look, Trouble> {
    let url = format!("{}/{name}", options.server.trim_end_matches('/'));
    let tags = git::tags(&url)?;
    let newer: Vec<_> = actions
        .iter()
        .map(|(_, pin)| {
            // What is new here has no major version to stay within.
            let reach = pin.map_or(Reach::Any, |_| options.reach);
            let mut newer = tags.newer(*pin, reach);
            newer.truncate(MOST_CANDIDATES);
            newer
        })
        .collect();
    let mut wanted: Vec<_> = newer.iter().flatten().map(|pin| pin.tag.as_str()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let times = if options.min_age.is_zero() || wanted.is_empty() {
        BTreeMap::new()
    } else {
        git::times(&url, &wanted)?
    };
    let mut look = Look {
        raises: Vec::new(),
        remarks: Diagnostics::new(),
    };
    for ((action, pin), newer) in actions.iter().zip(newer) {
        let ages = Ages::new(&times, options.min_age);
        let moved = pin.filter(|pin| tags.has_moved(pin));
        look.remarks
            .extend(moved.map(|pin| moved_release(pin, options)));
        look.raises.push(match moved {
            Some(_) if options.actions.is_empty() => Raise::none(action, *pin),
            _ => decide(action, *pin, newer, &tags, &ages),
        });
    }
    Ok(look)
}

/// How old releases are.
struct Ages<'t> {
    times: &'t BTreeMap<String, i64>,
    now: i64,
    least: i64,
}

impl<'t> Ages<'t> {
    fn new(times: &'t BTreeMap<String, i64>, least: Duration) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        Self {
            times,
            now: seconds(now),
            least: seconds(least),
        }
    }

    fn is_enough(&self, tag: &str) -> bool {
        let time = self.times.get(tag);
        self.least == 0 || time.is_some_and(|time| self.now.saturating_sub(*time) >= self.least)
    }
}

/// Chooses the newest release that is old enough, and says what else there is.
fn decide(action: &str, pin: Option<&Pin>, newer: Vec<Pin>, tags: &Tags, ages: &Ages<'_>) -> Raise {
    let waiting = newer.first().map(|newest| newest.tag.clone());
    let named = |pin: Pin| Pin {
        action: action.to_owned(),
        ..pin
    };
    let chosen = newer
        .into_iter()
        .find(|one| ages.is_enough(&one.tag))
        .map(named);
    let waiting =
        waiting.filter(|newest| chosen.as_ref().is_none_or(|chosen| chosen.tag != *newest));
    let to = chosen.or_else(|| pin.and_then(|pin| completed(pin, tags)));
    let beyond = tags
        .newer(to.as_ref().or(pin), Reach::Any)
        .into_iter()
        .next();
    let beyond = beyond
        .map(|pin| pin.tag)
        .filter(|tag| waiting.as_ref() != Some(tag));
    Raise {
        action: action.to_owned(),
        from: pin.cloned(),
        to,
        waiting,
        major: beyond.filter(|_| pin.is_some()),
    }
}

/// The same pin with the commit of its tag, or the true name of its commit, where they lack.
fn completed(pin: &Pin, tags: &Tags) -> Option<Pin> {
    let sha = match pin.sha.as_str() {
        "" => tags.commit(&pin.tag)?,
        sha => sha,
    };
    let completed = Pin {
        action: pin.action.clone(),
        tag: tags.release_of(sha).unwrap_or(&pin.tag).to_owned(),
        sha: sha.to_owned(),
    };
    // A tag that says less of the same commit is no fault: `v4` of `v4.2.1`.
    let same = tags.commit(&pin.tag) == Some(sha) && completed.sha == pin.sha;
    (!same && completed != *pin).then_some(completed)
}

fn moved_release(pin: &Pin, options: &Options) -> Diagnostic {
    let message = format!(
        "the release `{}` of `{}` is now another commit",
        pin.tag, pin.action
    );
    let warning = Diagnostic::warning("moved-release", message)
        .note("a release that was published does not move unless somebody moves it");
    if !options.actions.is_empty() {
        return warning.help("look at the repository before you go on with it");
    }
    warning.help(format!(
        "look at the repository; it was left as it is, and `cicd pins update {}` raises it all the same",
        pin.action
    ))
}
