//! Types of expressions, through the workflow that gives them.

use cicd::lint::FileKind;

use super::judge;

#[test]
fn names_are_those_of_the_job_and_its_workflow() {
    judge(
        FileKind::Workflow,
        "on:
  workflow_dispatch:
    inputs:
      dry: {type: boolean}
      count: {type: number}
jobs:
  a:
    runs-on: ubuntu-24.04
    outputs: {version: '${{ steps.read.outputs.version }}'}
    steps:
      - run: echo ${{ steps.read.outputs.version }} # expr-undefined-property: has not run yet
      - id: read
        run: echo ${{ inputs.dryy }} # expr-undefined-property: `inputs` has no `dryy`
      - run: echo ${{ STEPS.Read.outputs.anything }} ${{ steps.red.outcome }} # expr-undefined-property: no `red`
  b:
    needs: a
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-24.04, macos-15]
        pair: [{x: 1, y: [2]}, {x: 3, z: true}]
        include: [{os: windows-2025, extra: 1}]
    steps:
      - run: echo ${{ matrix.pair.z }} ${{ matrix.extra }} ${{ matrix.pair.w }} # expr-undefined-property: `matrix.pair` has no `w`
      - run: echo ${{ needs.a.outputs.version }} ${{ needs.a.outputs.vrsion }} # expr-undefined-property: no `vrsion`
      - run: echo ${{ matrix.arch || 'x64' }} # expr-undefined-property
      - {if: inputs.count > 2 && inputs.dry, run: make}
      - {if: inputs.dry > 2, run: make} # expr-operator-types: a boolean is neither more nor less
  c:
    runs-on: ubuntu-24.04
    steps:
      - run: echo ${{ needs.a.result }} ${{ matrix.os }} # expr-undefined-property: `needs` has no `a`; expr-undefined-property: `matrix` has no `os`
",
    );
}

#[test]
fn values_fit_where_they_stand() {
    judge(
        FileKind::Workflow,
        "on: {push: , schedule: [{cron: '0 4 * * *'}]}
jobs:
  a:
    runs-on: ${{ fromJSON('[\"self-hosted\", \"x\"]') }}
    services: {db: {image: 'postgres:17', ports: ['5432']}}
    timeout-minutes: ${{ github.run_number }} # expr-result-type: this is text, and a number is wanted
    continue-on-error: ${{ github.ref == 'x' }}
    steps:
      - run: echo ${{ job.services.db.ports[5432] }} ${{ job.services.d.id }} # expr-undefined-property: no `d`
      - run: echo ${{ github.event.commits.*.id }} # expr-object-in-template: an array
      - run: echo ${{ join(github.event.commits.*.id) }} ${{ github.event.schedule }}
      - run: echo ${{ github.event.pull_request.number }} # event-payload-property: `github.event` has no `pull_request`
      - run: echo ${{ github.ref.name }} # expr-deref-type: this is text, which has no `name`
      - run: echo ${{ startsWith(github.event, 'a') }} # expr-call-args: takes text here, and this is an object
      - run: echo ${{ format('{0}', 1, 2) }} ${{ format('{', 1) }} # expr-format-string: no `{1}`; expr-format-string: not valid
      - run: echo ${{ case('a', 1, 2) }} # expr-call-args: takes `true` or `false` here
      - run: echo ${{ fromJSON('{\"a\":{\"b\":1}}').a.c }} # expr-undefined-property: has no `c`
      - run: echo ${{ github.event_name == 'push' && 'a' || 'b' }}
",
    );
}

#[test]
fn a_part_of_the_payload_may_be_asked_whether_it_is_there() {
    judge(
        FileKind::Workflow,
        "on: issue_comment
jobs:
  a:
    runs-on: ubuntu-24.04
    if: github.event.issue.pull_request != '' && '' != github.event.issue['labels']
    strategy: {matrix: {it: [{name: a}]}}
    steps:
      - if: github.event.issue.pull_request == 'open' # expr-operator-types: an object and text
        run: make
      - {if: matrix.it == '', run: make} # expr-operator-types: an object and text
",
    );
}

