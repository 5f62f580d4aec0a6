//! Words for places: paths, patterns of paths, addresses, files.

use super::super::shape::WordKind;

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
