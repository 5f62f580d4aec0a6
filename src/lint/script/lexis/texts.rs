//! Texts of the three languages, and the code that may be in them.

use super::{Language, Open, Reader, find};

/// How a text is written.
#[derive(Clone, Copy)]
pub(super) struct Text {
    /// The quote, and how many of them.
    pub(super) quote: u8,
    pub(super) count: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// What escapes a quote; nothing where only doubling does.
    pub(super) escape: Option<u8>,
    /// Whether two quotes stand for one.
    pub(super) doubles: bool,
    /// How code begins within it, and what ends that.
    pub(super) code: Option<(&'static [u8], u8)>,
    /// Whether it may go on behind the end of a line.
    pub(super) is_long: bool,
}

impl Reader<'_> {
    /// Goes past a text, or into it to the code that is in it.
    pub(super) fn text(&mut self) -> bool {
        let rest = self.rest();
        let quote = rest[0];
        let text = match self.language {
            Language::Python if matches!(quote, b'\'' | b'"') => {
                let count = if rest.starts_with(&[quote; 3]) { 3 } else { 1 };
                Text {
                    count,
                    escape: Some(b'\\'),
                    code: self.is_formatted().then_some((b"{", b'}')),
                    is_long: count == 3,
                    ..self.plain(quote)
                }
            }
            Language::PowerShell if quote == b'@' && matches!(rest.get(1), Some(b'\'' | b'"')) => {
                return self.here(rest[1]);
            }
            Language::PowerShell if matches!(quote, b'\'' | b'"') => Text {
                escape: (quote == b'"').then_some(b'`'),
                doubles: true,
                code: (quote == b'"').then_some((b"$(", b')')),
                is_long: true,
                ..self.plain(quote)
            },
            Language::JavaScript if matches!(quote, b'\'' | b'"' | b'`') => Text {
                escape: Some(b'\\'),
                code: (quote == b'`').then_some((b"${", b'}')),
                is_long: quote == b'`',
                ..self.plain(quote)
            },
            Language::JavaScript if quote == b'/' => return self.pattern(),
            _ => return false,
        };
        self.at += text.count;
        self.text_from(text);
        true
    }

    fn plain(&self, quote: u8) -> Text {
        Text {
            quote,
            count: 1,
            start: self.at,
            escape: None,
            doubles: false,
            code: None,
            is_long: false,
        }
    }

    /// Whether the letters before a quote make it a text with code in it.
    fn is_formatted(&self) -> bool {
        let prefix = self.bytes[..self.at].iter().rev();
        let prefix: Vec<_> = prefix.take_while(|it| it.is_ascii_alphanumeric()).collect();
        prefix.len() <= 2
            && prefix
                .iter()
                .any(|it| matches!(it, b'f' | b'F' | b't' | b'T'))
    }

    /// Goes on in a text.
    pub(super) fn text_from(&mut self, text: Text) {
        let is_begun = self.at > text.start + text.count;
        let from = if is_begun { self.at } else { text.start };
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let rest = self.rest();
            let quotes = rest.iter().take_while(|it| **it == text.quote).count();
            let is_doubled = text.doubles && quotes >= 2;
            if Some(byte) == text.escape || is_doubled {
                self.at += 2;
            } else if quotes >= text.count {
                self.at += text.count;
                return self.blank_text(from..self.at);
            } else if let Some((begin, _)) = text.code.filter(|(begin, _)| rest.starts_with(begin))
            {
                // Twice it means itself.
                if text.quote != b'`' && begin == b"{" && rest.starts_with(b"{{") {
                    self.at += 2;
                    continue;
                }
                self.blank_text(from..self.at);
                self.open.push((Open::Within(text), self.at));
                self.at += begin.len();
                return;
            } else if byte == b'\n' && !text.is_long {
                return self.unended(text);
            } else {
                self.at += 1;
            }
        }
        self.unended(text);
    }

    /// How a value is shown, behind a `:` in a formatted text; it may hold values itself.
    pub(super) fn specification(&mut self) {
        let Some((Open::Within(text), _)) = self.open.last().copied() else {
            self.at += 1;
            return;
        };
        let mut depth = 0;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => return,
                b'}' => depth -= 1,
                b'\n' if !text.is_long => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// A text of PowerShell that ends at a quote in front of its line.
    fn here(&mut self, quote: u8) -> bool {
        let rest = self.rest();
        let head = rest
            .iter()
            .position(|it| *it == b'\n')
            .unwrap_or(rest.len());
        if rest[2..head].iter().any(|it| !it.is_ascii_whitespace()) {
            // `@"…"` is the splatting of a text.
            self.at += 1;
            return true;
        }
        let end = [b'\n', quote, b'@'];
        match find(&rest[head..], &end) {
            Some(at) => {
                let length = head + at + end.len();
                self.blank_text(self.at..self.at + length);
                self.at += length;
            }
            None => {
                let at = self.at..self.at + 2;
                self.fail(at, "the text that begins here has no end".to_owned());
            }
        }
        true
    }

    /// A pattern of JavaScript, or a division.
    fn pattern(&mut self) -> bool {
        let before = self.blank[..self.at].iter().rev();
        let last = before.clone().find(|it| !it.is_ascii_whitespace());
        let word: Vec<u8> = before
            .skip_while(|it| it.is_ascii_whitespace())
            .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$'))
            .copied()
            .collect();
        let word: Vec<u8> = word.into_iter().rev().collect();
        match last {
            // Behind a condition a pattern may stand, behind a value a division.
            Some(b')' | b'}') => self.is_unsure = true,
            Some(b']' | b'\'') => {}
            _ if !word.is_empty() && !BEFORE_VALUES.iter().any(|it| it.as_bytes() == word) => {}
            _ => {
                let mut is_class = false;
                let start = self.at;
                self.at += 1;
                while let Some(byte) = self.bytes.get(self.at) {
                    self.at += 1;
                    match byte {
                        b'\\' => self.at += 1,
                        b'[' => is_class = true,
                        b']' => is_class = false,
                        b'/' if !is_class => break,
                        b'\n' => {
                            self.is_unsure = true;
                            break;
                        }
                        _ => {}
                    }
                }
                self.at = self.at.min(self.bytes.len());
                self.blank_text(start..self.at);
                return true;
            }
        }
        self.at += 1;
        true
    }
}

/// Words of JavaScript behind which a value begins.
const BEFORE_VALUES: [&str; 14] = [
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];
