//! What actions declare: their inputs and outputs, and what they run on, by release.
//!
//! In goes what a step writes behind `uses`, out comes what its `action.yml` says. The table
//! is sorted text that is searched, not parsed. A release that is missing here is unknown,
//! not wrong.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::knowledge::any_case;

const TABLE: &str = include_str!("data/metadata.tsv");

/// An action at one of its releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// Its name, as its repository spells it.
    pub action: &'static str,
    /// What it runs on, such as `node24`, `composite` or `docker`.
    pub using: &'static str,
    /// Its inputs and outputs as the table has them; absent where only the runtime is known.
    interface: Option<(&'static str, &'static str)>,
    /// All that the table has of the action, the newest release first.
    rows: &'static str,
}

/// An input of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Its name, which matches in any case.
    pub name: &'static str,
    /// Whether it must be given, having no default.
    pub required: bool,
    /// Whether the action asks not to use it.
    pub deprecated: bool,
}

impl Metadata {
    /// Returns its inputs if they are known.
    pub fn inputs(self) -> Option<impl Iterator<Item = Input> + Clone> {
        let (inputs, _) = self.interface?;
        let inputs = inputs.split_ascii_whitespace();
        Some(inputs.filter(|text| *text != ANY).map(Input::read))
    }

    /// Says whether it may be that an input must be given, without a look at each.
    pub fn may_require(self) -> bool {
        let inputs = self.interface.map_or("", |(inputs, _)| inputs);
        inputs.as_bytes().contains(&b'!')
    }

    /// Says whether it may have other inputs than those that are known.
    pub fn has_open_inputs(self) -> bool {
        self.interface
            .is_none_or(|(inputs, _)| inputs.ends_with(ANY))
    }

    /// Returns the newest release of the action that the table knows, and what it runs on.
    pub fn newest(self) -> Option<(&'static str, &'static str)> {
        let mut columns = self.rows.split('\t').skip(1);
        let mut refs = columns.next()?.split(' ');
        let release = refs.next()?;
        // The ref that moves is what people write, if there is one.
        let moving = refs.next().filter(|text| text.len() < 40);
        Some((moving.unwrap_or(release), columns.next()?))
    }

    /// Returns the outputs that it declares, if they are known.
    pub fn outputs(self) -> Option<impl Iterator<Item = &'static str> + Clone> {
        let (_, outputs) = self.interface?;
        let outputs = outputs.split_ascii_whitespace();
        Some(outputs.filter(|name| *name != ANY))
    }

    /// Says whether it may have other outputs than those that it declares.
    pub fn has_open_outputs(self) -> bool {
        self.interface
            .is_none_or(|(_, outputs)| outputs.ends_with(ANY))
    }
}

impl Input {
    fn read(text: &'static str) -> Self {
        let marks = text.bytes().rev();
        let marks = marks.take_while(|byte| matches!(byte, b'!' | b'~'));
        let (name, marks) = text.split_at(text.len() - marks.count());
        Self {
            name,
            required: marks.starts_with('!'),
            deprecated: marks.ends_with('~'),
        }
    }
}

/// Stands for inputs and outputs of other names.
const ANY: &str = "*";

/// Returns what is known of `owner/name[/path]@ref`, the ref being a tag, a branch or a commit.
///
/// Of an older release than the newest of its major version only the runtime is known, which
/// rises within a major version and never falls.
pub fn metadata(uses: &str) -> Option<Metadata> {
    // Files name few actions many times.
    thread_local! {
        static KNOWN: RefCell<HashMap<String, Option<Metadata>, RandomState>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| match known.get(uses) {
        Some(known) => *known,
        None => {
            let found = find(uses);
            known.insert(uses.to_owned(), found);
            found
        }
    })
}

fn find(uses: &str) -> Option<Metadata> {
    let (action, wanted) = uses.rsplit_once('@')?;
    let rows = rows(action)?;
    if let Some(row) = exact(rows, wanted) {
        return Some(row.metadata(rows));
    }
    let wanted = Version::read(wanted)?;
    let mut releases = rows.lines().filter_map(|line| {
        let row = Row::read(line)?;
        let newest = Version::read(row.refs().next()?)?;
        Some((newest, row))
    });
    let (_, row) = releases.find(|(newest, _)| wanted.is_older(newest))?;
    Some(Metadata {
        interface: None,
        ..row.metadata(rows)
    })
}

/// Returns the major version that `owner/name[/path]@ref` stands for, if that can be said.
pub fn major(uses: &str) -> Option<u32> {
    let (action, wanted) = uses.rsplit_once('@')?;
    let written = Version::read(wanted);
    let version =
        written.or_else(|| Version::read(exact(rows(action)?, wanted)?.refs().next()?))?;
    version.0[0]
}

/// Returns the releases of an action that the table knows with their commits: of each major
/// version the newest.
pub(super) fn releases(action: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = rows(action).unwrap_or_default().lines();
    rows.filter_map(|line| {
        let mut refs = Row::read(line)?.refs();
        let release = refs.next()?;
        let commit = refs.find(|text| text.len() == 40)?;
        // What moves is no release, and its commit may have one of its own.
        Version::read(release)
            .is_some_and(|version| version.0[2].is_some())
            .then_some((release, commit))
    })
}

/// The row with this very ref. Most rows are passed over, so of those nothing else is read.
fn exact(rows: &'static str, wanted: &str) -> Option<Row> {
    let has_ref = |line: &&str| {
        let mut columns = line.splitn(3, '\t');
        let refs = columns.nth(1).unwrap_or_default();
        refs.split(' ').any(|known| known == wanted)
    };
    rows.lines().find(has_ref).and_then(Row::read)
}

