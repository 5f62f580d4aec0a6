//! A change as a unified diff that `git apply` takes.

use std::borrow::Cow;
use std::io::{self, Write};

use similar::TextDiff;

use crate::drift::{Change, ChangeKind};

/// Writes the diff of one change; nothing for one that changes no text.
///
/// Its path begins with `folder`. Of a refused file the diff shows what it would take to make it as rendered.
/// Line ends are those of the repository, LF, whatever the checkout has.
pub fn write_patch(change: &Change, folder: &str, out: &mut dyn Write) -> io::Result<()> {
    if matches!(
        change.kind,
        ChangeKind::Unchanged | ChangeKind::LineEnds | ChangeKind::Theirs
    ) {
        return Ok(());
    }
    let before = change.before.as_deref().map(lines);
    let after = change.after.as_deref().unwrap_or_default();
    let path = format!("{folder}{}", change.path);
    let (old, new) = (name("a/", &path), name("b/", &path));
    writeln!(out, "diff --git {old} {new}")?;
    // The mode that git records, which knows no more than this.
    let mode = if change.executable {
        "100755"
    } else {
        "100644"
    };
    if before.is_none() {
        writeln!(out, "new file mode {mode}")?;
    } else if change.after.is_none() {
        writeln!(out, "deleted file mode {mode}")?;
    }
    let left = if before.is_some() {
        old
    } else {
        NOTHING.into()
    };
    let right = if change.after.is_some() {
        new
    } else {
        NOTHING.into()
    };
    TextDiff::from_lines(before.unwrap_or_default().as_ref(), after)
        .unified_diff()
        .context_radius(3)
        .header(&left, &right)
        .to_writer(out)
}

/// Writes the diff of a text, with the line ends that it has.
pub fn write_lines(path: &str, before: &str, after: &str, out: &mut dyn Write) -> io::Result<()> {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&name("a/", path), &name("b/", path))
        .to_writer(out)
}

/// Returns the lines that differ and those around them: from what is there to what is rendered,
/// or, for an `edit`, the other way round.
pub fn hunks(change: &Change, edit: bool) -> String {
    let disk = lines(change.before.as_deref().unwrap_or_default());
    let rendered = change.after.as_deref().unwrap_or_default();
    let (from, to) = if edit {
        (rendered, disk.as_ref())
    } else {
        (disk.as_ref(), rendered)
    };
    TextDiff::from_lines(from, to)
        .unified_diff()
        .context_radius(3)
        .to_string()
}

/// How a diff names the side on which a file is not there.
const NOTHING: &str = "/dev/null";

fn lines(content: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(content);
    if text.contains("\r\n") {
        return text.replace("\r\n", "\n").into();
    }
    text
}

/// A path as git writes it: quoted when a letter of it would confuse a reader of patches.
fn name(side: &str, path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    if path.bytes().all(plain) {
        return format!("{side}{path}");
    }
    let escaped: String = path
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' ' => " ".to_owned(),
            byte if byte.is_ascii_graphic() => char::from(byte).to_string(),
            byte => format!("\\{byte:03o}"),
        })
        .collect();
    format!("\"{side}{escaped}\"")
}
