//! `expr eval`: the value of an expression, by GitHub's rules.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::commands::{Failure, Status, Terminal};
use crate::diagnostics::Diagnostic;
use crate::expression::{self, Object, Problem, Value, World};
use crate::knowledge::contexts;
use crate::source::{Location, Source, Sources};

/// What to evaluate.
#[derive(Debug)]
pub enum Options {
    /// One expression; its contexts stand in a JSON file, `-` for standard input.
    One {
        /// The expression, with or without `${{` and `}}`.
        text: String,
        /// The file.
        context: Option<PathBuf>,
    },
    /// One JSON object a line from standard input.
    Batch,
}

/// A line of a batch.
#[derive(Deserialize)]
struct Line {
    expr: String,
    #[serde(default)]
    context: serde_json::Map<String, Json>,
}

/// Evaluates and prints the values as JSON.
pub fn run(options: &Options, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
    match options {
        Options::One { text, context } => {
            let contexts = contexts_of(context.as_ref())?;
            let inner = inside(text);
            let value = value(inner, &contexts).map_err(|problem| tell(inner, &problem))?;
            writeln!(terminal.out, "{}", value.to_json())?;
        }
        Options::Batch => {
            for line in io::stdin().lock().lines() {
                let answer = answer(&line?);
                writeln!(terminal.out, "{answer}")?;
            }
        }
    }
    Ok(Status::Clean)
}

/// The answer to one line of a batch: every line has one, whatever is in it.
fn answer(line: &str) -> Json {
    let line: Line = match serde_json::from_str(line) {
        Ok(line) => line,
        Err(error) => return json!({"error": format!("the line is no request: {error}")}),
    };
    match value(inside(&line.expr), &object(&line.context)) {
        Ok(value) => json!({"result": value.to_json()}),
        Err(problem) => json!({
            "error": problem.to_string(),
            "start": problem.span.start,
            "end": problem.span.end,
        }),
    }
}

fn value(text: &str, contexts: &Object) -> Result<Value, Problem> {
    let node = expression::parse(text)?;
    let is_context = |name: &str| contexts.get(name).is_some() || contexts::is_known(name);
    if let Some(problem) = expression::check(&node, &is_context).into_iter().next() {
        return Err(problem);
    }
    expression::evaluate(&node, contexts, &NoFiles)
}

struct NoFiles;

impl World for NoFiles {
    fn hash_files(&self, _: &[&str]) -> Result<String, String> {
        Err("`hashFiles` looks at the files of a run, and there is none here".to_owned())
    }
}

/// Takes `${{` and `}}` off, if an expression is written with them.
fn inside(text: &str) -> &str {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix("${{");
    let inner = inner.and_then(|inner| inner.strip_suffix("}}"));
    inner.unwrap_or(text)
}

fn contexts_of(path: Option<&PathBuf>) -> Result<Object, Failure> {
    let Some(path) = path else {
        return Ok(Object::default());
    };
    let shown = path.display().to_string();
    let text = if shown == "-" {
        let mut text = String::new();
        let read = io::stdin().lock().read_to_string(&mut text);
        read.map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| Failure::disk("read", &shown, &error))?;
    let contexts = serde_json::from_str(&text).map_err(|error| {
        Diagnostic::error("context", format!("`{shown}` has no contexts: {error}"))
            .help("write one JSON object with a key for each context: {\"github\": {\"ref\": \"refs/heads/main\"}}")
    })?;
    Ok(object(&contexts))
}

fn object(json: &serde_json::Map<String, Json>) -> Object {
    let mut object = Object::default();
    for (name, value) in json {
        object.insert(name, value.into());
    }
    object
}

fn tell(text: &str, problem: &Problem) -> Failure {
    let mut diagnostic = Diagnostic::error("expression", problem.to_string());
    diagnostic.help = problem.help();
    let mut sources = Sources::new();
    // Too long a text has no excerpt.
    if let Ok(source) = Source::new("expression", text) {
        let id = sources.add(source);
        diagnostic = diagnostic.at(Location::new(id, problem.span));
    }
    Failure::new(diagnostic, sources)
}
