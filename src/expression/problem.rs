//! What GitHub refuses in an expression, or fails at.

use std::fmt;

use super::function::FUNCTIONS;
use crate::diagnostics::nearest;
use crate::source::Span;

/// Something wrong with an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What.
    pub reason: Reason,
    /// Where in the text of the expression.
    pub span: Span,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// It is longer than [`MAX_LENGTH`](super::MAX_LENGTH).
    TooLong,
    /// It is nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// There is nothing in it.
    Empty,
    /// It ends where a value or a closing bracket is wanted.
    Unfinished,
    /// Something stands where it cannot.
    Unexpected(String),
    /// Text in double quotes, which are for YAML and JSON only.
    DoubleQuotes,
    /// A text without its closing quote.
    OpenText,
    /// Something that begins like a number and is none.
    NoNumber(String),
    /// Something that is neither an operator nor a name.
    NoName(String),
    /// A context that is not known here.
    UnknownContext(String),
    /// A function that is not known.
    UnknownFunction(String),
    /// A call with too few arguments.
    TooFew {
        /// The function.
        function: &'static str,
        /// How many it needs.
        least: usize,
    },
    /// A call with too many arguments.
    TooMany {
        /// The function.
        function: &'static str,
        /// How many it takes.
        most: usize,
    },
    /// A `case` without a value for when no condition holds.
    NoDefault,
    /// A name that an object does not have.
    NoField {
        /// The object, as written.
        of: String,
        /// The name.
        name: String,
        /// The names that it has.
        known: Vec<String>,
        /// Whether it is only asked if there is a value.
        asked: bool,
    },
    /// A name in something that is no object.
    NoFields {
        /// What it is.
        of: &'static str,
        /// The name.
        name: String,
    },
    /// An index that cannot be one.
    NoIndex {
        /// What has the index.
        of: &'static str,
        /// What the index is.
        by: &'static str,
    },
    /// A `*` behind something that is neither an array nor an object.
    NoItems(&'static str),
    /// Two values that can never be equal.
    NeverEqual {
        /// What the left one is.
        left: &'static str,
        /// What the right one is.
        right: &'static str,
    },
    /// A value that is neither more nor less than another.
    NoOrder(&'static str),
    /// A call with an argument that the function cannot use.
    WrongArgument {
        /// The function.
        function: &'static str,
        /// What it takes there.
        wanted: &'static str,
        /// What there is.
        found: &'static str,
    },
    /// The text of `format` does not fit its values.
    Format(String),
    /// A value that the text of `format` does not name.
    Unused(usize),
    /// A text that is no JSON.
    Json(String),
    /// The evaluation fails, for this reason.
    Fails(String),
}

impl Problem {
    pub(super) fn new(reason: Reason, span: Span) -> Self {
        Self { reason, span }
    }

    /// Returns what to do about it, if that can be said.
    pub fn help(&self) -> Option<String> {
        match &self.reason {
            Reason::DoubleQuotes => Some("write text in single quotes, `'like this'`".to_owned()),
            Reason::OpenText => Some("end it with `'`; a quote within is doubled, `''`".to_owned()),
            Reason::NoDefault => Some("add a last value, for when no condition is true".to_owned()),
            Reason::UnknownFunction(name) => {
                let known = FUNCTIONS.iter().map(|function| function.name);
                nearest(name, known).map(|known| format!("write `{known}`"))
            }
            Reason::Unexpected(text) | Reason::NoName(text) => known_elsewhere(text),
            Reason::NoField { name, known, .. } => field_help(name, known),
            Reason::NoItems(_) | Reason::NoFields { .. } => None,
            Reason::WrongArgument { found, .. } if found.contains("object") => {
                Some("name one of its fields, or write it as text with `toJSON`".to_owned())
            }
            Reason::Unused(_) => Some("name it in the text, or take it away".to_owned()),
            _ => None,
        }
    }
}

/// More names are not worth reading.
const MAX_NAMES: usize = 12;

fn field_help(name: &str, known: &[String]) -> Option<String> {
    if let Some(near) = nearest(name, known.iter().map(String::as_str)) {
        return Some(format!("write `{near}`"));
    }
    match known.len() {
        0 => None,
        1..=MAX_NAMES => {
            let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            Some(format!("it has {}", names.join(", ")))
        }
        _ => None,
    }
}

impl Problem {
    /// Returns what was plainly meant in a span of the expression's text, if that can be said.
    pub fn meant(&self, text: &str) -> Option<(Span, String)> {
        let start = self.span.start as usize;
        let (before, rest) = (text.get(..start)?, text.get(start..)?);
        let (length, meant) = match &self.reason {
            Reason::DoubleQuotes => {
                let inner = rest.strip_prefix('"')?;
                let inner = &inner[..inner.find('"')?];
                let quoted = format!("'{}'", inner.replace('\'', "''"));
                (inner.len() + 2, quoted)
            }
            Reason::NoName(word) => match word.as_str() {
                // The third sign of `===`.
                "=" if before.ends_with('=') => (1, String::new()),
                "=" => (1, "==".to_owned()),
                "&" if !before.ends_with('&') => (1, "&&".to_owned()),
                "|" if !before.ends_with('|') => (1, "||".to_owned()),
                _ => return None,
            },
            _ => return None,
        };
        let end = u32::try_from(start + length).ok()?;
        Some((Span::new(self.span.start, end), meant))
    }
}

/// What people write who know other languages.
fn known_elsewhere(text: &str) -> Option<String> {
    let help = match text {
        "=" => "compare with `==`",
        "===" | "!==" => "there are only `==` and `!=`",
        "&" => "write `&&`",
        "|" => "write `||`",
        "+" | "-" | "/" | "%" | "*" => {
            "there is no arithmetic in expressions: put text together with `format`, and calculate in a step"
        }
        "?" | "?:" => "write `case(condition, value, other)`",
        _ => return None,
    };
    Some(help.to_owned())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::TooLong => write!(
                f,
                "the expression is longer than {} characters",
                super::MAX_LENGTH
            ),
            Reason::TooDeep => write!(
                f,
                "the expression is nested deeper than {} levels",
                super::MAX_DEPTH
            ),
            Reason::Empty => f.write_str("the expression is empty"),
            Reason::Unfinished => f.write_str("the expression ends too early"),
            Reason::Unexpected(text) => write!(f, "`{text}` cannot stand here"),
            Reason::DoubleQuotes => f.write_str("text in double quotes is no expression"),
            Reason::OpenText => f.write_str("the text has no closing quote"),
            Reason::NoNumber(text) => write!(f, "`{text}` is no number"),
            Reason::NoName(text) => write!(f, "`{text}` is no name and no operator"),
            Reason::UnknownContext(name) => write!(f, "there is no context `{name}`"),
            Reason::UnknownFunction(name) => write!(f, "there is no function `{name}`"),
            Reason::TooFew { function, least } => {
                write!(f, "`{function}` needs {}", arguments(*least))
            }
            Reason::TooMany { function, most: 0 } => write!(f, "`{function}` takes no arguments"),
            Reason::TooMany { function, most } => {
                write!(f, "`{function}` takes at most {}", arguments(*most))
            }
            Reason::NoDefault => f.write_str("`case` has no value for when nothing holds"),
            Reason::NoField { of, name, .. } => write!(f, "`{of}` has no `{name}`"),
            Reason::NoFields { of, name } => {
                write!(f, "this is {of}, which has no `{name}`")
            }
            Reason::NoIndex { of, by } => write!(f, "{by} is no index of {of}"),
            Reason::NoItems(of) => write!(f, "this is {of}, which `*` cannot take apart"),
            Reason::NeverEqual { left, right } => {
                write!(f, "{left} and {right} are never equal")
            }
            Reason::NoOrder(what) => write!(f, "{what} is neither more nor less than a value"),
            Reason::WrongArgument {
                function,
                wanted,
                found,
            } => write!(f, "`{function}` takes {wanted} here, and this is {found}"),
            Reason::Unused(at) => write!(f, "the text of `format` has no `{{{at}}}`"),
            Reason::Format(why) | Reason::Json(why) | Reason::Fails(why) => f.write_str(why),
        }
    }
}

fn arguments(count: usize) -> String {
    match count {
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}
