//! Where a command writes: results to one stream, messages to the other.

use std::io::{self, IsTerminal, Write};

use crate::commands::{Failure, Status};
use crate::diagnostics::Diagnostics;
use crate::report::{self, Color, Format};
use crate::source::Sources;

/// The two streams of a run, and the form of what goes there.
pub struct Terminal<'a> {
    /// For what was asked for; programs read it.
    pub out: &'a mut dyn Write,
    /// For what people should know besides.
    pub err: &'a mut dyn Write,
    /// Whether the results are for people or for programs.
    pub format: Format,
    /// Whether colours for `out` would be seen; if not, making them is lost time.
    pub color: Color,
}

/// What no answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    Yes,
    No,
}

impl Terminal<'_> {
    /// Says whether somebody is there to be asked; elsewhere nobody could answer.
    pub(crate) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && self.format == Format::Text
    }

    /// Asks a question, and returns whether the answer is yes.
    pub(crate) fn confirmed(&mut self, question: &str, default: Unanswered) -> io::Result<bool> {
        let choices = match default {
            Unanswered::Yes => "Y/n",
            Unanswered::No => "y/N",
        };
        write!(self.out, "{question} [{choices}] ")?;
        self.out.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(match answer.trim().to_ascii_lowercase().as_str() {
            "" => default == Unanswered::Yes,
            answer => matches!(answer, "y" | "yes"),
        })
    }

    /// Tells what is wrong: people beside the results, programs in their place.
    ///
    /// The streams drop colours that nobody would see.
    pub fn report(&mut self, diagnostics: &Diagnostics, sources: &Sources) -> io::Result<()> {
        let stream: &mut dyn Write = if self.format.is_for_people() {
            self.err
        } else {
            self.out
        };
        report::write(
            stream,
            self.format,
            Color::Always,
            diagnostics,
            sources,
            &[],
        )
    }

    /// Ends a run: says why it failed, if it did, and returns its status.
    pub fn conclude(&mut self, ended: Result<Status, Failure>) -> Status {
        let said = match ended {
            Ok(status) => self.out.flush().map(|()| status),
            Err(Failure::Output(error)) => Err(error),
            Err(Failure::Reported(failed)) => self
                .report(&failed.diagnostics, &failed.sources)
                .and_then(|()| self.out.flush())
                .map(|()| Status::Failed),
        };
        match said {
            Ok(status) => status,
            // Whoever reads has seen enough, as in `cicd diff | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Clean,
            Err(error) => {
                // If this cannot be told either, the exit code still says it.
                let _ = writeln!(self.err, "error: cannot write the output: {error}");
                Status::Failed
            }
        }
    }
}
