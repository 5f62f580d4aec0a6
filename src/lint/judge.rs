//! Which findings are told, and how much they weigh.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::lint::repository::File;
use crate::lint::rule::Rule;
use crate::lint::rule_named;
use crate::lint::settings::{Options, Settings};

/// What is told of one file.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    file: &'a File,
    settings: &'a Settings,
    /// What one run is asked for; without it, all is told.
    options: Option<&'a Options>,
}

impl<'a> Told<'a> {
    pub(super) fn new(
        file: &'a File,
        settings: &'a Settings,
        options: Option<&'a Options>,
    ) -> Self {
        Self {
            file,
            settings,
            options,
        }
    }

    /// The same file, with all that is found there.
    pub(super) fn everything(self) -> Self {
        let options = None;
        Self { options, ..self }
    }

    /// Whether findings of the rule with this name are told.
    pub(super) fn has(&self, id: &str) -> bool {
        rule_named(id).is_none_or(|rule| self.weight(rule, rule.severity).is_some())
    }

    /// Drops what is not told, and gives the rest its weight.
    pub(super) fn weigh(&self, found: &mut Diagnostics) {
        if self.options.is_some() {
            retain(found, |one| self.weight_of(one));
        }
    }

    fn weight_of(&self, one: &Diagnostic) -> Option<Severity> {
        match rule_named(one.code) {
            Some(rule) => self.weight(rule, one.severity),
            None => Some(one.severity),
        }
    }

    fn weight(&self, rule: &Rule, own: Severity) -> Option<Severity> {
        match self.options {
            Some(options) => options.weigh(rule, self.file, self.settings, own),
            None => Some(own),
        }
    }
}

/// Drops what nobody wants to hear, and gives the rest its weight.
pub fn weigh(mut found: Diagnostics, files: &[File], options: &Options) -> Diagnostics {
    let judge = Judge::new(files, options);
    retain(&mut found, |one| judge.weigh(one));
    found
}

fn retain(found: &mut Diagnostics, weigh: impl Fn(&Diagnostic) -> Option<Severity>) {
    found.retain(|one| {
        let weight = weigh(one);
        one.severity = weight.unwrap_or(one.severity);
        weight.is_some()
    });
}

/// Says of findings whether they are told.
pub struct Judge<'a> {
    /// By the number of their texts.
    files: Vec<Option<Told<'a>>>,
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
            let settings = options.settings_of(file);
            by_text[at] = Some(Told::new(file, settings, Some(options)));
        }
        Self { files: by_text }
    }

    /// Returns how much a finding weighs; nothing if it is not told.
    pub fn weigh(&self, one: &Diagnostic) -> Option<Severity> {
        let place = one.primary.map(|place| place.source.0 as usize);
        match place.and_then(|at| *self.files.get(at)?) {
            Some(told) => told.weight_of(one),
            None => Some(one.severity),
        }
    }
}
