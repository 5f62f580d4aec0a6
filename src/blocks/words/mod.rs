//! The kinds of words that manifests are made of.

mod amounts;
mod names;
mod places;

pub use amounts::*;
pub use names::*;
pub use places::*;

use super::shape::{Word, WordKind};

/// A name of ours: component, environment, workflow file, job.
pub type Name = Word<NameKind>;
/// A path within the repository.
pub type RepoPath = Word<RepoPathKind>;
/// A pattern of paths, such as `docs/**` or `assets/index-*.js`.
pub type PathPattern = Word<PathPatternKind>;
/// An absolute path on a server.
pub type ServerPath = Word<ServerPathKind>;
/// A path of an address, such as `/health/`.
pub type UrlPath = Word<UrlPathKind>;
/// An `http` or `https` address without a path at its end.
pub type Url = Word<UrlKind>;
/// A length of time: `30s`, `5m`, `6h`, `500ms`.
pub type Duration = Word<DurationKind>;
/// A share: `80%`.
pub type Percent = Word<PercentKind>;
/// A share with digits behind the point: `99.9%`.
pub type Share = Word<ShareKind>;
/// Days and hours: `mon-thu 08:00-17:00`.
pub type TimesOfWeek = Word<TimesOfWeekKind>;
/// An amount of memory: `512MB`.
pub type Size = Word<SizeKind>;
/// The name of a package of Debian or Ubuntu: `libpq-dev`.
pub type SystemPackage = Word<SystemPackageKind>;
/// The name of a workflow's file: `labeler.yml`.
pub type WorkflowFile = Word<WorkflowFileKind>;
/// The name of a secret or variable.
pub type SettingName = Word<SettingKind>;
/// A tool with a version that need not be given: `postgres@15`, `python@3.12`.
pub type Versioned = Word<VersionedKind>;
/// A command line.
pub type Command = Word<CommandKind>;
/// Plain text on one line.
pub type Line = Word<LineKind>;
/// A person or a team: `octocat`, `team/devops`.
pub type Reviewer = Word<ReviewerKind>;
/// The address of a mailbox.
pub type Mailbox = Word<MailboxKind>;
/// A published action at a commit: `owner/name@…`.
pub type PinnedAction = Word<PinnedActionKind>;

/// A kind of word as data, for those who know it by its pattern only.
pub struct KindOfWord {
    /// What it is called in messages, with its article.
    pub title: &'static str,
    /// Its rule as a regular expression.
    pub pattern: &'static str,
    /// How it may look.
    pub examples: &'static [&'static str],
    /// Whether the text is one.
    pub accepts: fn(&str) -> bool,
}

impl KindOfWord {
    const fn of<K: WordKind>() -> Self {
        Self {
            title: K::TITLE,
            pattern: K::PATTERN,
            examples: K::EXAMPLES,
            accepts: K::accepts,
        }
    }
}

static KINDS: &[KindOfWord] = &[
    KindOfWord::of::<NameKind>(),
    KindOfWord::of::<RepoPathKind>(),
    KindOfWord::of::<PathPatternKind>(),
    KindOfWord::of::<ServerPathKind>(),
    KindOfWord::of::<UrlPathKind>(),
    KindOfWord::of::<UrlKind>(),
    KindOfWord::of::<DurationKind>(),
    KindOfWord::of::<PercentKind>(),
    KindOfWord::of::<ShareKind>(),
    KindOfWord::of::<TimesOfWeekKind>(),
    KindOfWord::of::<SizeKind>(),
    KindOfWord::of::<SettingKind>(),
    KindOfWord::of::<VersionedKind>(),
    KindOfWord::of::<CommandKind>(),
    KindOfWord::of::<LineKind>(),
    KindOfWord::of::<ReviewerKind>(),
    KindOfWord::of::<MailboxKind>(),
    KindOfWord::of::<WorkflowFileKind>(),
    KindOfWord::of::<SystemPackageKind>(),
    KindOfWord::of::<PinnedActionKind>(),
];

/// Returns every kind of word.
pub fn kinds() -> &'static [KindOfWord] {
    KINDS
}

/// Returns the kind of word that a pattern of the published schema stands for.
pub fn kind(pattern: &str) -> Option<&'static KindOfWord> {
    KINDS.iter().find(|kind| kind.pattern == pattern)
}

