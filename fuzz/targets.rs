//! What must hold for any text, and a way to make odd texts of good ones.
//!
//! `cargo run --release --example fuzz` tries them for as long as one likes; a test tries
//! the same for a moment.

use std::collections::BTreeMap;
use std::path::Path;

use cicd::adopt::shape::{self, About};
use cicd::adopt::{Entry, give_back, insert, moved};
use cicd::commands::project;
use cicd::diagnostics::{Diagnostic, Diagnostics, Severity};
use cicd::expression::{self, Object, World};
use cicd::lint::settings::ByRepository;
use cicd::lint::{self, File, FileKind};
use cicd::lock::{Pins, tree_hash};
use cicd::manifest;
use cicd::source::{Source, SourceId, Sources, Span};
use cicd::syntax::{self, Node};

/// Says what is wrong with how a text was taken; a panic says it, too.
pub(crate) type Check = fn(&str) -> Result<(), String>;

/// What is tried, by name.
pub(crate) const TARGETS: [(&str, Check); 6] = [
    ("reader", reader),
    ("yaml", yaml),
    ("expression", expression),
    ("lint", lint),
    ("adopt", adopt),
    ("shape", shape),
];

/// Numbers that only a seed decides (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    fn pick<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

/// Pieces that mean something somewhere.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "- ",
    ": ",
    ":",
    "? ",
    "# c",
    " # c\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    "\"",
    "''",
    "\\",
    "\\x41",
    "|\n",
    ">-\n",
    "|+2\n",
    "&a ",
    "*a",
    "*b",
    "!!int ",
    "!x ",
    "<<: *a\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "é",
    "😀",
    "~",
    "null",
    "true",
    "0x1",
    "1e9",
    "${{",
    "}}",
    "${{ github.ref }}",
    "${{ secrets.A }}",
    "githb.ref",
    "== \"x\"",
    "&&",
    "||",
    "!",
    "(",
    ")",
    ".*",
    "[0]",
    "contains('a', b)",
    "fromJSON('[1]')",
    "case(a, b, c)",
    "on: push\n",
    "jobs:\n",
    "steps:\n",
    "      - run: make\n",
    "    needs: [a, a]\n",
    "    runs-on: x\n",
    "uses: a/b@v1",
    "permissions: {contents: reed}\n",
    "matrix: {a: [1, 1]}\n",
    "if: always() && x\n",
    "timeout-minutes: '5'\n",
    "stesp:\n",
    "with:\n",
];

/// Changes a text in one to eight places.
pub(crate) fn mutate(random: &mut Random, text: &str, others: &[String]) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(8) {
        let (start, end) = range(random, &text);
        let new = match random.below(9) {
            0 => String::new(),
            1 => text[start..end].repeat(2),
            2 => random.pick(PIECES).to_owned(),
            3 => {
                let other = &others[random.below(others.len())];
                let (start, end) = range(random, other);
                other[start..end].to_owned()
            }
            4 => {
                move_lines(random, &mut text);
                continue;
            }
            5 => {
                text.insert_str(start, random.pick(PIECES));
                continue;
            }
            6 => text[start..end].replace('\n', "\n  "),
            7 => {
                let word = random.pick(PIECES);
                text = text.replacen(
                    random.pick(&[": ", "\n", "-", " ", "'"]),
                    word,
                    1 + random.below(3),
                );
                continue;
            }
            _ => text[start..end].chars().rev().collect(),
        };
        text.replace_range(start..end, &new);
        // Repetitions of repetitions only cost time.
        let end = text.floor_char_boundary(20_000);
        text.truncate(end);
    }
    text
}

/// A part of a text: mostly of a few letters, at times of many.
fn range(random: &mut Random, text: &str) -> (usize, usize) {
    let start = text.floor_char_boundary(random.below(text.len() + 1));
    let longest = random.pick(&[&1, &4, &12, &80, &2000]);
    let end = (start + random.below(*longest) + 1).min(text.len());
    (start, text.floor_char_boundary(end).max(start))
}

fn move_lines(random: &mut Random, text: &mut String) {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return;
    }
    let line = lines.remove(random.below(lines.len()));
    lines.insert(random.below(lines.len() + 1), line);
    *text = lines.concat();
}

fn parse(text: &str) -> syntax::Parsed {
    syntax::parse(SourceId(0), text)
}

