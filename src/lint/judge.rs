//! Which findings are told, and how much they weigh.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::all;
use crate::lint::repository::File;
use crate::lint::rule::Rule;
use crate::lint::settings::{Options, Settings};

/// Drops what nobody wants to hear, and gives the rest its weight.
pub fn weigh(mut found: Diagnostics, files: &[File], options: &Options) -> Diagnostics {
    let judge = Judge::new(files, options);
    found.retain(|one| {
        let weight = judge.weigh(one);
        one.severity = weight.unwrap_or(one.severity);
        weight.is_some()
    });
    found
}

/// Says of findings whether they are told.
pub struct Judge<'a> {
    rules: Vec<&'static Rule>,
    /// By the number of their texts: the files, with what their repositories say.
    files: Vec<Option<(&'a File, &'a Settings)>>,
    options: &'a Options,
}

impl<'a> Judge<'a> {
    /// Returns the judge of what is found in files.
    pub fn new(files: &'a [File], options: &'a Options) -> Self {
        let mut by_text = Vec::new();
        for file in files {
            let at = file.id.0 as usize;
            if by_text.len() <= at {
                by_text.resize(at + 1, None);
            }
            by_text[at] = Some((file, options.settings_of(file)));
        }
        Self {
            rules: all(),
            files: by_text,
            options,
        }
    }

    /// Returns how much a finding weighs; nothing if it is not told.
    pub fn weigh(&self, one: &Diagnostic) -> Option<Severity> {
        let place = one.primary.map(|place| place.source.0 as usize);
        let file = place.and_then(|at| *self.files.get(at)?);
        let known = self.rules.binary_search_by_key(&one.code, |rule| rule.id);
        match (file, known) {
            (Some((file, settings)), Ok(at)) => {
                let rule = self.rules[at];
                self.options.weigh(rule, file, settings, one.severity)
            }
            _ => Some(one.severity),
        }
    }
}
