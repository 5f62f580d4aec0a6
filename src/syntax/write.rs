//! Texts as YAML scalars: plain where every reader agrees on it, else quoted.
//!
//! The choice of quotes is that of the formatter most people run, so that it has
//! nothing to change: double quotes, single ones around double ones or backslashes.

/// Where a scalar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A value of its own.
    Block,
    /// Within `[…]`.
    Flow,
}

/// Writes a text as a YAML scalar on one line.
pub fn scalar(text: &str, place: Place) -> String {
    if fits_plain(text, place) && !means_more(text) {
        return text.to_owned();
    }
    if text.chars().any(needs_escape) {
        return double_quoted(text);
    }
    if text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    format!("\"{text}\"")
}

/// Characters that only an escape can write on one line, or that readers take
/// for line breaks.
pub(crate) fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

pub(super) fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if needs_escape(c) && (c as u32) < 0x100 => {
                quoted.push_str(&format!("\\x{:02x}", c as u32))
            }
            c if needs_escape(c) => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Says whether a text without quotes is one scalar, whatever its value.
pub(super) fn fits_plain(text: &str, place: Place) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = "-?:,[]{}#&*!|>'\"%@`=<~".contains(first);
    let outer_blank = text.starts_with(' ') || text.ends_with(' ');
    let inner = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let flow = place == Place::Flow && text.contains([',', '[', ']', '{', '}', ':']);
    !(indicator
        || outer_blank
        || inner
        || flow
        || text.chars().any(|c| needs_escape(c) || c == '\t'))
}

/// Whether some reader takes the word for something other than text: YAML 1.2,
/// or YAML 1.1, which has more words for true and false, times and odd numbers.
fn means_more(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", ".inf", ".nan", "---",
    ];
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) || lower == "..." {
        return true;
    }
    if text == "." {
        return false;
    }
    let number_like = text.starts_with(|c: char| c.is_ascii_digit() || "+.".contains(c));
    number_like
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "+-.:_xoTZ ".contains(c))
}