#[test]
fn what_may_be_anything_is_never_wrong() {
    judge(
        FileKind::Workflow,
        "on: {workflow_call: {inputs: {list: {type: string}}}, push: }
jobs:
  a:
    runs-on: ubuntu-24.04
    strategy: {matrix: '${{ fromJSON(inputs.list) }}'}
    steps:
      - {id: '${{ github.job }}', run: make} # expr-context-availability
      - run: echo ${{ matrix.any.thing }} ${{ github.event.any.thing[0] }} ${{ vars.A }} ${{ env.B }}
      - run: echo ${{ needs[matrix.x] }} ${{ fromJSON(vars.A).b.c }} ${{ github.event }} # expr-object-in-template
  b:
    needs: call
    runs-on: ubuntu-24.04
    steps: [{run: 'echo ${{ needs.call.outputs.whatever }}'}]
  call: {uses: o/r/.github/workflows/a.yml@v1}
",
    );
}

#[test]
fn what_holds_anyway_is_not_asked() {
    judge(
        FileKind::Workflow,
        "on: {push: {branches: [main]}}
jobs:
  a:
    if: github.event_name == 'push' && github.repository == 'o/r' # if-redundant
    runs-on: ubuntu-24.04
    steps:
      - {if: github.ref == 'refs/heads/main', run: a} # if-redundant
      - {if: \"github.repository  ==  'o/r' && env.A == 'a'\", run: a} # if-redundant
      - {if: success() && env.A == 'a', run: a} # if-redundant
      - {if: success() && (failure() || env.A == 'a'), run: a}
      - {if: github.repository == 'o/r' || env.A == 'a', run: a}
      - {if: github.ref != 'refs/heads/main', run: a}
  b:
    runs-on: ubuntu-24.04
    steps: [{if: github.repository == 'o/r', run: a}]
",
    );
    judge(
        FileKind::Workflow,
        "on: {push: {branches: [main, 'v*']}, workflow_dispatch: }
jobs:
  a:
    if: github.event_name == 'push'
    runs-on: ubuntu-24.04
    steps: [{if: github.ref_name == 'main', run: a}]
",
    );
    judge(
        FileKind::Workflow,
        "on: {pull_request: {types: [labeled], branches: main}}
jobs:
  a:
    if: always() && github.event.action == 'Labeled' # if-redundant
    runs-on: ubuntu-24.04
    steps: [{if: always() && github.base_ref == 'main', run: a}] # if-redundant
",
    );
}

#[test]
fn what_is_always_the_same_or_goes_around_is_obscure() {
    judge(
        FileKind::Workflow,
        "on: push
env: {A: '${{ 5 }}', B: \"a ${{ 'b' }}\", C: \"${{ '${{' }}\"} # obfuscation: always `5`; obfuscation: always `b`
jobs:
  a:
    runs-on: windows-2025
    strategy: {matrix: {it: \"${{ fromJSON('[1, 2]') }}\"}}
    steps:
      - uses: actions/cache//save/@v5 # obfuscation: detours
        with: {path: a, key: \"${{ format('{0}-{1}', github.sha, format('{0}', 'a')) }}\"} # obfuscation: always `a`
      - uses: actions/cache/save/../../../x@v5 # obfuscation: detours
      - {if: \"github.ref == join(fromJSON('[1]'))\", run: a, shell: bash} # obfuscation: always `1`
      - {run: p^ower^shell -c x, shell: cmd} # obfuscation: `^` cuts
      - {run: '%COMSPEC:~0,1% /c a', shell: cmd} # obfuscation: `:~` cuts
      - {run: a ^& b, shell: cmd}
      - {run: grep ^a, shell: bash}
",
    );
}
