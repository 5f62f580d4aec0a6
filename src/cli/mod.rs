//! Command-line words: the only user of clap. Opens no file.
//!
//! Each subcommand is a file of its own that turns flags into the command's
//! plain options.

mod adopt;
mod completions;
mod diff;
mod drift;
mod eject;
mod explain;
mod expr;
mod generate;
mod init;
mod lint;
mod man;
mod pins;
mod presets;
mod reference;
mod schema;

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{Failure, Status, Terminal};
use crate::report::{self, Color};

/// One short manifest becomes GitHub Actions workflows that keep their promises
#[derive(Debug, Parser)]
#[command(name = "cicd", version, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is clean; 1 drift, findings or changed files; 2 the work could not be done";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Flags),
    Generate(generate::Flags),
    Diff(diff::Flags),
    Drift(drift::Flags),
    Adopt(adopt::Flags),
    Eject(eject::Flags),
    Pins(pins::Flags),
    Lint(lint::Flags),
    Explain(explain::Flags),
    Presets(presets::Flags),
    Expr(expr::Flags),
    Reference(reference::Flags),
    Schema(schema::Flags),
    Completions(completions::Flags),
    Man(man::Flags),
}

/// Which manifest to read.
#[derive(Debug, Args)]
struct ManifestFlag {
    /// The manifest to read
    #[arg(long, value_name = "FILE", default_value = "cicd.yml")]
    manifest: std::path::PathBuf,
}

/// In which form to answer.
#[derive(Debug, Args)]
struct FormatFlag {
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
        }
    }
}

/// In which form to tell findings.
#[derive(Debug, Args)]
struct FindingsFlag {
    /// For people, for programs, or for whatever shows findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: FindingsFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FindingsFormat {
    /// Excerpts with words
    Text,
    /// A line for each: path:line:column: severity[rule] message
    Oneline,
    /// One document
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations in a run of GitHub Actions
    Github,
    /// JUnit's XML
    Junit,
    /// A table, for the summary of a job on GitHub
    Markdown,
}

impl From<FindingsFormat> for report::Format {
    fn from(format: FindingsFormat) -> Self {
        match format {
            FindingsFormat::Text => Self::Text,
            FindingsFormat::Oneline => Self::Oneline,
            FindingsFormat::Json => Self::Json,
            FindingsFormat::Sarif => Self::Sarif,
            FindingsFormat::Github => Self::Github,
            FindingsFormat::Junit => Self::Junit,
            FindingsFormat::Markdown => Self::Markdown,
        }
    }
}

/// How much is written at a time, in bytes.
const BUFFER: usize = 64 * 1024;

/// Runs the program with the words of its command line.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => ExitCode::from(run(cli.command).code()),
        Err(answer) => {
            // Help that nobody reads to its end is no error.
            let _ = answer.print();
            let failed = answer.use_stderr();
            ExitCode::from(
                if failed {
                    Status::Failed
                } else {
                    Status::Clean
                }
                .code(),
            )
        }
    }
}

fn run(command: Command) -> Status {
    let stdout = std::io::stdout();
    let choice = AutoStream::choice(&stdout);
    // Where nobody would see colours, or `NO_COLOR` is set, `out` gets none: results may have
    // megabytes, and looking for some to drop would take longer than writing them.
    let stdout: Box<dyn Write> = match choice {
        ColorChoice::Never => Box::new(stdout.lock()),
        _ => Box::new(AutoStream::new(stdout, choice).lock()),
    };
    let mut out = BufWriter::with_capacity(BUFFER, stdout);
    // Not locked: if a thread panicked while we hold it, it would wait for ever to say so.
    let mut err = anstream::stderr();
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        format: command.format(),
        color: match choice {
            ColorChoice::Never => Color::Never,
            _ => Color::Always,
        },
    };
    let ended = command.run(&mut terminal);
    terminal.conclude(ended)
}

impl Command {
    fn format(&self) -> report::Format {
        match self {
            Self::Init(flags) => flags.format().into(),
            Self::Presets(flags) => flags.format(),
            Self::Pins(flags) => flags.format(),
            Self::Generate(flags) => flags.format.format.into(),
            Self::Diff(flags) => flags.format.format.into(),
            Self::Drift(flags) => flags.format(),
            Self::Lint(flags) => flags.format.format.into(),
            Self::Adopt(flags) => flags.format(),
            Self::Eject(flags) => flags.format.format.into(),
            Self::Explain(_)
            | Self::Expr(_)
            | Self::Reference(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => report::Format::Text,
        }
    }

    fn run(self, terminal: &mut Terminal<'_>) -> Result<Status, Failure> {
        use crate::commands;
        match self {
            Self::Init(flags) => commands::init::run(&flags.into(), terminal),
            Self::Presets(flags) => flags.run(terminal),
            Self::Pins(flags) => flags.run(terminal),
            Self::Generate(flags) => commands::generate::run(&flags.into(), terminal),
            Self::Diff(flags) => commands::diff::run(&flags.into(), terminal),
            Self::Drift(flags) => commands::drift::run(&flags.into(), terminal),
            Self::Adopt(flags) => commands::adopt::run(&flags.into(), terminal),
            Self::Eject(flags) => commands::eject::run(&flags.into(), terminal),
            Self::Lint(flags) => commands::lint::run(&flags.into(), terminal),
            Self::Explain(flags) => commands::explain::run(flags.rule.as_deref(), terminal),
            Self::Expr(flags) => commands::expr::run(&flags.into(), terminal),
            Self::Reference(flags) => commands::reference::run(&flags.into(), terminal),
            Self::Schema(flags) => commands::schema::run(flags.of(), terminal),
            Self::Completions(flags) => completions::run(&flags, terminal),
            Self::Man(flags) => man::run(&flags, terminal),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
