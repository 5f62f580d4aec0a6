//! SARIF 2.1.0, as GitHub's code scanning and editors read it.
//!
//! Columns count characters, as in the other formats. Of the rules only those with
//! results are described.

mod line_hash;
mod view;

use std::collections::HashMap;
use std::io::{self, Write};

use crate::diagnostics::{Applicability, Diagnostic, Diagnostics, Label, Severity, fingerprints};
use crate::report::sarif::line_hash::line_hashes;
use crate::report::sarif::view::{
    ArtifactChange, ArtifactLocation, Document, Driver, Fingerprints, Fix, Level, Location,
    Markdown, PhysicalLocation, Region, Replacement, ResultView, RuleProperties, RuleView, Run,
    Text, Tool,
};
use crate::report::{Described, paragraphs};
use crate::source::{self, Source, SourceId, Sources, Span};

pub(super) fn write(
    out: &mut dyn Write,
    diagnostics: &Diagnostics,
    sources: &Sources,
    described: &[Described<'_>],
) -> io::Result<()> {
    let mut ids: Vec<&str> = diagnostics.iter().map(|one| one.code).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules = ids.iter().map(|&id| {
        let known = described.iter().find(|rule| rule.id == id);
        known.map_or_else(|| RuleView::named(id), RuleView::new)
    });
    let mut hashes = LineHashes::new(sources);
    let results = diagnostics.iter().zip(fingerprints(diagnostics, sources));
    let results = results.map(|(one, fingerprint)| ResultView {
        rule_id: one.code,
        rule_index: ids.partition_point(|id| *id < one.code),
        level: level(one.severity),
        message: paragraphs(one).into(),
        locations: one
            .primary
            .and_then(|place| Location::new(place, sources))
            .into_iter()
            .collect(),
        related_locations: related(&one.labels, sources),
        partial_fingerprints: Fingerprints {
            finding: fingerprint.to_string(),
            line: one.primary.and_then(|place| hashes.of(place)),
        },
        fixes: fix(one, sources).into_iter().collect(),
    });
    let run = Run {
        results: results.collect(),
        tool: Tool {
            driver: Driver {
                name: "cicd",
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.collect(),
            },
        },
        column_kind: "unicodeCodePoints",
    };
    serde_json::to_writer_pretty(&mut *out, &Document::new(run))?;
    writeln!(out)
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    }
}

fn related(labels: &[Label], sources: &Sources) -> Vec<Location> {
    let placed = labels.iter().filter_map(|label| {
        let mut location = Location::new(label.location, sources)?;
        location.message = Some(label.text.clone().into());
        Some(location)
    });
    let numbered = placed.zip(1..).map(|(mut location, id)| {
        location.id = Some(id);
        location
    });
    numbered.collect()
}

/// What mends it; what is only shown mends nothing.
fn fix(one: &Diagnostic, sources: &Sources) -> Option<Fix> {
    let fix = one.fix.as_ref()?;
    let source = sources.get(one.primary?.source)?;
    if fix.applicability == Applicability::DisplayOnly {
        return None;
    }
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: Region::new(source, edit.span),
        inserted_content: edit.replacement.clone().into(),
    });
    Some(Fix {
        description: one
            .help
            .clone()
            .unwrap_or_else(|| one.message.clone())
            .into(),
        artifact_changes: [ArtifactChange {
            artifact_location: ArtifactLocation::new(source.name()),
            replacements: replacements.collect(),
        }],
    })
}

/// The hashes of the lines of the texts that have findings.
struct LineHashes<'s> {
    sources: &'s Sources,
    known: HashMap<SourceId, Vec<String>>,
}

impl<'s> LineHashes<'s> {
    fn new(sources: &'s Sources) -> Self {
        let known = HashMap::new();
        Self { sources, known }
    }

    fn of(&mut self, place: source::Location) -> Option<String> {
        let source = self.sources.get(place.source)?;
        let hashes = self.known.entry(place.source);
        let hashes = hashes.or_insert_with(|| line_hashes(source.text()));
        let line = source.position(place.span.start).line as usize;
        hashes.get(line - 1).cloned()
    }
}

impl Location {
    fn new(place: source::Location, sources: &Sources) -> Option<Self> {
        let source = sources.get(place.source)?;
        Some(Self {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation::new(source.name()),
                region: Region::new(source, place.span),
            },
            message: None,
        })
    }
}

impl Region {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl<'d> RuleView<'d> {
    /// A rule of which nothing but the name is known.
    fn named(id: &'d str) -> Self {
        Self {
            id,
            short_description: None,
            full_description: None,
            help: None,
            default_configuration: None,
            properties: None,
        }
    }

    fn new(rule: &'d Described<'d>) -> Self {
        let finds = format!("Finds {}.", rule.finds);
        let mut markdown = format!("{finds} {}\n", rule.why);
        for (caption, example) in &rule.examples {
            markdown.push_str(&format!("\n{caption}:\n\n```yaml\n{example}```\n"));
        }
        Self {
            id: rule.id,
            short_description: Some(finds.clone().into()),
            full_description: Some(rule.why.to_owned().into()),
            help: Some(Markdown {
                text: format!("{finds} {}", rule.why),
                markdown,
            }),
            default_configuration: Some(view::Configuration {
                level: level(rule.severity),
            }),
            properties: Some(RuleProperties {
                tags: [rule.group],
                precision: "high",
                problem_severity: match rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "recommendation",
                },
                security_severity: rule.security.then_some(match rule.severity {
                    Severity::Error => "8.0",
                    Severity::Warning => "5.5",
                    Severity::Note => "3.0",
                }),
            }),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text }
    }
}

#[cfg(test)]
mod tests;
