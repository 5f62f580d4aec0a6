//! The language of a job, its versions, and what installs its dependencies.

use serde_json::{Map, Value};

use super::job::Reading;
use super::setup::{self, Sets};
use super::text;

impl Reading<'_> {
    /// What a line says of the tools that run it.
    pub(super) fn learn(&mut self, line: &str) {
        const MANAGERS: &[(&str, &str, &str)] = &[
            ("pnpm ", "node", "pnpm"),
            ("yarn", "node", "yarn"),
            ("uv ", "python", "uv"),
            ("poetry ", "python", "poetry"),
            ("pdm ", "python", "pdm"),
            ("pipenv ", "python", "pipenv"),
            ("./gradlew", "java", "gradle"),
            ("gradle ", "java", "gradle"),
        ];
        let known = MANAGERS.iter().find(|(start, language, _)| {
            line.starts_with(start)
                && (self.job.language.is_empty() || self.job.language == *language)
        });
        if let Some((_, _, manager)) = known {
            self.job
                .manager
                .get_or_insert_with(|| (*manager).to_owned());
        }
        if self.job.language.is_empty() && line.starts_with("cargo ") {
            // The runners bring the stable toolchain.
            self.job.language = "rust".to_owned();
        }
    }

    pub(super) fn set_up(
        &mut self,
        sets: &Sets,
        with: &Map<String, Value>,
        version: &str,
    ) -> Result<(), String> {
        if !self.commands.is_empty() {
            return Err("tools that are set up between its commands".to_owned());
        }
        self.prepared |= !matches!(sets, Sets::Cache);
        let given = |input: &str| {
            with.get(input)
                .and_then(text)
                .filter(|text| !text.is_empty())
        };
        let is_kept = ["cache", "enable-cache", "bundler-cache"]
            .into_iter()
            .find_map(given);
        if let Some(kept) = is_kept.filter(|kept| kept != "false") {
            self.job.cached = true;
            if ["npm", "pnpm", "yarn", "poetry", "pipenv", "gradle"].contains(&kept.as_str()) {
                self.job.manager.get_or_insert(kept);
            }
        }
        let lists = given("cache-dependency-path").filter(|path| !path.contains(['*', '\n', '$']));
        self.job.lockfile = self.job.lockfile.take().or(lists);
        match *sets {
            Sets::Cache => {}
            Sets::Language(name, input) => self.language(name, input, with, version)?,
            Sets::Manager(language, manager, input) => {
                if let Some(version) = given("python-version") {
                    self.job.versions = self.matrix.values(&version)?;
                }
                if self.job.language.is_empty() {
                    self.job.language = language.to_owned();
                } else if self.job.language != language {
                    return Err("tools of several languages".to_owned());
                }
                self.job.manager = Some(manager.to_owned());
                let version = given(input)
                    .map(|version| self.matrix.values(&version))
                    .transpose()?;
                match version.as_deref() {
                    None => {}
                    Some([one]) => self.job.manager_version = Some(one.clone()),
                    Some(_) => return Err("several versions of its package manager".to_owned()),
                }
            }
        }
        Ok(())
    }

    fn language(
        &mut self,
        name: &'static str,
        input: &str,
        with: &Map<String, Value>,
        tag: &str,
    ) -> Result<(), String> {
        let mut versions = match with.get(input).and_then(text) {
            Some(version) => self.matrix.values(&version)?,
            None => Vec::new(),
        };
        if let Some(path) = with.get(&format!("{input}-file")).and_then(text) {
            let found = (self.files)(&path).and_then(|text| setup::version_in(&path, &text));
            versions.push(found.ok_or_else(|| format!("the version in `{path}`"))?);
        }
        if name == "rust"
            && versions.is_empty()
            && !tag.starts_with('v')
            && tag != "master"
            && tag.len() < 40
        {
            versions.push(tag.to_owned());
        }
        match (self.job.language.as_str(), name) {
            ("node", "bun") => {
                self.job.manager = Some("bun".to_owned());
                return Ok(());
            }
            ("bun", "node") => self.job.manager = Some("bun".to_owned()),
            ("", _) => {}
            (known, name) if known == name && self.job.versions.is_empty() => {}
            _ => return Err("tools of several languages".to_owned()),
        }
        self.job.language = name.to_owned();
        self.job.versions = versions;
        Ok(())
    }
}
