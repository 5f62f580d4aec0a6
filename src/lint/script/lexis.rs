//! What is code and what is text in a script of Python, PowerShell or JavaScript, as far as
//! quotes, comments and brackets tell.

use std::ops::Range;

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

/// How a text is written.
#[derive(Clone, Copy)]
struct Text {
    /// The quote, and how many of them.
    quote: u8,
    count: usize,
    /// Where it begins.
    start: usize,
    /// What escapes a quote; nothing where only doubling does.
    escape: Option<u8>,
    /// Whether two quotes stand for one.
    doubles: bool,
    /// How code begins within it, and what ends that.
    code: Option<(&'static [u8], u8)>,
    /// Whether it may go on behind the end of a line.
    is_long: bool,
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

    /// Goes past a text, or into it to the code that is in it.
    fn text(&mut self) -> bool {
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
    fn text_from(&mut self, text: Text) {
        let is_begun = self.at > text.start + text.count;
        let from = if is_begun { self.at } else { text.start };
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let rest = self.rest();
            let quotes = rest.iter().take_while(|it| **it == text.quote).count();
            if Some(byte) == text.escape {
                self.at += 2;
            } else if byte == text.quote && text.doubles && quotes >= 2 {
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
    fn specification(&mut self) {
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

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::Language::{JavaScript, PowerShell, Python};
    use super::*;

    fn fault(script: &str, language: Language) -> Option<String> {
        let fault = read(script, language).fault?;
        Some(format!("{} {}", fault.at.start, fault.message))
    }

    #[test]
    fn what_is_whole_has_no_fault() {
        for (script, language) in [
            ("print('a)', \"b(\", '''c\n('\n''') # (", Python),
            ("x = f'{a[\"b\"]:{w}.2f} {{ ( }}' + rb'\\''", Python),
            ("f\"{x[\"a\"]}\" # new quotes", Python),
            ("f\"\"\"{\n(1)}\n\"\"\"", Python),
            ("d = {\n 'a': [1,\n 2]}\nif x: y", Python),
            (
                "Write-Host \"a `\" $(Get-Item \"b)\") (\" # it's",
                PowerShell,
            ),
            ("echo 'it''s' a#b ]\n<# ( #>", PowerShell),
            ("$a = @'\nit's (\n'@\n$b = @\"\n\"(\n\"@", PowerShell),
            ("foo `( bar", PowerShell),
            (
                "const a = `x ${b(`y ${c}`)} (`; // (\n/* ' */ d()",
                JavaScript,
            ),
            (
                "s.replace(/['\"(]/g, '') / 2; return /[/(]/.test(s)",
                JavaScript,
            ),
            ("if (a) /'(/.test(b)", JavaScript),
            ("a = b / c / d; e = [1] / 2", JavaScript),
            ("é('ü(') // ä", JavaScript),
        ] {
            assert_eq!(fault(script, language), None, "{script}");
            assert_eq!(read(script, language).text.len(), script.len());
        }
    }

    #[test]
    fn what_is_open_or_closes_nothing_is_found() {
        for (script, language, expected) in [
            ("print('a'", Python, "5 this `(` is never closed"),
            ("a = [1, 2)", Python, "9 `)` stands where `]` is wanted"),
            (
                "print('a)\nb",
                Python,
                "6 the text that begins here has no end",
            ),
            ("x = '''a", Python, "4 the text that begins here has no end"),
            ("if (1) { a", PowerShell, "7 this `{` is never closed"),
            (
                "echo \"a",
                PowerShell,
                "5 the text that begins here has no end",
            ),
            ("a }", PowerShell, "2 `}` closes nothing"),
            (
                "@'\na",
                PowerShell,
                "0 the text that begins here has no end",
            ),
            ("<# a", PowerShell, "0 this comment has no end"),
            ("f({a: 1)", JavaScript, "7 `)` stands where `}` is wanted"),
            (
                "const a = `x ${b`",
                JavaScript,
                "16 the text that begins here has no end",
            ),
            ("/* a", JavaScript, "0 this comment has no end"),
        ] {
            let found = fault(script, language);
            assert_eq!(found.as_deref(), Some(expected), "{script}");
        }
    }

    #[test]
    fn statements_begin_outside_of_texts_and_brackets() {
        let script = "a = (1,\n2)\nb = '''\nx\n'''\nc \\\n d\ne";
        let lines = read(script, Python).lines;
        let begun: Vec<_> = lines.iter().map(|at| &script[*at..=*at]).collect();
        assert_eq!(begun, ["a", "b", "c", "e"]);
        let text = read("f('é', `a ${b} c`)", JavaScript).text;
        assert_eq!(text, "f('   , '  ${b}'  )");
    }
}
