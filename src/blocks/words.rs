//! The kinds of words that manifests are made of.

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

#[allow(missing_docs)]
pub struct NameKind;
impl WordKind for NameKind {
    const TITLE: &'static str = "a name";
    const PATTERN: &'static str = "^[A-Za-z_][A-Za-z0-9_-]{0,79}$";
    const EXAMPLES: &'static [&'static str] = &["backend", "production"];

    fn accepts(text: &str) -> bool {
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        starts
            && text.len() <= 80
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    }
}

/// Whether this is a file or folder name that means itself to every shell and
/// to GitHub, and not a step upwards.
fn is_path_segment(part: &str) -> bool {
    let name = part.strip_prefix('.').unwrap_or(part);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._@+-".contains(c);
    !name.is_empty() && !name.starts_with('.') && part.chars().all(plain)
}

#[allow(missing_docs)]
pub struct RepoPathKind;
impl WordKind for RepoPathKind {
    const TITLE: &'static str = "a path within the repository";
    const PATTERN: &'static str =
        r"^(\.|(\./)?\.?[A-Za-z0-9_@+][A-Za-z0-9._@+-]*(/\.?[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*)*/?)$";
    const EXAMPLES: &'static [&'static str] = &["services/backend", "docker/compose.yml"];

    fn accepts(text: &str) -> bool {
        let inner = text.strip_prefix("./").unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let dash = inner.strip_prefix('.').unwrap_or(inner).starts_with('-');
        text == "." || (!dash && inner.split('/').all(is_path_segment))
    }
}

#[allow(missing_docs)]
pub struct PathPatternKind;
impl WordKind for PathPatternKind {
    const TITLE: &'static str = "a pattern of paths";
    const PATTERN: &'static str = "^[A-Za-z0-9_*?.@][A-Za-z0-9_*?.@/-]{0,199}$";
    const EXAMPLES: &'static [&'static str] = &["docs/**", "assets/index-*.js"];

    fn accepts(text: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_*?.@/-".contains(c);
        let starts = text.starts_with(|c: char| plain(c) && !"/-".contains(c));
        starts && text.len() <= 200 && text.chars().all(plain)
    }
}

#[allow(missing_docs)]
pub struct ServerPathKind;
impl WordKind for ServerPathKind {
    const TITLE: &'static str = "an absolute path on the server";
    const PATTERN: &'static str = r"^(/\.?[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*)+/?$";
    const EXAMPLES: &'static [&'static str] = &["/opt/shop"];

    fn accepts(text: &str) -> bool {
        let inner = text.strip_prefix('/').unwrap_or_default();
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        inner.split('/').all(is_path_segment)
    }
}

#[allow(missing_docs)]
pub struct UrlPathKind;
impl WordKind for UrlPathKind {
    const TITLE: &'static str = "a path of an address";
    const PATTERN: &'static str = "^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$";
    const EXAMPLES: &'static [&'static str] = &["/health/"];

    fn accepts(text: &str) -> bool {
        text.starts_with('/')
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._~!$&'()*+,;=:@%/?-".contains(c))
    }
}

#[allow(missing_docs)]
pub struct UrlKind;
impl WordKind for UrlKind {
    const TITLE: &'static str = "an address";
    const PATTERN: &'static str =
        "^https?://[A-Za-z0-9._~:@-]+(/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?$";
    const EXAMPLES: &'static [&'static str] = &["https://api.example.com"];

    fn accepts(text: &str) -> bool {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest else { return false };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._~:@-".contains(c))
            && path
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._~!$&'()*+,;=:@%/?#-".contains(c))
    }
}

#[allow(missing_docs)]
pub struct DurationKind;
impl WordKind for DurationKind {
    const TITLE: &'static str = "a duration";
    const PATTERN: &'static str = "^[0-9]{1,6}(ms|s|m|h)$";
    const EXAMPLES: &'static [&'static str] = &["30s", "5m", "500ms"];

    fn accepts(text: &str) -> bool {
        parse_duration(text).is_some()
    }
}

fn parse_duration(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let factor = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let plain =
        !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    plain
        .then(|| digits.parse::<u64>().ok())
        .flatten()
        .map(|number| number * factor)
}

impl Duration {
    /// In milliseconds.
    pub fn milliseconds(&self) -> u64 {
        parse_duration(self).unwrap_or_default()
    }

    /// In whole seconds, rounded up.
    pub fn seconds(&self) -> u64 {
        self.milliseconds().div_ceil(1_000)
    }

    /// In whole minutes, rounded up.
    pub fn minutes(&self) -> u32 {
        u32::try_from(self.seconds().div_ceil(60)).unwrap_or(u32::MAX)
    }
}

