//! The way of files through the linter: read, judged and dropped repository by repository.

use std::cell::OnceCell;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::judge::Told;
use crate::lint::repository::{File, Member, Read, Repository};
use crate::lint::rules::FAMILIES;
use crate::lint::scope::Scopes;
use crate::lint::settings::{ByRepository, Options, Settings};
use crate::lint::suppress::{self, Suppressions};
use crate::lint::{Cx, FileKind, expressions, grammar, yaml};
use crate::parallel;
use crate::source::{SourceId, Sources};
use crate::workflow::shape;

/// Lints files of repositories that say nothing about their findings.
pub fn lint(sources: &Sources, files: &[File]) -> Diagnostics {
    lint_with(sources, files, &ByRepository::new())
}

/// Lints files, each by itself and those of a repository together.
///
/// The findings come in the order of the files, and of the text in each; what comments suppress
/// is not among them. [`weigh`](crate::lint::weigh) says which are told.
pub fn lint_with(sources: &Sources, files: &[File], settings: &ByRepository) -> Diagnostics {
    run(sources, files, settings, None, Diagnostics::new())
}

/// Lints files as [`lint_with`] does, and returns what is told, at its weight; `others` is
/// what other programs found there.
///
/// A rule that is off unless somebody asks for it is not even looked for then.
pub fn lint_for(
    sources: &Sources,
    files: &[File],
    options: &Options,
    others: Diagnostics,
) -> Diagnostics {
    run(sources, files, &options.settings, Some(options), others)
}

fn run(
    sources: &Sources,
    files: &[File],
    settings: &ByRepository,
    options: Option<&Options>,
    others: Diagnostics,
) -> Diagnostics {
    let mut by_file: HashMap<SourceId, Vec<Diagnostic>> = HashMap::new();
    for one in others {
        if let Some(place) = one.primary {
            by_file.entry(place.source).or_default().push(one);
        }
    }
    let given = Given {
        sources,
        settings,
        options,
        others: by_file,
    };
    let repositories = by_repository(files);
    let length = |file: &File| sources.get(file.id).map_or(0, |source| source.text().len());
    let size = |files: &Vec<&File>| files.iter().map(|file| length(file)).sum();
    let found = parallel::map_by_size(&repositories, size, |files| together(files, &given));
    let mut found = Diagnostics::concat(found);
    found.sort();
    found
}

/// What is the same for all files.
struct Given<'g> {
    sources: &'g Sources,
    settings: &'g ByRepository,
    /// What the findings are wanted for; without it, all are.
    options: Option<&'g Options>,
    others: HashMap<SourceId, Vec<Diagnostic>>,
}

/// The files of each repository, in the order given.
fn by_repository(files: &[File]) -> Vec<Vec<&File>> {
    let mut all: Vec<Vec<&File>> = Vec::new();
    let mut places: HashMap<&str, usize, RandomState> = HashMap::default();
    for file in files {
        let place = *places.entry(&file.repository).or_insert(all.len());
        match all.get_mut(place) {
            Some(files) => files.push(file),
            None => all.push(vec![file]),
        }
    }
    all
}

/// Lints the files of a repository. Their trees are gone before those of the next are read:
/// memory that is used again is near.
fn together(files: &[&File], given: &Given<'_>) -> Diagnostics {
    let texts = files
        .iter()
        .filter_map(|file| Some((*file, given.sources.get(file.id)?.text())));
    let texts: Vec<_> = texts.collect();
    let size = |(_, text): &(&File, &str)| text.len();
    let read = parallel::map_by_size(&texts, size, |(file, text)| Read::new(file, text));
    let repository = Repository::new(&read);
    let wanted: Vec<_> = repository
        .files
        .iter()
        .filter(|one| one.file.wanted)
        .collect();
    let size = |member: &&Member<'_>| member.text.len();
    let judge = |member: &&Member<'_>| judged(member, &repository, given);
    let found = parallel::map_by_size(&wanted, size, judge);
    let mut found = Diagnostics::concat(found);
    // An alias shows what its anchor shows.
    found.sort_and_dedup();
    found
}

/// What is told of a file.
fn judged(member: &Member<'_>, repository: &Repository<'_>, given: &Given<'_>) -> Diagnostics {
    let file = member.file;
    let settings = given.settings.get(&file.repository);
    let settings = settings.unwrap_or(Settings::NONE);
    let told = Told::new(file, settings, given.options);
    let comments = given.sources.get(file.id).zip(member.tree);
    let comments = comments.map(|(source, tree)| Suppressions::read(source, tree));
    let comments = comments.filter(|comments| !comments.is_empty());
    // Whether a suppression suppresses something does not hang on what is told.
    let looked_for = match comments {
        Some(_) => told.everything(),
        None => told,
    };
    let mut found = one(member, repository, settings, looked_for);
    let others = given.others.get(&file.id);
    found.extend(others.into_iter().flatten().cloned());
    if let Some(comments) = comments {
        suppress::apply(&comments, &mut found);
    }
    told.weigh(&mut found);
    found
}

/// What is found in a file by itself.
fn one(
    member: &Member<'_>,
    repository: &Repository<'_>,
    settings: &Settings,
    told: Told<'_>,
) -> Diagnostics {
    let mut found = Diagnostics::new();
    found.extend(member.diagnostics.iter().cloned().map(yaml::with_rule));
    let Some(root) = member.root else {
        if member.complete {
            found.push(grammar::empty(member.file.id));
        }
        return found;
    };
    let shape = match member.file.kind {
        FileKind::Workflow => shape::workflow(root, member.text),
        FileKind::Action => shape::action(root, member.text),
        FileKind::Dependabot => shape::dependabot(root, member.text),
    };
    let takes_urls = settings.platform.takes_urls();
    let refused = shape.diagnostics.into_iter();
    found.extend(refused.filter(|one| !(takes_urls && is_of_url(one, member.text))));
    let scopes = Scopes::new(
        member.file,
        member.text,
        root,
        member.workflow.as_ref(),
        repository,
    );
    let cx = Cx {
        file: member.file,
        text: member.text,
        root,
        workflow: member.workflow.as_ref(),
        action: member.action.as_ref(),
        sites: &shape.sites,
        expressions: &expressions::read(&shape.sites),
        values: OnceCell::new(),
        scripts: OnceCell::new(),
        scopes: &scopes,
        repository,
        settings,
        told,
    };
    for family in FAMILIES {
        (family.check)(&cx, &mut found);
    }
    found
}

/// Whether GitHub's grammar refuses the address of an action, which other platforms take.
fn is_of_url(one: &Diagnostic, text: &str) -> bool {
    let place = one.primary.and_then(|place| text.get(place.span.range()));
    one.code == "uses-format" && place.is_some_and(|text| text.contains("://"))
}
