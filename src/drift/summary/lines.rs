//! The lines of a summary: their order, and one line for what many jobs share.

use std::collections::HashMap;

use super::Summary;

/// What a reviewer wants to know first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rank {
    Whole,
    Raised,
    Gate,
    Secret,
    Lowered,
    Trigger,
    Job,
    Pin,
    Detail,
    Step,
}

/// Lines in the making.
#[derive(Debug, Default)]
pub(super) struct Lines {
    all: Vec<Line>,
    /// Where a line about jobs stands, by all but its jobs.
    index: HashMap<(Rank, String, String), usize>,
}

#[derive(Debug)]
struct Line {
    rank: Rank,
    before: String,
    /// The jobs that it is about; none for a line that stands alone.
    jobs: Vec<String>,
    after: String,
}

impl Lines {
    /// Adds a line.
    pub(super) fn say(&mut self, rank: Rank, text: impl Into<String>) {
        self.all.push(Line {
            rank,
            before: text.into(),
            jobs: Vec::new(),
            after: String::new(),
        });
    }

    /// Adds a line about a job, its name between two texts; about the workflow without one.
    ///
    /// What is said of several jobs becomes one line, so the words must fit many.
    pub(super) fn of(
        &mut self,
        rank: Rank,
        before: impl Into<String>,
        job: Option<&str>,
        after: impl Into<String>,
    ) {
        let (before, after) = (before.into(), after.into());
        let Some(job) = job else {
            return self.say(rank, format!("{before}the workflow{after}"));
        };
        let key = (rank, before, after);
        if let Some(at) = self.index.get(&key) {
            let jobs = &mut self.all[*at].jobs;
            // A job is looked at in one go; two steps of one name are one line.
            if jobs.last().is_none_or(|last| last != job) {
                jobs.push(job.to_owned());
            }
            return;
        }
        self.index.insert(key.clone(), self.all.len());
        let (rank, before, after) = key;
        let jobs = vec![job.to_owned()];
        self.all.push(Line {
            rank,
            before,
            jobs,
            after,
        });
    }

    /// Returns the lines in their order.
    pub(super) fn finish(mut self) -> Summary {
        self.all.sort_by_key(|line| line.rank);
        let mut summary = Summary::default();
        for line in self.all {
            let is_grave = line.rank == Rank::Raised;
            let text = line.text();
            if is_grave {
                summary.grave.push(text.clone());
            }
            summary.lines.push(text);
        }
        summary
    }
}

/// How many jobs are named.
const MAX_JOBS: usize = 4;

impl Line {
    fn text(self) -> String {
        let jobs = match self.jobs.len() {
            0 => String::new(),
            1 => format!("job {}", code(&self.jobs[0])),
            _ => {
                let names = self.jobs.iter().map(|job| code(job));
                format!("jobs {}", list(names, MAX_JOBS))
            }
        };
        format!("{}{jobs}{}", self.before, self.after)
    }
}

/// The longest text that is shown; the diff has the rest.
const MAX_TEXT: usize = 60;

/// A text as it may stand in a line: one line, not long, nothing that moves a cursor.
pub(super) fn code(text: &str) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    let mut shown: String = first
        .chars()
        .take(MAX_TEXT)
        .map(|letter| if letter.is_control() { '?' } else { letter })
        .collect();
    if shown.len() < text.trim().len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Whether a text is shown whole.
pub(super) fn is_short(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.trim().contains('\n')
}

/// Names one after the other, and how many more there are.
pub(super) fn list(names: impl IntoIterator<Item = String>, most: usize) -> String {
    let names: Vec<_> = names.into_iter().collect();
    if names.len() <= most + 1 {
        return names.join(", ");
    }
    let shown = names[..most].join(", ");
    format!("{shown} and {} more", names.len() - most)
}

/// All names, each in backticks.
pub(super) fn codes<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    list(names.into_iter().map(code), 12)
}

/// What has become of a value: "`a`, was `b`"; nothing if it cannot be shown.
pub(super) fn became((old, new): (Option<&str>, Option<&str>)) -> Option<String> {
    let (old, new) = (old?, new?);
    let fits = is_short(old) && is_short(new) && old != new;
    fits.then(|| format!("{}, was {}", code(new), code(old)))
}