/// A known shape is a manifest that can be read, and that plans the workflow unless it is refused.
fn shape(text: &str) -> Result<(), String> {
    const BEFORE: &str = "version: 1\nname: x\nworkflows: {old: {own: {on: push}}}\n";
    let files = |path: &str| path.ends_with(".txt").then(|| "22\n".to_owned());
    let Ok(known) = shape::recognise(text, &files) else {
        return Ok(());
    };
    let about = About {
        project: "x",
        workflow: "a",
        usual: &[],
    };
    let Ok(said) = shape::manifest(BEFORE, &known, about, &files) else {
        return Ok(());
    };
    let parsed = syntax::parse(SourceId(0), &said.text);
    if parsed.diagnostics.has_errors() {
        return Err(format!("no YAML:\n{}", said.text));
    }
    let Ok(project) = project::build(Path::new("."), "cicd.yml", said.text.clone().into_bytes())
    else {
        return Ok(());
    };
    let planned = project
        .rendered
        .iter()
        .find(|file| file.path.ends_with("/a.yml"));
    let planned = planned.ok_or_else(|| format!("nothing is planned by\n{}", said.text))?;
    // What is missing is refused by whoever asks; that it can be told is enough here.
    let _ = shape::missing(&known, &planned.text);
    Ok(())
}

/// A workflow that a manifest takes is in it what it was, and comes out of it again.
fn adopt(text: &str) -> Result<(), String> {
    const BEFORE: &str = "version: 1\nname: x\nworkflows:\n  old: {own: {on: push}}\n";
    let mut sources = Sources::new();
    let id = sources.add(Source::new("a.yml", text).map_err(|error| error.to_string())?);
    let source = sources.get(id).ok_or("no source")?;
    let own = match cicd::adopt::own_text(source, id) {
        Ok(own) => own,
        // Marks of types belong to the top, which is another one in a manifest.
        Err(refused) if refused.code == "not-equal" && !text.contains(['!', '%', '&']) => {
            return Err(format!("a sound workflow is refused: {}", refused.message));
        }
        Err(_) => return Ok(()),
    };
    let hash = |text: &str| tree_hash("a.yml", text);
    if hash(&own) != hash(text) {
        return Err(format!("the tree is another one in\n{own}"));
    }
    let (mut moves, _) = moved(&[&own], &Pins::default());
    let text = moves.remove(0).text;
    let entry = Entry {
        name: "a".to_owned(),
        file: None,
        text: text.clone(),
    };
    let manifest = insert(BEFORE, &[entry]).map_err(|refused| refused.message.clone())?;
    let id =
        sources.add(Source::new("cicd.yml", manifest.clone()).map_err(|error| error.to_string())?);
    let mut fetch = |_: &str| Err("nothing is fetched".to_owned());
    let reading = manifest::read(&mut sources, id, &mut fetch);
    let document = reading.document.ok_or("the manifest cannot be read")?;
    let read = document.own.last().map(|own| own.text.as_str());
    if read != Some(text.as_str()) {
        return Err(format!("the manifest says otherwise:\n{manifest}"));
    }
    match give_back(&manifest, "a").as_deref() {
        Some(BEFORE) => Ok(()),
        other => Err(format!("the manifest does not come back: {other:?}")),
    }
}

/// Both readers give the same tree, whatever ends the lines.
fn reader(text: &str) -> Result<(), String> {
    let differs = |text: &str| match syntax::difference(text) {
        Some(difference) => Err(format!("the usual reader gives another tree: {difference}")),
        None => Ok(()),
    };
    differs(text)?;
    differs(&text.replace('\n', "\r\n"))
}

/// The tree has its places in the text, and what is taken from a good text leaves a good one.
fn yaml(text: &str) -> Result<(), String> {
    let parsed = parse(text);
    for one in &parsed.diagnostics {
        let span = one.primary.map_or(Span::at(0), |place| place.span);
        within(text, span)?;
    }
    let Some(tree) = &parsed.document else {
        return Ok(());
    };
    let mut parts = Vec::new();
    if let Some(root) = tree.root() {
        walk(text, root, &mut parts)?;
    }
    // The parser refuses tabs behind a quoted key that it takes behind a plain one.
    if parsed.diagnostics.has_errors() || text.contains('\t') {
        return Ok(());
    }
    // A few of all places: what is tried is decided by the text.
    let stride = parts.len() / 8 + 1;
    for (parent, child) in parts.into_iter().step_by(stride) {
        let edits = [
            parent.without(text, child),
            child.rewritten("it's: new"),
            parent.with_entry_after(text, child, "new-key: x"),
            parent.with_entry_before(text, child, "new-key: x"),
            child.rewritten_within(text, Span::at(0), "x"),
        ];
        for edit in edits.into_iter().flatten() {
            let fix =
                cicd::diagnostics::Fix::new(cicd::diagnostics::Applicability::Safe, [edit.clone()]);
            let after = cicd::diagnostics::apply_fixes(text, &[&fix]).text;
            let again = parse(&after);
            let bad = again.diagnostics.iter().find(|one| {
                // What an alias named may be gone, and a key may be there by now.
                let expected = ["unknown-alias", "duplicate-key", "recursive-alias"];
                one.severity == Severity::Error && !expected.contains(&one.code)
            });
            if let Some(bad) = bad {
                return Err(format!("{edit:?} leads to {}:\n{after}", bad.message));
            }
        }
    }
    Ok(())
}

