//! The files to lint: read, and placed in their repositories.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;

use foldhash::fast::RandomState;

use crate::commands::lint::input::{Content, Input, kind};
use crate::commands::reason;
use crate::diagnostics::{self, Diagnostic};
use crate::knowledge::WORKFLOWS;
use crate::lint::{self, File, FileKind, Named};
use crate::parallel;
use crate::source::{Location, Source, SourceId, Sources, Span};

/// Files that were read, and those that could not be.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) sources: Sources,
    pub(super) files: Vec<File>,
    /// What each of them names.
    pub(super) named: Vec<Vec<Named<'static>>>,
    /// Repositories of which other workflows may count.
    about_others: BTreeSet<String>,
    /// Where they lie.
    pub(super) known: Known,
    /// What was read from standard input.
    pub(super) stdin: Option<SourceId>,
    pub(super) refused: Vec<(File, Diagnostic)>,
}

/// Reads files, several at once.
pub(super) fn read(inputs: Vec<Input>) -> Loaded {
    let contents = parallel::map(&inputs, |input| match &input.bytes {
        Some(_) => None,
        None => Some(input.read()),
    });
    let mut loaded = Loaded::default();
    for (mut input, content) in inputs.into_iter().zip(contents) {
        let bytes = input.bytes.take();
        let is_stdin = matches!(bytes, Some(Ok(_)));
        let told = bytes.map(|bytes| input.content(bytes));
        if let Some(content) = content.or(told) {
            let id = loaded.add(input, true, content);
            loaded.stdin = id.filter(|_| is_stdin).or(loaded.stdin);
        }
    }
    loaded
}

impl Loaded {
    /// Reads the other workflows of the repositories where those to lint say something of them.
    pub(super) fn read_neighbours(&mut self) {
        let repositories = std::mem::take(&mut self.about_others);
        let repositories: Vec<_> = repositories.into_iter().collect();
        let found = parallel::map(&repositories, |repository| {
            neighbours(repository, &self.known)
        });
        for (input, content) in found.into_iter().flatten() {
            self.add(input, false, content);
        }
    }

    pub(super) fn add(&mut self, input: Input, wanted: bool, content: Content) -> Option<SourceId> {
        let Input {
            shown,
            repository,
            path,
            ..
        } = input;
        let file = |id| File {
            id,
            kind: kind(&path),
            repository: repository.clone(),
            path: path.clone(),
            wanted,
            absent: Vec::new(),
        };
        let loaded = match content.source {
            Ok(Ok(source)) => Ok(self.sources.add(source)),
            Ok(Err(error)) => Err(diagnostics::refuse(&mut self.sources, &shown, error)),
            Err(error) => Err(self.unreadable(&shown, &error)),
        };
        match loaded {
            Ok(id) => {
                self.files.push(file(id));
                self.named.push(content.named);
                if content.is_about_others {
                    self.about_others.insert(repository.clone());
                }
                self.known.insert((repository, path));
                Some(id)
            }
            // A neighbour that cannot be read is as good as none.
            Err(refused) => {
                let place = refused.primary.filter(|_| wanted);
                self.refused
                    .extend(place.map(|place| (file(place.source), refused)));
                None
            }
        }
    }

    /// A finding at the head of a file of which nothing is known.
    fn unreadable(&mut self, shown: &str, error: &io::Error) -> Diagnostic {
        let unreadable = lint::unreadable(shown, &reason(error));
        match Source::new(shown, "") {
            Ok(empty) => unreadable.at(Location::new(self.sources.add(empty), Span::at(0))),
            Err(_) => unreadable,
        }
    }
}

/// Repositories and paths of the files that are read.
pub(super) type Known = HashSet<(String, String), RandomState>;

/// Reads the workflows of a repository that are not read yet, in the order of their names.
fn neighbours(repository: &str, known: &Known) -> Vec<(Input, Content)> {
    let folder = Path::new(repository).join(WORKFLOWS);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let read = paths.into_iter().filter_map(|path| {
        let input = Input::new(&path);
        let place = (input.repository.clone(), input.path.clone());
        let is_wanted =
            FileKind::of(&input.path) == Some(FileKind::Workflow) && !known.contains(&place);
        let is_file = || path.metadata().is_ok_and(|found| found.is_file());
        if !is_wanted || !is_file() {
            return None;
        }
        let content = input.read();
        Some((input, content))
    });
    read.collect()
}
