//! The actions that a workflow's steps use, with where they stand in its text.

use crate::lock::{Release, version};
use crate::source::{Source, SourceId, Span};
use crate::syntax::{self, Node};

/// One use of an action by a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Use<'s> {
    /// `owner/name`, perhaps with a path; of a local action its path.
    pub(super) action: &'s str,
    /// What follows the `@`; empty if nothing does.
    pub(super) reference: &'s str,
    /// What stands behind the `#` on the same line.
    pub(super) comment: &'s str,
    /// The value, without quotes.
    pub(super) span: Span,
    /// Where a comment may stand, and one may: the rest of the line, if nothing else is there.
    pub(super) rest: Option<Span>,
}

impl<'s> Use<'s> {
    /// The release that the comment names.
    pub(super) fn version(self) -> Option<&'s str> {
        version(self.comment)
    }

    /// Whether the comment is about the release, and no words of somebody's own.
    pub(super) fn has_release(self) -> bool {
        self.version().and_then(Release::at_least).is_some()
    }

    /// Whether the comment names no release or another one, where one is to be named.
    pub(super) fn names_another(self, release: Option<&str>) -> bool {
        let judged = self.rest.is_some() && (self.comment.is_empty() || self.has_release());
        release.is_some_and(|release| judged && self.comment != release)
    }

    /// `owner/name@ref`, as it is written.
    pub(super) fn value(self) -> String {
        format!("{}@{}", self.action, self.reference)
    }

    /// Whether it names an action of a repository on GitHub.
    pub(super) fn is_remote(self) -> bool {
        !self.action.starts_with(['.', '$']) && !self.action.contains(':')
    }
}

/// Returns the uses in the order of the text; none of a text that is no workflow.
pub(super) fn uses(source: &Source) -> Vec<Use<'_>> {
    // The spans are only used with this text, so any id will do.
    let parsed = syntax::parse(SourceId(0), source.text());
    let root = parsed.document.as_ref().and_then(|tree| tree.root());
    let jobs = root.and_then(|root| root.get("jobs"));
    let jobs = jobs.into_iter().flat_map(Node::entries);
    let steps = jobs.filter_map(|job| job.value.get("steps"));
    let steps = steps.flat_map(Node::items);
    let mut uses: Vec<_> = steps
        .filter_map(|step| read(source, step.get("uses")?))
        .collect();
    uses.sort_by_key(|one| one.span.start);
    uses.dedup_by_key(|one| one.span.start);
    uses
}

/// Returns the actions that a text names with a version, each as `owner/name@ref`.
pub fn versions_in(text: &Source) -> impl Iterator<Item = String> {
    let with_version = uses(text)
        .into_iter()
        .filter(|one| !one.reference.is_empty());
    with_version.map(Use::value).collect::<Vec<_>>().into_iter()
}

fn read<'s>(source: &'s Source, node: Node<'_>) -> Option<Use<'s>> {
    let span = node.definition().span();
    let written = source.text().get(span.range())?;
    let value = written.trim_matches(['"', '\'']);
    // A value over several lines, or one with escapes, is none that anybody writes.
    if node.as_str() != Some(value) {
        return None;
    }
    let quote = u32::from(written.len() > value.len());
    let start = span.start + quote;
    let end = start + u32::try_from(value.len()).ok()?;
    let rest = &source.text()[span.end as usize..];
    let rest = rest.split(['\r', '\n']).next().unwrap_or_default();
    let alone = matches!(rest.trim_start().chars().next(), None | Some('#'));
    let line_end = span.end + u32::try_from(rest.len()).ok()?;
    let (action, reference) = value.split_once('@').unwrap_or((value, ""));
    let comment = rest.split_once('#').filter(|_| alone);
    Some(Use {
        action,
        reference,
        comment: comment.map_or("", |(_, comment)| comment.trim()),
        span: Span::new(start, end),
        rest: alone.then_some(Span::new(span.end, line_end)),
    })
}

/// How a use is to be written: the value, and the release behind it if there is one.
pub(super) type Written = (String, Option<String>);

/// Returns the text with some uses written in another way, comments and all; the lines stay.
pub(super) fn rewritten<'s>(
    source: &'s Source,
    uses: &[Use<'s>],
    other: impl Fn(&Use<'s>) -> Option<Written>,
) -> String {
    let text = source.text();
    let (mut written, mut done) = (String::with_capacity(text.len()), 0);
    for one in uses {
        let Some((value, comment)) = other(one) else {
            continue;
        };
        written.push_str(&text[done..one.span.start as usize]);
        written.push_str(&value);
        done = one.span.end as usize;
        if let Some(rest) = one.rest {
            // A quote may close the value.
            written.push_str(&text[done..rest.start as usize]);
            if let Some(comment) = comment {
                written.push_str(" # ");
                written.push_str(&comment);
            }
            done = rest.end as usize;
        }
    }
    written.push_str(&text[done..]);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
jobs:
  a:
    steps:
      - uses: actions/checkout@v4 # v4.2.0
      - uses: 'a/b/c@main'
      - run: |
          uses: x/y@v1
      - uses: ./local
";

    #[test]
    fn steps_are_read_and_scripts_are_not() {
        let source = Source::new("ci.yml", TEXT).unwrap();
        let found = uses(&source);
        let said: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.action,
                    one.reference,
                    one.comment,
                    source.slice(one.span),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("actions/checkout", "v4", "v4.2.0", "actions/checkout@v4"),
                ("a/b/c", "main", "", "a/b/c@main"),
                ("./local", "", "", "./local"),
            ]
        );
        assert!(found[0].is_remote() && !found[2].is_remote());
    }

    #[test]
    fn only_the_named_uses_change() {
        let source = Source::new("ci.yml", TEXT).unwrap();
        let checkout = |one: &Use<'_>| {
            let is = one.action == "actions/checkout";
            is.then(|| ("actions/checkout@v5".to_owned(), Some("v5.0.0".to_owned())))
        };
        assert_eq!(
            rewritten(&source, &uses(&source), checkout),
            TEXT.replace("checkout@v4 # v4.2.0", "checkout@v5 # v5.0.0")
        );
    }

    #[test]
    fn quotes_stay_and_what_follows_on_the_line_does() {
        let text = "jobs: {a: {steps: [{uses: a/b@v1, with: {c: d}}]}}\n";
        let source = Source::new("ci.yml", text).unwrap();
        let found = uses(&source);
        assert_eq!((found[0].comment, found[0].rest), ("", None));
        let new = |_: &Use<'_>| Some(("a/b@v2".to_owned(), Some("v2.0.0".to_owned())));
        assert_eq!(rewritten(&source, &found, new), text.replace("@v1", "@v2"));
        let text = "jobs:\n  a:\n    steps:\n      - uses: 'a/b@v1' # v1.0.0\n";
        let source = Source::new("ci.yml", text).unwrap();
        assert_eq!(
            rewritten(&source, &uses(&source), new),
            text.replace("@v1' # v1.0.0", "@v2' # v2.0.0")
        );
    }
}
