//! The rules about conditions, with their examples.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

/// A job; the examples are its steps.
const JOB: &str = "\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
";

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "event-name-impossible",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a question for an event that does not start the workflow",
        why: "The answer is always the same. Perhaps the event is missing in `on`.",
        bad: &[
            JOB,
            "      - {if: github.event_name == 'pull_request', run: make}\n",
        ],
        good: &[
            JOB,
            "      - {if: github.event_name == 'push', run: make}\n",
        ],
    },
    Rule {
        id: "if-always-true",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a condition that is text, and thus true",
        why: "GitHub puts the value of `${{ }}` into the text around it, and text that is not empty counts as true. The end of a line in a block is such text, too.",
        bad: &[
            JOB,
            "      - {if: \"${{ github.ref }} == 'refs/heads/main'\", run: make}\n",
        ],
        good: &[
            JOB,
            "      - {if: github.ref == 'refs/heads/main', run: make}\n",
        ],
    },
    Rule {
        id: "if-constant",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a condition that asks nothing",
        why: "It always has the same answer.",
        bad: &[JOB, "      - {if: \"'main' == 'Main'\", run: make}\n"],
        good: &[JOB, "      - {if: github.ref_name == 'main', run: make}\n"],
    },
    Rule {
        id: "unsound-contains",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a text that is used as a list for `contains`",
        why: "`contains` finds a part of a text: a branch `mai` is in `main develop`, too.",
        bad: &[
            JOB,
            "      - {if: \"contains('main develop', github.ref_name)\", run: make}\n",
        ],
        good: &[
            JOB,
            "      - {if: \"contains(fromJSON('[\\\"main\\\", \\\"develop\\\"]'), github.ref_name)\", run: make}\n",
        ],
    },
    Rule {
        id: "unsound-ternary",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Never,
        finds: "a choice by `&&` and `||` of a value that counts as false",
        why: "`a && b || c` gives `c` whenever `b` counts as false: an empty text, 0, `false` or null.",
        bad: &[
            JOB,
            "      - run: make ${{ github.ref_name == 'main' && '' || '--debug' }}\n",
        ],
        good: &[
            JOB,
            "      - run: make ${{ case(github.ref_name == 'main', '', '--debug') }}\n",
        ],
    },
];