/// A line of the table.
#[derive(Clone, Copy)]
struct Row {
    action: &'static str,
    refs: &'static str,
    using: &'static str,
    inputs: &'static str,
    outputs: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        Some(Self {
            action: columns.next()?,
            refs: columns.next()?,
            using: columns.next()?,
            inputs: columns.next()?,
            outputs: columns.next()?,
        })
    }

    fn refs(self) -> impl Iterator<Item = &'static str> {
        self.refs.split(' ')
    }

    fn metadata(self, rows: &'static str) -> Metadata {
        Metadata {
            rows,
            action: self.action,
            using: self.using,
            interface: (self.inputs != "?").then_some((self.inputs, self.outputs)),
        }
    }
}

/// `v1`, `v1.2` or `1.2.3`: as many numbers as are written.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version([Option<u32>; 3]);

impl Version {
    fn read(text: &str) -> Option<Self> {
        let parts = text.trim_start_matches('v').split('.');
        let mut version = Self([None; 3]);
        for (at, part) in parts.enumerate() {
            *version.0.get_mut(at)? = Some(part.parse().ok()?);
        }
        Some(version)
    }

    /// Whether it is older than the newest of its major version, or of the same where only
    /// that is named.
    fn is_older(&self, newest: &Self) -> bool {
        self.0[0] == newest.0[0] && (newest.0[1].is_none() || self < newest)
    }
}

/// The lines of an action, which stand together.
fn rows(action: &str) -> Option<&'static str> {
    let at = ROWS.binary_search_by(|(name, _)| any_case(name, action));
    at.ok().map(|at| ROWS[at].1)
}

/// The names of the actions with their lines.
static ROWS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut all: Vec<(&str, &str)> = Vec::new();
    let mut start = 0;
    for line in TABLE.split_inclusive('\n') {
        let end = start + line.len();
        let name = line.split('\t').next().unwrap_or_default();
        match all.last_mut() {
            Some((last, rows)) if *last == name => {
                *rows = &TABLE[end - line.len() - rows.len()..end]
            }
            _ => all.push((name, &TABLE[start..end])),
        }
        start = end;
    }
    all
});

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> impl Iterator<Item = Row> {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| Row::read(line).expect(line))
    }

    #[test]
    fn every_row_is_sorted_well_formed_and_found() {
        let names: Vec<_> = table().map(|row| row.action.to_ascii_lowercase()).collect();
        assert!(names.is_sorted() && names.len() > 600);
        for row in table() {
            assert!(
                row.action.contains('/') && !row.using.is_empty(),
                "{}",
                row.action
            );
            for reference in row.refs() {
                let uses = format!("{}@{reference}", row.action.to_ascii_uppercase());
                let found = metadata(&uses).expect(&uses);
                assert_eq!(
                    (found.action, found.using),
                    (row.action, row.using),
                    "{uses}"
                );
            }
        }
    }

    #[test]
    fn an_action_is_known_by_tag_major_tag_and_commit() {
        let refs = ["v7.0.1", "v7", "3d3c42e5aac5ba805825da76410c181273ba90b1"];
        for reference in refs {
            let found = metadata(&format!("actions/checkout@{reference}")).expect(reference);
            assert_eq!(found.using, "node24");
            let inputs = found.inputs().expect(reference);
            assert!(inputs.clone().any(|input| input.name == "fetch-depth"));
            assert!(inputs.clone().all(|input| !input.required));
            let outputs: Vec<_> = found.outputs().expect(reference).collect();
            assert_eq!(outputs, ["commit", "ref"]);
            assert!(!found.has_open_outputs());
        }
        let cache = metadata("actions/cache/save@v4").and_then(Metadata::inputs);
        let required = cache.into_iter().flatten().filter(|input| input.required);
        assert_eq!(
            required.map(|input| input.name).collect::<Vec<_>>(),
            ["path", "key"]
        );
    }

    #[test]
    fn of_an_older_release_only_the_runtime_is_known() {
        let using =
            |uses: &str| metadata(uses).map(|found| (found.using, found.inputs().is_some()));
        assert_eq!(using("actions/checkout@v2.3.4"), Some(("node12", false)));
        assert_eq!(using("actions/checkout@v7.0.0"), Some(("node24", false)));
        for newer in [
            "v7.1.0",
            "v8",
            "main",
            "v7.x",
            "1234567890123456789012345678901234567890",
        ] {
            assert_eq!(using(&format!("actions/checkout@{newer}")), None, "{newer}");
        }
        assert!(
            metadata("actions/checkout@v2")
                .expect("known")
                .has_open_outputs()
        );
    }

    #[test]
    fn what_nobody_knows_is_not_found() {
        for uses in [
            "",
            "@",
            "#",
            "# action@v1",
            "actions/check@v1",
            "zzz/zzz@v1",
            "ä/ö@v1",
            "a@b",
        ] {
            assert_eq!(metadata(uses), None, "{uses}");
        }
        let old = metadata("Actions/Checkout@v2").expect("known");
        assert_eq!(old.newest(), Some(("v7", "node24")));
    }

    #[test]
    fn outputs_that_depend_on_inputs_are_open() {
        let open = |uses: &str| metadata(uses).expect(uses).has_open_outputs();
        assert!(open("dorny/paths-filter@v4") && open("actions/github-script@v8"));
        assert!(!open("actions/setup-python@v6"));
        // What moves may have moved on since the table was made.
        let moved = metadata("pypa/gh-action-pypi-publish@release/v1").expect("known");
        assert!(moved.has_open_inputs() && moved.inputs().is_some());
        assert!(
            !metadata("actions/checkout@v7")
                .expect("known")
                .has_open_inputs()
        );
    }
}
