//! The names of the distributions that a Python project needs.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::read::{strings, value_at};
use super::super::repo::Repo;
use super::super::tree::join;

/// Distribution names in lower case with dashes, and the file that names them.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    runtime: BTreeMap<String, String>,
    development: BTreeMap<String, String>,
}

impl Dependencies {
    /// The file that asks for `name` at run time.
    pub(super) fn runtime_source(&self, name: &str) -> Option<&str> {
        self.runtime.get(name).map(String::as_str)
    }

    /// The file that asks for `name`.
    pub(super) fn source(&self, name: &str) -> Option<&str> {
        self.runtime_source(name)
            .or_else(|| self.development.get(name).map(String::as_str))
    }

    fn add(&mut self, requirement: &str, path: &str, develops: bool) {
        let end = requirement
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            .unwrap_or(requirement.len());
        let name = requirement[..end]
            .to_ascii_lowercase()
            .replace(['_', '.'], "-");
        if name.is_empty() {
            return;
        }
        let list = if develops {
            &mut self.development
        } else {
            &mut self.runtime
        };
        list.entry(name).or_insert_with(|| path.to_owned());
    }
}

/// Reads the dependencies of the project in `folder`.
pub(super) fn read(repo: &Repo<'_>, folder: &str, pyproject: Option<&Value>) -> Dependencies {
    let mut found = Dependencies::default();
    if let Some(value) = pyproject {
        from_pyproject(value, &join(folder, "pyproject.toml"), &mut found);
    }
    from_requirements(repo, folder, &mut found);
    if let Some(value) = repo.toml_in(folder, "Pipfile") {
        let path = join(folder, "Pipfile");
        for (key, develops) in [("packages", false), ("dev-packages", true)] {
            names(value.get(key), |name| found.add(name, &path, develops));
        }
    }
    from_setup(repo, folder, &mut found);
    found
}

fn names(table: Option<&Value>, mut each: impl FnMut(&str)) {
    for name in table
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|table| table.keys())
    {
        each(name);
    }
}

fn from_pyproject(value: &Value, path: &str, found: &mut Dependencies) {
    let at = |keys: &[&str]| value_at(value, keys);
    for requirement in at(&["project", "dependencies"])
        .map(strings)
        .unwrap_or_default()
    {
        found.add(&requirement, path, false);
    }
    names(at(&["tool", "poetry", "dependencies"]), |name| {
        found.add(name, path, false)
    });
    names(at(&["tool", "poetry", "dev-dependencies"]), |name| {
        found.add(name, path, true)
    });
    let groups = at(&["tool", "poetry", "group"]).and_then(Value::as_object);
    for group in groups.into_iter().flat_map(|groups| groups.values()) {
        names(group.get("dependencies"), |name| {
            found.add(name, path, true)
        });
    }
    let lists = [
        at(&["project", "optional-dependencies"]),
        at(&["dependency-groups"]),
        at(&["tool", "pdm", "dev-dependencies"]),
    ];
    for table in lists.into_iter().flatten().filter_map(Value::as_object) {
        for requirement in table.values().flat_map(strings) {
            found.add(&requirement, path, true);
        }
    }
    for requirement in at(&["tool", "uv", "dev-dependencies"])
        .map(strings)
        .unwrap_or_default()
    {
        found.add(&requirement, path, true);
    }
}

/// `requirements.txt` and its relatives, in the folder and in `requirements/`.
fn from_requirements(repo: &Repo<'_>, folder: &str, found: &mut Dependencies) {
    let mut paths = repo.files_like(folder, "requirements", ".txt");
    paths.extend(repo.files_like(folder, "dev-requirements", ".txt"));
    paths.extend(repo.files_like(&join(folder, "requirements"), "", ".txt"));
    for path in paths {
        let develops = ["dev", "test", "lint", "doc", "local"]
            .iter()
            .any(|word| path[folder.len().min(path.len())..].contains(word));
        for line in repo.tree.text(&path).unwrap_or_default().lines() {
            let line = line.trim();
            if !line.starts_with(['#', '-']) {
                found.add(line, &path, develops);
            }
        }
    }
}

/// `setup.cfg` and `setup.py`: lists of requirements, one quoted or on its own line.
fn from_setup(repo: &Repo<'_>, folder: &str, found: &mut Dependencies) {
    if let Some(text) = repo.text_in(folder, "setup.cfg") {
        let path = join(folder, "setup.cfg");
        let mut develops = None;
        for line in text.lines() {
            if !line.starts_with(char::is_whitespace) {
                develops = None;
                if line.starts_with("install_requires") {
                    develops = Some(false);
                } else if line.starts_with("tests_require") {
                    develops = Some(true);
                }
            } else if let Some(develops) = develops {
                found.add(line.trim(), &path, develops);
            }
        }
    }
    if let Some(text) = repo.text_in(folder, "setup.py") {
        let path = join(folder, "setup.py");
        for (key, develops) in [
            ("install_requires", false),
            ("tests_require", true),
            ("extras_require", true),
        ] {
            let Some(list) = text.find(key).map(|at| &text[at..]) else {
                continue;
            };
            let list = &list[..list.find([']', '}']).unwrap_or(list.len())];
            for quoted in list.split(['"', '\'']).skip(1).step_by(2) {
                found.add(quoted, &path, develops);
            }
        }
    }
}
