//! The rules that YAML itself gives; the reader of [`syntax`](crate::syntax) finds them.

use super::rule::{Fixes, Group, Rule};
use crate::diagnostics::{Diagnostic, Severity};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "duplicate-key",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a key that stands twice in a mapping",
        why: "Only one of the two can count; GitHub refuses the file.",
        bad: &["\
on: push
jobs:
  build:
    name: a
    name: b
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
jobs:
  build:
    name: a
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
    },
    Rule {
        id: "yaml-alias-recursive",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an alias within the value that it names",
        why: "The value would never end.",
        bad: &["\
on: push
env: &all {A: *all}
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &[],
    },
    Rule {
        id: "yaml-anchor-undefined",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an alias without its anchor",
        why: "GitHub refuses the file. An anchor stands before its aliases.",
        bad: &["\
on: push
jobs:
  build:
    name: *common
    runs-on: ubuntu-24.04
    steps: [{run: make}]
"],
        good: &["\
on: push
name: &common ci
jobs: {a: {runs-on: ubuntu-24.04, name: *common, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "yaml-limits",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a file that is larger or deeper than can be read",
        why: "GitHub refuses such files.",
        bad: &[],
        good: &[],
    },
    Rule {
        id: "yaml-syntax",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a file that cannot be read as YAML",
        why: "GitHub refuses the file.",
        bad: &["\
on: push
jobs:
\tbuild:
"],
        good: &["\
on: push
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
];

/// Gives a message of the reader the id of its rule.
pub(super) fn with_rule(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.code = match diagnostic.code {
        "complex-key" | "several-documents" => "yaml-syntax",
        "file-too-large" | "too-deep" | "too-many-nodes" => "yaml-limits",
        "recursive-alias" => "yaml-alias-recursive",
        "unknown-alias" => "yaml-anchor-undefined",
        known => known,
    };
    diagnostic
}
