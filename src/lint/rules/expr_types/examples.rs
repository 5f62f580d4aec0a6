//! The rules about types, with their examples.

use crate::diagnostics::Severity;
use crate::lint::rule::{Fixes, Group, Rule};

/// A job; the examples are its last steps.
const JOB: &str = "\
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - {id: version, run: echo number=1 >> $GITHUB_OUTPUT}
";

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "event-payload-property",
        group: Group::Correctness,
        severity: Severity::Warning,
        fixes: Fixes::Sometimes,
        finds: "a part of `github.event` that no event of the workflow carries",
        why: "The value is always null, and text with it is empty.",
        bad: &[
            JOB,
            "      - run: echo ${{ github.event.pull_request.number }}\n",
        ],
        good: &[
            JOB,
            "      - run: echo ${{ github.event.head_commit.id }}\n",
        ],
    },
    Rule {
        id: "expr-deref-type",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a field or an item of something that has none",
        why: "The value is always null.",
        bad: &[JOB, "      - run: echo ${{ github.repository.owner }}\n"],
        good: &[JOB, "      - run: echo ${{ github.repository_owner }}\n"],
    },
    Rule {
        id: "expr-format-string",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a text of `format` that does not fit its values",
        why: "The run fails where a value is missing. The first value is `{0}`; a brace is written twice.",
        bad: &[
            JOB,
            "      - run: echo ${{ format('{0} {1}', github.ref) }}\n",
        ],
        good: &[JOB, "      - run: echo ${{ format('{0}', github.ref) }}\n"],
    },
    Rule {
        id: "expr-fromjson-literal",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a text for `fromJSON` that is no JSON",
        why: "The run fails.",
        bad: &[JOB, "      - run: echo ${{ fromJSON('[1, 2')[0] }}\n"],
        good: &[JOB, "      - run: echo ${{ fromJSON('[1, 2]')[0] }}\n"],
    },
    Rule {
        id: "expr-object-in-template",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "an object, an array or null that is put into text",
        why: "GitHub writes `Object` or `Array`, and nothing for null.",
        bad: &[JOB, "      - run: echo '${{ steps.version.outputs }}'\n"],
        good: &[
            JOB,
            "      - run: echo '${{ steps.version.outputs.number }}'\n",
        ],
    },
    Rule {
        id: "expr-operator-types",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a comparison that says nothing, whatever the values are",
        why: "An object equals no text, and only numbers and texts are more or less than others.",
        bad: &[JOB, "      - {if: github.event == 'push', run: make}\n"],
        good: &[
            JOB,
            "      - {if: github.event_name == 'push', run: make}\n",
        ],
    },
    Rule {
        id: "expr-result-type",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "an expression of another type than its key takes",
        why: "The run fails. What comes from outside is text until `fromJSON` reads it.",
        bad: &[
            JOB,
            "      - {timeout-minutes: '${{ github.run_attempt }}', run: make}\n",
        ],
        good: &[
            JOB,
            "      - {timeout-minutes: '${{ fromJSON(github.run_attempt) }}', run: make}\n",
        ],
    },
    Rule {
        id: "expr-undefined-property",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a name that the context does not have: a step, an output, an input, a value of the matrix",
        why: "GitHub does not refuse it; the value is always null, and text with it is empty.",
        bad: &[
            JOB,
            "      - run: echo ${{ steps.versoin.outputs.number }}\n",
        ],
        good: &[
            JOB,
            "      - run: echo ${{ steps.version.outputs.number }}\n",
        ],
    },
];
