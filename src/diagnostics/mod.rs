//! Messages with places, and the edits that would mend what they say.
//!
//! The modules above make [`Diagnostic`]s; `report` prints them. Here are no
//! colours, no formats and no files.

mod fingerprint;
mod fix;
mod load;
mod nearest;

pub use fingerprint::{Fingerprint, fingerprints};
pub use fix::{Applicability, Edit, Fix, Fixed, apply_fixes};
pub use load::{load, refuse};
pub use nearest::{Guess, guess, nearest};

use crate::source::Location;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It must be mended.
    Error,
    /// It is probably wrong.
    Warning,
    /// It is worth knowing.
    Note,
}

impl Severity {
    /// Returns the word for it: `error`, `warning` or `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A related place with words to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub location: Location,
    /// What it has to do with the diagnostic.
    pub text: String,
}

/// One message: what is wrong and where, why, and what to do.
///
/// All texts are lowercase phrases without a full stop, names in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// What kind it is, in kebab case; settings and suppressions name it.
    pub code: &'static str,
    /// What is wrong; stands alone in a one-line format.
    pub message: String,
    /// Where; nothing when no text has the fault, such as a file that cannot be read.
    pub primary: Option<Location>,
    /// Related places.
    pub labels: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What to do, in the imperative.
    pub help: Option<String>,
    /// Edits that mend it, all in the source of `primary`.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Returns a diagnostic without a place.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            primary: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Returns an error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// Returns a warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.primary = Some(location);
        self
    }

    /// Moves all places into sources whose ids are greater by this much.
    #[must_use]
    pub fn moved(mut self, by: u32) -> Self {
        let labels = self.labels.iter_mut().map(|label| &mut label.location);
        for place in self.primary.iter_mut().chain(labels) {
            place.source.0 += by;
        }
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn label(mut self, location: Location, text: impl Into<String>) -> Self {
        let text = text.into();
        self.labels.push(Label { location, text });
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Sets what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the edits that mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Sets an edit that mends it, if there is one.
    #[must_use]
    pub fn mend(mut self, applicability: Applicability, edit: Option<Edit>) -> Self {
        self.fix = edit.map(|edit| Fix::new(applicability, [edit]));
        self
    }

    /// Says to write a name that GitHub gave, and how; safe if there is hardly a doubt.
    #[must_use]
    pub fn write(self, guess: Guess<'_>, edit: Option<Edit>) -> Self {
        self.meant(guess, guess.is_sure(), edit)
    }

    /// Says to write a name of the user's own, and how; safe if it is only spelt otherwise,
    /// since `part-1` and `part-2` are no slips for each other.
    #[must_use]
    pub fn write_own(self, guess: Guess<'_>, edit: Option<Edit>) -> Self {
        self.meant(guess, guess.is_same(), edit)
    }

    fn meant(self, guess: Guess<'_>, sure: bool, edit: Option<Edit>) -> Self {
        let applicability = match sure {
            true => Applicability::Safe,
            false => Applicability::Unsafe,
        };
        self.help(format!("write `{}`", guess.name))
            .mend(applicability, edit)
    }
}

/// Functions that give up return their diagnostic boxed, which keeps results small.
impl From<Box<Diagnostic>> for Diagnostic {
    fn from(boxed: Box<Diagnostic>) -> Self {
        *boxed
    }
}

/// Diagnostics in the order in which they were found, until sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Returns an empty collection.
    pub const fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// Returns those of all collections, one after the other.
    pub fn concat(all: Vec<Self>) -> Self {
        let mut joined = Vec::with_capacity(all.iter().map(Self::len).sum());
        for mut one in all {
            joined.append(&mut one.all);
        }
        Self { all: joined }
    }

    /// Adds a diagnostic, boxed or not.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.all.push(diagnostic.into());
    }

    /// Keeps those of which the function says so, which may change them.
    pub fn retain(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.all.retain_mut(keep);
    }

    /// Says whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Returns how many have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let same = |diagnostic: &&Diagnostic| diagnostic.severity == severity;
        self.all.iter().filter(same).count()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Iterates over them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// Orders them by file and place; those without a place come first.
    ///
    /// Files are in the order in which they were added to `Sources`, and
    /// diagnostics of one place stay in the order in which they were found.
    pub fn sort(&mut self) {
        self.all.sort_by_key(|diagnostic| diagnostic.primary);
    }

    /// Orders them by file, place and code, and leaves one of those that say the same.
    pub fn sort_and_dedup(&mut self) {
        self.all.sort_by_key(|one| (one.primary, one.code));
        self.all.dedup();
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.all.extend(more);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Self {
            all: all.into_iter().collect(),
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::from_iter([diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};

    #[test]
    fn they_are_sorted_by_file_and_place() {
        let at = |source, start, code| {
            let place = Location::new(SourceId(source), Span::at(start));
            Diagnostic::warning(code, "m").at(place)
        };
        let mut all = Diagnostics::from_iter([
            at(1, 0, "e"),
            at(0, 7, "c"),
            at(0, 2, "b"),
            at(0, 7, "d"),
            Diagnostic::warning("a", "m"),
        ]);
        all.sort();
        let codes: Vec<_> = all.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn only_errors_are_errors() {
        let mut all = Diagnostics::from(Diagnostic::warning("a", "m"));
        assert!(!all.has_errors());
        all.push(Box::new(Diagnostic::error("b", "m")));
        assert!(all.has_errors());
        assert_eq!((all.len(), all.count(Severity::Warning)), (2, 1));
    }
}