#[allow(missing_docs)]
pub struct PercentKind;
impl WordKind for PercentKind {
    const TITLE: &'static str = "a share";
    const PATTERN: &'static str = "^([0-9]{1,2}|100)%?$";
    const EXAMPLES: &'static [&'static str] = &["5%", "80%"];
    const LARGEST_NUMBER: Option<u64> = Some(100);

    fn accepts(text: &str) -> bool {
        let digits = text.strip_suffix('%').unwrap_or(text);
        let short = digits.len() <= 2 || digits == "100";
        !digits.is_empty() && short && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

impl Percent {
    /// The number before the sign.
    pub fn number(&self) -> u32 {
        self.trim_end_matches('%').parse().unwrap_or_default()
    }
}

#[allow(missing_docs)]
pub struct ShareKind;
impl WordKind for ShareKind {
    const TITLE: &'static str = "an exact share";
    const PATTERN: &'static str = r"^([0-9]{1,2}(\.[0-9]{1,4})?|100)%$";
    const EXAMPLES: &'static [&'static str] = &["0.1%", "99.9%", "5%"];

    fn accepts(text: &str) -> bool {
        let Some(number) = text.strip_suffix('%') else {
            return false;
        };
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        match number.split_once('.') {
            Some((whole, rest)) => digits(whole, 2) && digits(rest, 4),
            None => digits(number, 2) || number == "100",
        }
    }
}

impl Share {
    /// The number before the sign.
    pub fn number(&self) -> f64 {
        self.trim_end_matches('%').parse().unwrap_or_default()
    }
}

#[allow(missing_docs)]
pub struct TimesOfWeekKind;
impl WordKind for TimesOfWeekKind {
    const TITLE: &'static str = "days and hours";
    const PATTERN: &'static str = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? ([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$";
    const EXAMPLES: &'static [&'static str] = &["mon-thu 08:00-17:00", "sun 22:00-23:30"];

    fn accepts(text: &str) -> bool {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let Some((days, hours)) = text.split_once(' ') else {
            return false;
        };
        let time = |text: &str| {
            let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            let (hour, minute) = text.split_once(':').unwrap_or_default();
            two(hour) && two(minute) && hour < "24" && minute < "60"
        };
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let hours = hours.split_once('-');
        DAYS.contains(&first)
            && DAYS.contains(&last)
            && hours.is_some_and(|(from, to)| time(from) && time(to))
    }
}

#[allow(missing_docs)]
pub struct SizeKind;
impl WordKind for SizeKind {
    const TITLE: &'static str = "a size";
    const PATTERN: &'static str = "^[0-9]{1,6}(KB|MB|GB)$";
    const EXAMPLES: &'static [&'static str] = &["500KB", "512MB", "2GB"];

    fn accepts(text: &str) -> bool {
        let units = ["KB", "MB", "GB"];
        let digits = units.iter().find_map(|unit| text.strip_suffix(unit));
        let digits = digits.unwrap_or_default();
        !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

impl Size {
    /// In bytes.
    pub fn bytes(&self) -> u64 {
        let digits = self.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().unwrap_or_default();
        let power = match &self[digits.len()..] {
            "KB" => 1,
            "MB" => 2,
            _ => 3,
        };
        number * 1_024_u64.pow(power)
    }

    /// In megabytes, rounded up.
    pub fn megabytes(&self) -> u64 {
        self.bytes().div_ceil(1_024 * 1_024)
    }
}

#[allow(missing_docs)]
pub struct SettingKind;
impl WordKind for SettingKind {
    const TITLE: &'static str = "the name of a secret or variable";
    const PATTERN: &'static str = "^[A-Z_][A-Z0-9_]{0,99}$";
    const EXAMPLES: &'static [&'static str] = &["STAGING_SSH_KEY"];

    fn accepts(text: &str) -> bool {
        let starts = text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        starts && text.len() <= 100 && text.chars().all(plain)
    }
}

#[allow(missing_docs)]
pub struct VersionedKind;
impl WordKind for VersionedKind {
    const TITLE: &'static str = "a tool or `tool@version`";
    const PATTERN: &'static str = "^[a-z][a-z0-9-]{0,39}(@[0-9A-Za-z][0-9A-Za-z.+-]{0,39})?$";
    const EXAMPLES: &'static [&'static str] = &["python@3.12", "postgres@15", "redis"];

    fn accepts(text: &str) -> bool {
        let (tool, version) = text
            .split_once('@')
            .map_or((text, None), |(tool, version)| (tool, Some(version)));
        let tool_ok = tool.starts_with(|c: char| c.is_ascii_lowercase())
            && tool.len() <= 40
            && tool
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let version_ok = version.is_none_or(|version| {
            version.starts_with(|c: char| c.is_ascii_alphanumeric())
                && version.len() <= 40
                && version
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c))
        });
        tool_ok && version_ok
    }
}