fn within(text: &str, span: Span) -> Result<(), String> {
    match text.get(span.range()) {
        Some(_) => Ok(()),
        None => Err(format!("{span:?} is not of the text")),
    }
}

fn walk<'t>(
    text: &str,
    node: Node<'t>,
    parts: &mut Vec<(Node<'t>, Node<'t>)>,
) -> Result<(), String> {
    within(text, node.span())?;
    if node.is_alias() {
        return Ok(());
    }
    if let Some(map) = node.offset_map(text) {
        let end = u32::try_from(node.as_str().unwrap_or_default().len()).unwrap_or(u32::MAX);
        let mapped = map.span(Span::new(0, end));
        mapped.map_or(Ok(()), |span| within(text, span))?;
    }
    for entry in node.entries() {
        parts.push((node, entry.key));
        walk(text, entry.key, parts)?;
        walk(text, entry.value, parts)?;
    }
    for item in node.items() {
        parts.push((node, item));
        walk(text, item, parts)?;
    }
    Ok(())
}

struct Nowhere;

impl World for Nowhere {
    fn hash_files(&self, _: &[&str]) -> Result<String, String> {
        Ok(String::new())
    }
}

/// Every expression within `${{ }}`, or the whole text, is read, judged and evaluated.
fn expression(text: &str) -> Result<(), String> {
    let inner = text.split("${{").skip(1);
    let inner = inner.map(|rest| rest.split("}}").next().unwrap_or_default());
    for text in inner.chain([text]) {
        match expression::parse(text) {
            Ok(node) => {
                for problem in expression::check(&node, &|name| name == "github") {
                    within(text, problem.span)?;
                }
                let contexts = Object::default();
                let _ = expression::evaluate(&node, &contexts, &Nowhere);
            }
            Err(problem) => {
                within(text, problem.span)?;
                if let Some((span, _)) = problem.meant(text) {
                    within(text, span)?;
                }
            }
        }
    }
    Ok(())
}

/// A workflow and an action are judged and fixed: no fix leads to a text that is worse,
/// and what was fixed stays as it is.
fn lint(text: &str) -> Result<(), String> {
    for (kind, path) in [
        (FileKind::Workflow, ".github/workflows/a.yml"),
        (FileKind::Action, "action.yml"),
    ] {
        let mut sources = Sources::new();
        let Ok(source) = Source::new(path, text) else {
            continue;
        };
        let file = File {
            id: sources.add(source),
            kind,
            repository: String::new(),
            path: path.to_owned(),
            wanted: true,
            absent: Vec::new(),
        };
        let files = [file];
        let before = lint::lint(&sources, &files);
        for one in &before {
            let place = one.primary.map_or(Span::at(0), |place| place.span);
            within(text, place)?;
        }
        let fixing = lint::fix(&mut sources, &files, &ByRepository::new(), &|_| true);
        worse(&before, &fixing.found)?;
        let once = text_of(&sources);
        let again = lint::fix(&mut sources, &files, &ByRepository::new(), &|_| true);
        if text_of(&sources) != once {
            return Err(format!(
                "fixing again changes more: {:?}\n--- once\n{once}\n--- twice\n{}",
                again.fixed,
                text_of(&sources)
            ));
        }
    }
    Ok(())
}

fn text_of(sources: &Sources) -> String {
    let source = sources.get(SourceId(0));
    source.map_or_else(String::new, |source| source.text().to_owned())
}

/// Errors of YAML itself never grow.
fn worse(before: &Diagnostics, after: &Diagnostics) -> Result<(), String> {
    let count = |all: &Diagnostics| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let yaml = |one: &&Diagnostic| {
            one.severity == Severity::Error
                && (one.code.starts_with("yaml-") || one.code == "duplicate-key")
                && !["yaml-merge-key", "yaml-scalar-style", "yaml-tag"].contains(&one.code)
        };
        for one in all.iter().filter(yaml) {
            *counts.entry(one.code).or_default() += 1;
        }
        counts
    };
    let before = count(before);
    match count(after)
        .into_iter()
        .find(|(code, now)| before.get(code).unwrap_or(&0) < now)
    {
        Some((code, now)) => Err(format!("there are {now} of {code} after fixing")),
        None => Ok(()),
    }
}
