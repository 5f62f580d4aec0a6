//! What is code and what is text in a script of Python, PowerShell or JavaScript, as far as
//! quotes, comments and brackets tell.

mod texts;
#[cfg(test)]
mod tests;

use std::ops::Range;

use texts::Text;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Language {
    JavaScript,
    PowerShell,
    Python,
}

/// A script without its texts.
#[derive(Debug)]
pub(in crate::lint) struct Code {
    /// The script with blanks in the place of every text and comment, of the same length; a
    /// quote is left where a text begins.
    pub(in crate::lint) text: String,
    /// Where statements may begin: lines outside of texts and brackets.
    pub(in crate::lint) lines: Vec<usize>,
    /// What no reader of the language gets past.
    pub(in crate::lint) fault: Option<Fault>,
}

/// Something that is not closed, or closes nothing.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::lint) struct Fault {
    /// Where it stands.
    pub(in crate::lint) at: Range<usize>,
    /// What is wrong with it.
    pub(in crate::lint) message: String,
}

/// Reads a script in which no expression is left.
pub(in crate::lint) fn read(script: &str, language: Language) -> Code {
    let mut reader = Reader {
        bytes: script.as_bytes(),
        blank: script.as_bytes().to_vec(),
        language,
        at: 0,
        open: Vec::new(),
        lines: vec![0],
        fault: None,
        is_unsure: false,
    };
    while reader.at < reader.bytes.len() && reader.fault.is_none() {
        reader.next();
    }
    reader.end();
    let Reader {
        blank,
        lines,
        fault,
        is_unsure,
        ..
    } = reader;
    Code {
        // Whole texts are blanked, so that no letter is cut into pieces.
        text: String::from_utf8(blank).unwrap_or_default(),
        lines,
        fault: fault.filter(|_| !is_unsure),
    }
}

/// Something that is open.
#[derive(Clone, Copy)]
enum Open {
    /// A bracket, by what closes it.
    Bracket(u8),
    /// Code within a text, which goes on behind it.
    Within(Text),
}

struct Reader<'s> {
    bytes: &'s [u8],
    blank: Vec<u8>,
    language: Language,
    at: usize,
    open: Vec<(Open, usize)>,
    lines: Vec<usize>,
    fault: Option<Fault>,
    /// Whether something could be read in two ways.
    is_unsure: bool,
}

impl Reader<'_> {
    fn next(&mut self) {
        let byte = self.bytes[self.at];
        if self.comment() || self.text() {
            return;
        }
        match byte {
            b'\n' => {
                self.at += 1;
                let goes_on = self.language == Language::Python && self.before(2) == b'\\';
                if self.open.is_empty() && !goes_on {
                    self.lines.push(self.at);
                }
            }
            // What follows is as written.
            b'`' if self.language == Language::PowerShell => self.at += 2,
            b'[' | b']' if self.language == Language::PowerShell => self.at += 1,
            b'(' => self.opened(b')'),
            b'[' => self.opened(b']'),
            b'{' => self.opened(b'}'),
            b')' | b']' | b'}' => self.closed(byte),
            b':' if self.language == Language::Python => self.specification(),
            _ => self.at += 1,
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The byte so far before the place.
    fn before(&self, count: usize) -> u8 {
        let at = self.at.checked_sub(count);
        at.map_or(b'\n', |at| self.bytes[at])
    }

    fn blank(&mut self, range: Range<usize>) {
        let end = range.end.min(self.blank.len());
        for byte in &mut self.blank[range.start.min(end)..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }

    /// Blanks a text but for the quote at its beginning.
    fn blank_text(&mut self, range: Range<usize>) {
        let start = range.start;
        self.blank(range);
        if let Some(byte) = self.blank.get_mut(start) {
            *byte = b'\'';
        }
    }

    fn opened(&mut self, by: u8) {
        self.open.push((Open::Bracket(by), self.at));
        self.at += 1;
    }

    fn closed(&mut self, byte: u8) {
        let at = self.at;
        match self.open.pop() {
            Some((Open::Bracket(by), _)) if by == byte => self.at += 1,
            Some((Open::Within(text), _)) if text.code.is_some_and(|(_, end)| end == byte) => {
                self.at += 1;
                self.text_from(text);
            }
            open => {
                let letter = char::from(byte);
                let message = match open {
                    Some((Open::Bracket(by), _)) => {
                        format!("`{letter}` stands where `{}` is wanted", char::from(by))
                    }
                    _ => format!("`{letter}` closes nothing"),
                };
                self.fail(at..at + 1, message);
            }
        }
    }

    fn fail(&mut self, at: Range<usize>, message: String) {
        self.fault.get_or_insert(Fault { at, message });
    }

    fn end(&mut self) {
        if let (Some((open, at)), None) = (self.open.pop(), &self.fault) {
            match open {
                Open::Bracket(_) => {
                    let letter = char::from(self.bytes[at]);
                    self.fail(at..at + 1, format!("this `{letter}` is never closed"));
                }
                Open::Within(text) => self.unended(text),
            }
        }
    }

    fn unended(&mut self, text: Text) {
        let at = text.start..text.start + text.count;
        self.fail(at, "the text that begins here has no end".to_owned());
    }

    /// Goes past a comment.
    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let begins_word = matches!(
            self.before(1),
            b'\n' | b' ' | b'\t' | b';' | b'(' | b'{' | b'|'
        );
        let (is_line, block): (bool, Option<&[u8]>) = match self.language {
            Language::Python => (rest.starts_with(b"#"), None),
            Language::PowerShell if rest.starts_with(b"<#") => (false, Some(b"#>")),
            Language::PowerShell => (rest.starts_with(b"#") && begins_word, None),
            Language::JavaScript if rest.starts_with(b"/*") => (false, Some(b"*/")),
            Language::JavaScript => (rest.starts_with(b"//"), None),
        };
        let length = match block {
            Some(end) => match find(&rest[2..], end) {
                Some(at) => at + 4,
                None => {
                    let at = self.at..self.at + 2;
                    self.fail(at, "this comment has no end".to_owned());
                    self.at += 2;
                    return true;
                }
            },
            None if is_line => rest
                .iter()
                .position(|it| *it == b'\n')
                .unwrap_or(rest.len()),
            None => return false,
        };
        self.blank(self.at..self.at + length);
        self.at += length;
        true
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|it| it == wanted)
}
