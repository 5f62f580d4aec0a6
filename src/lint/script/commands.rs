//! The commands of a shell script, as far as they can be told apart without running it.

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Command<'s> {
    /// Its words as written, without assignments before it and redirections.
    pub(in crate::lint) words: Vec<&'s str>,
    /// Where it begins in the script.
    pub(in crate::lint) start: usize,
    /// What stands behind it.
    pub(in crate::lint) end: End,
    /// Whether something else decides what its failure means: `if`, `while`, `!`, or a command
    /// that has its output for a word.
    pub(in crate::lint) is_tested: bool,
}

/// What stands behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum End {
    /// `|`, at this place.
    Pipe(usize),
    /// `||`.
    Or,
    /// Anything else.
    Other,
}

/// Returns the commands of a script, those within `$( )` before the one around them.
pub(in crate::lint) fn commands(script: &str) -> Vec<Command<'_>> {
    let mut reader = Reader {
        text: script,
        bytes: script.as_bytes(),
        at: 0,
        documents: Vec::new(),
        found: Vec::new(),
    };
    while reader.at < reader.bytes.len() {
        reader.block(0);
        // A bracket that nothing opened.
        reader.at += 1;
    }
    reader.found
}

/// Words that stand before a command.
const BEFORE: [&str; 12] = [
    "if", "elif", "while", "until", "!", "then", "else", "do", "{", "time", "exec", "sudo",
];
const TESTS: [&str; 5] = ["if", "elif", "while", "until", "!"];

/// How deep `$( )` is followed.
const MAX_DEPTH: usize = 20;

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// The ends of documents that begin on the next line.
    documents: Vec<&'s str>,
    found: Vec<Command<'s>>,
}

/// A command that is being read.
#[derive(Default)]
struct Open<'s> {
    words: Vec<&'s str>,
    start: usize,
    is_tested: bool,
    /// Within `[[ ]]`, or a pattern of `case`, where `|` is no pipe.
    is_condition: bool,
    is_pattern: bool,
}