/// Says whether a text matches a pattern of the published schema.
pub fn matches(pattern: &str, text: &str) -> bool {
    kind(pattern).is_some_and(|kind| (kind.accepts)(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge<K: WordKind>(good: &[&str], bad: &[&str]) {
        let schema = serde_json::json!({"type": "string", "pattern": K::PATTERN});
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (texts, wanted) in [(good, true), (bad, false), (K::EXAMPLES, true)] {
            for text in texts {
                assert_eq!(K::accepts(text), wanted, "{text:?} as {}", K::TITLE);
                let published = validator.is_valid(&serde_json::json!(text));
                assert_eq!(published, wanted, "the schema on {text:?} as {}", K::TITLE);
            }
        }
    }

    #[test]
    fn the_published_pattern_says_what_the_tool_accepts() {
        judge::<NameKind>(&["a", "_x", "A-1_b"], &["", "1a", "-a", "a b", "a.b", "ä"]);
        judge::<RepoPathKind>(
            &[".", "a/b.c", "./src", "src/", "@scope/x", ".github/x"],
            &[
                "", "/etc", "a//b", "-rf", "a b", "a;b", "$HOME", "a\nb", "..", "../x", "a/../b",
                "a/..",
            ],
        );
        judge::<PathPatternKind>(
            &["**/*.md", "docs/**", "a-b_c.d"],
            &["", "/a", "-a", "a b", "a+", "a\"b"],
        );
        judge::<ServerPathKind>(&["/opt/x", "/a/"], &["", "/", "opt", "/a b", "/a//b"]);
        judge::<UrlPathKind>(&["/", "/health/db?x=1"], &["", "health", "/a b", "/a\"b"]);
        judge::<UrlKind>(
            &["http://a:80", "https://a.b/c?d#e"],
            &["", "ftp://a", "https://", "https://a b", "http:///x"],
        );
        judge::<DurationKind>(
            &["1s", "90m", "2h"],
            &["", "5", "m", "5 m", "5d", "-1s", "1234567s"],
        );
        judge::<PercentKind>(&["5", "100%", "0%"], &["", "101%", "999", "a%", "5 %"]);
        judge::<ShareKind>(
            &["0%", "99.99%", "100%"],
            &["", "5", ".1%", "1.%", "100.1%", "1.12345%", "a%"],
        );
        judge::<TimesOfWeekKind>(
            &["mon 00:00-23:59"],
            &[
                "",
                "mon",
                "mon-xxx 08:00-09:00",
                "mon 24:00-25:00",
                "mon 8:00-9:00",
                "mon 08:00",
            ],
        );
        judge::<SizeKind>(&["1MB", "1KB"], &["", "MB", "1B", "1.5GB"]);
        judge::<SettingKind>(&["A", "_B1"], &["", "a", "1A", "A-B", "A B"]);
        judge::<VersionedKind>(
            &["go", "node@20.x", "java@21-ea"],
            &["", "Go", "go@", "go @1", "@1"],
        );
        judge::<CommandKind>(&["a", "a\nb"], &["", "  ", "a\tb", "a\u{7}b"]);
        judge::<LineKind>(&["a b", "é"], &["", " ", "a\nb"]);
        judge::<ReviewerKind>(&["a", "team/a_b"], &["", "@a", "org/a", "team/", "a b"]);
        judge::<WorkflowFileKind>(
            &["a.yml", "A b.c.yaml", "ü.yml", ".x.yml"],
            &[
                "",
                ".yml",
                "a",
                "a.json",
                "a/b.yml",
                "a\\b.yml",
                "c:x.yml",
                "a\u{85}.yml",
            ],
        );
        judge::<MailboxKind>(
            &["a.b+c@d-e.fg"],
            &["", "a", "a@b", "a@b.", "a b@c.de", "a@b@c.de"],
        );
    }

    #[test]
    fn durations_have_numbers() {
        let read = |text| Duration::new(text).unwrap();
        assert_eq!(read("5m").seconds(), 300);
        assert_eq!(read("500ms").milliseconds(), 500);
        assert_eq!(read("500ms").seconds(), 1);
        assert_eq!(read("90s").minutes(), 2);
        assert_eq!(Size::new("2GB").unwrap().megabytes(), 2_048);
        assert_eq!(Size::new("500KB").unwrap().bytes(), 512_000);
        assert_eq!(Size::new("500KB").unwrap().megabytes(), 1);
        assert_eq!(Percent::new("80%").unwrap().number(), 80);
    }
}
