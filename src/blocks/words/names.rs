//! Words for names: of things here and on GitHub, tools, people, and lines of text.

use super::super::shape::WordKind;
use super::{Reviewer, Versioned};

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