impl<'s> Reader<'s> {
    /// Reads commands up to a closing bracket or the end.
    fn block(&mut self, depth: usize) {
        let mut open = Open::default();
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.next() == Some(b'\n') => self.at += 2,
                b'#' => self.skip_line(),
                b'\n' => {
                    self.end(&mut open, End::Other);
                    self.at += 1;
                    self.skip_documents();
                }
                b'|' if open.is_condition || open.is_pattern => self.at += 1,
                b'|' if self.next() == Some(b'|') => {
                    self.end(&mut open, End::Or);
                    self.at += 2;
                }
                b'|' => {
                    self.end(&mut open, End::Pipe(self.at));
                    self.at += 1 + usize::from(self.next() == Some(b'&'));
                }
                b';' if self.next() == Some(b';') => {
                    self.end(&mut open, End::Other);
                    open.is_pattern = true;
                    self.at += 2;
                }
                b'&' if self.next() == Some(b'>') => self.at += 1,
                b';' | b'&' => {
                    self.end(&mut open, End::Other);
                    self.at += 1;
                }
                b'<' | b'>' => self.redirect(depth),
                b')' if open.is_pattern => {
                    open = Open::default();
                    self.at += 1;
                }
                b')' if open.is_condition => self.at += 1,
                b')' => break,
                b'(' if !open.is_pattern && !open.is_condition => {
                    self.at += 1;
                    self.nested(depth);
                    self.end(&mut open, End::Other);
                }
                b'(' => self.at += 1,
                _ => self.take(&mut open, depth),
            }
        }
        self.end(&mut open, End::Other);
    }

    fn take(&mut self, open: &mut Open<'s>, depth: usize) {
        let (start, known) = (self.at, self.found.len());
        let word = self.word(depth);
        if !(open.words.is_empty() && is_assignment(word)) {
            let within = &mut self.found[known..];
            within
                .iter_mut()
                .for_each(|command| command.is_tested = true);
        }
        if self.at == start {
            self.at += 1;
            return;
        }
        if open.words.is_empty() {
            if BEFORE.contains(&word) {
                open.is_tested |= TESTS.contains(&word);
                return;
            }
            if is_assignment(word) {
                return;
            }
            if word == "esac" {
                open.is_pattern = false;
            }
            open.start = start;
        }
        match word {
            "[[" => open.is_condition = true,
            "]]" => open.is_condition = false,
            _ => {}
        }
        open.words.push(word);
        if word == "in" && open.words.first() == Some(&"case") {
            self.end(open, End::Other);
            open.is_pattern = true;
        }
    }

    fn end(&mut self, open: &mut Open<'s>, end: End) {
        let is_pattern = open.is_pattern && open.words.is_empty();
        let done = std::mem::take(open);
        open.is_pattern = is_pattern;
        // What a pipe leads to is tested with it.
        open.is_tested = done.is_tested && matches!(end, End::Pipe(_));
        if !done.words.is_empty() {
            self.found.push(Command {
                words: done.words,
                start: done.start,
                end,
                is_tested: done.is_tested,
            });
        }
    }

    fn next(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n');
        self.at += length.unwrap_or(rest.len());
    }

    /// A word with its quotes and whatever they hold.
    fn word(&mut self, depth: usize) -> &'s str {
        let start = self.at;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => {
                    break;
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'\'' => self.until(b'\''),
                b'"' => self.double(depth),
                b'`' => self.until(b'`'),
                b'$' => self.dollar(depth),
                _ => self.at += 1,
            }
        }
        // A backslash may have led into the middle of a letter.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Over the next such quote.
    fn until(&mut self, quote: u8) {
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().position(|byte| *byte == quote);
        self.at += 1 + length.map_or(rest.len(), |length| length + 1);
    }

    fn double(&mut self, depth: usize) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'$' => self.dollar(depth),
                _ => self.at += 1,
            }
        }
    }

    fn dollar(&mut self, depth: usize) {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"${") {
            let closing: &[u8] = if rest.starts_with(b"${{") {
                b"}}"
            } else {
                b"}"
            };
            let found = rest.windows(closing.len()).position(|part| part == closing);
            self.at += found.map_or(rest.len(), |at| at + closing.len());
        } else if rest.starts_with(b"$((") {
            let found = rest.windows(2).position(|part| part == b"))");
            self.at += found.map_or(rest.len(), |at| at + 2);
        } else if rest.starts_with(b"$(") {
            self.at += 2;
            self.nested(depth);
        } else {
            self.at += 1;
        }
    }

    /// What stands between brackets.
    fn nested(&mut self, depth: usize) {
        if depth == MAX_DEPTH {
            self.at = self.bytes.len();
            return;
        }
        self.block(depth + 1);
        self.at = (self.at + 1).min(self.bytes.len());
    }

    /// `>`, `<` and what follows; a document begins with `<<`.
    fn redirect(&mut self, depth: usize) {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"<(") || rest.starts_with(b">(") {
            self.at += 2;
            return self.nested(depth);
        }
        let is_document = rest.starts_with(b"<<") && !rest.starts_with(b"<<<");
        let signs = rest
            .iter()
            .take_while(|byte| matches!(byte, b'<' | b'>' | b'&' | b'|' | b'-'));
        self.at += signs.count();
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let word = self.word(depth);
        if is_document && !word.is_empty() {
            self.documents.push(word.trim_matches(['\'', '"', '\\']));
        }
    }

    fn skip_documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            while self.at < self.bytes.len() {
                let start = self.at;
                self.skip_line();
                let line = &self.text[start..self.at];
                self.at = (self.at + 1).min(self.bytes.len());
                if line.trim() == end {
                    break;
                }
            }
        }
    }
}

fn is_assignment(word: &str) -> bool {
    let name = word.split(['=', '+', '[']).next().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    word.contains('=') && !name.is_empty() && name.bytes().all(is_name)
}

#[cfg(test)]
mod tests;
