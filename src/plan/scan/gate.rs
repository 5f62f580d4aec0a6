//! Gates: what happens on findings in the reports of one folder, by severity.

use crate::blocks::scanner::Kind;
use crate::manifest::model::{Choice, Gates};
use crate::manifest::raw::Effect;

/// How much the gates may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// What the manifest says.
    Gate,
    /// The same where there is nobody to ask: what needs a decision blocks.
    Unasked,
    /// Nothing blocks.
    Preview,
}

/// A gate: what happens on findings in the reports of one folder.
#[derive(Default)]
pub(super) struct Gate {
    folder: String,
    block: Vec<&'static str>,
    review: Vec<&'static str>,
    warn: Vec<&'static str>,
}

impl Gate {
    fn new(
        folder: String,
        effects: impl IntoIterator<Item = (&'static str, Effect)>,
        force: Force,
    ) -> Self {
        let mut gate = Self {
            folder,
            ..Self::default()
        };
        for (severity, effect) in effects {
            match (effect, force) {
                (Effect::Log, _) => {}
                (_, Force::Preview) | (Effect::Warn, _) => gate.warn.push(severity),
                (Effect::Block, _) | (Effect::Review, Force::Unasked) => gate.block.push(severity),
                (Effect::Review, Force::Gate) => gate.review.push(severity),
            }
        }
        gate
    }

    /// The gate as `severity-policy` reads it.
    pub(super) fn line(&self) -> String {
        let lists = [
            ("block", &self.block),
            ("review", &self.review),
            ("warn", &self.warn),
        ];
        let lists = lists.iter().filter(|(_, list)| !list.is_empty());
        let lists = lists.map(|(name, list)| format!(" {name}={}", list.join(",")));
        format!("{}{}", self.folder, lists.collect::<String>())
    }

    /// Whether a finding may have to wait for a person.
    pub(super) fn asks(&self) -> bool {
        !self.review.is_empty()
    }
}

/// The folder of a scanner's reports: that of its kind, or one beside it for those
/// that may do less than the gate says.
pub(super) fn folder(choice: &Choice) -> String {
    let folder = choice.scanner.kind.reports();
    if choice.scanner.kind == Kind::Inventory {
        return folder.to_owned();
    }
    match choice.at_most {
        None | Some(Effect::Block) => folder.to_owned(),
        Some(Effect::Review) => format!("{folder}-review"),
        Some(Effect::Warn) => format!("{folder}-warn"),
        Some(Effect::Log) => format!("{folder}-log"),
    }
}

/// The gates of what these scanners look for, each once.
pub(super) fn gates(written: &Gates, scanners: &[Choice], force: Force) -> Vec<Gate> {
    let each = |effect| ["critical", "high", "medium", "low"].map(|severity| (severity, effect));
    let mut judged: Vec<_> = scanners
        .iter()
        .filter(|choice| choice.scanner.kind != Kind::Inventory)
        .collect();
    judged.sort_by_key(|choice| (choice.scanner.kind, choice.at_most));
    let mut gates: Vec<Gate> = Vec::new();
    for choice in judged {
        let effects = match choice.scanner.kind {
            Kind::Dependencies | Kind::Container | Kind::Site => written.vulnerabilities,
            Kind::Code | Kind::Sast => written.code,
            Kind::Secrets => written.secrets,
            Kind::Licenses => each(Effect::Block),
            Kind::Policy => written.policy,
            Kind::Inventory => each(Effect::Log),
        };
        let at_most = choice.at_most.unwrap_or(Effect::Block);
        let effects = effects.map(|(severity, effect)| (severity, effect.max(at_most)));
        let folder = folder(choice);
        if gates.iter().all(|known| known.folder != folder) {
            gates.push(Gate::new(folder, effects, force));
        }
    }
    gates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_says_what_its_force_allows() {
        let effects = [
            ("critical", Effect::Block),
            ("high", Effect::Review),
            ("medium", Effect::Warn),
            ("low", Effect::Log),
        ];
        let line = |force| Gate::new("reports/code".to_owned(), effects, force).line();
        assert_eq!(
            line(Force::Gate),
            "reports/code block=critical review=high warn=medium"
        );
        assert_eq!(
            line(Force::Unasked),
            "reports/code block=critical,high warn=medium"
        );
        assert_eq!(
            line(Force::Preview),
            "reports/code warn=critical,high,medium"
        );
        let open = Gate::new(
            "reports/code".to_owned(),
            [("critical", Effect::Log)],
            Force::Gate,
        );
        assert_eq!(open.line(), "reports/code");
    }
}