impl Versioned {
    /// The name before the `@`.
    pub fn tool(&self) -> &str {
        self.split('@').next().unwrap_or_default()
    }

    /// What stands behind the `@`.
    pub fn version(&self) -> Option<&str> {
        self.split_once('@').map(|(_, version)| version)
    }
}

#[allow(missing_docs)]
pub struct CommandKind;
impl WordKind for CommandKind {
    const TITLE: &'static str = "a command";
    const PATTERN: &'static str =
        r"^[^\x00-\x09\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x09\x0b-\x1f\x7f]*$";
    const EXAMPLES: &'static [&'static str] = &["pytest tests/unit", "npm run lint"];

    fn accepts(text: &str) -> bool {
        !text.trim().is_empty() && text.chars().all(|c| c == '\n' || !c.is_ascii_control())
    }
}

#[allow(missing_docs)]
pub struct LineKind;
impl WordKind for LineKind {
    const TITLE: &'static str = "one line of text";
    const PATTERN: &'static str = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$";
    const EXAMPLES: &'static [&'static str] = &["some text"];

    fn accepts(text: &str) -> bool {
        !text.trim().is_empty() && !text.chars().any(|c| c.is_ascii_control())
    }
}

#[allow(missing_docs)]
pub struct ReviewerKind;
impl WordKind for ReviewerKind {
    const TITLE: &'static str = "a user or a team";
    const PATTERN: &'static str = "^(team/)?[A-Za-z0-9][A-Za-z0-9_-]{0,99}$";
    const EXAMPLES: &'static [&'static str] = &["octocat", "team/devops"];

    fn accepts(text: &str) -> bool {
        let name = text.strip_prefix("team/").unwrap_or(text);
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.len() <= 100
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    }
}

impl Reviewer {
    /// The team's name, if it is one.
    pub fn team(&self) -> Option<&str> {
        self.strip_prefix("team/")
    }
}

#[allow(missing_docs)]
pub struct MailboxKind;
impl WordKind for MailboxKind {
    const TITLE: &'static str = "an e-mail address";
    const PATTERN: &'static str = "^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$";
    const EXAMPLES: &'static [&'static str] = &["devops@example.com"];

    fn accepts(text: &str) -> bool {
        let Some((local, domain)) = text.split_once('@') else {
            return false;
        };
        let local_ok = !local.is_empty()
            && local
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._%+-".contains(c));
        let labels: Vec<_> = domain.split('.').collect();
        let label_ok = |label: &&str| {
            !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        local_ok && labels.len() >= 2 && labels.iter().all(label_ok)
    }
}

#[allow(missing_docs)]
pub struct PinnedActionKind;
impl WordKind for PinnedActionKind {
    const TITLE: &'static str = "an action at a commit";
    const PATTERN: &'static str = "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+@[0-9a-f]{40}$";
    const EXAMPLES: &'static [&'static str] =
        &["octo-org/cicd@0123456789abcdef0123456789abcdef01234567"];

    fn accepts(text: &str) -> bool {
        let (action, commit) = text.split_once('@').unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        let part = |part: &str| !part.is_empty() && part.chars().all(plain);
        let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        action.contains('/')
            && action.split('/').all(part)
            && commit.len() == 40
            && commit.bytes().all(hex)
    }
}

#[allow(missing_docs)]
pub struct WorkflowFileKind;
impl WordKind for WorkflowFileKind {
    const TITLE: &'static str = "the name of a workflow file";
    const PATTERN: &'static str = r"^[^/\\:\x00-\x1f\x7f-\x9f]{1,200}\.ya?ml$";
    const EXAMPLES: &'static [&'static str] = &["labeler.yml", "Build and test.yaml"];

    fn accepts(text: &str) -> bool {
        let stem = text
            .strip_suffix(".yml")
            .or_else(|| text.strip_suffix(".yaml"))
            .unwrap_or_default();
        let plain = |c: char| !"/\\:".contains(c) && !c.is_control();
        (1..=200).contains(&stem.chars().count()) && stem.chars().all(plain)
    }
}

#[allow(missing_docs)]
pub struct SystemPackageKind;
impl WordKind for SystemPackageKind {
    const TITLE: &'static str = "the name of a package of Debian or Ubuntu";
    const PATTERN: &'static str = "^[a-z0-9][a-z0-9.+-]{0,79}$";
    const EXAMPLES: &'static [&'static str] = &["libpq-dev", "ffmpeg"];

    fn accepts(text: &str) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        text.starts_with(plain)
            && text.len() <= 80
            && text.chars().all(|c| plain(c) || ".+-".contains(c))
    }
}

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
