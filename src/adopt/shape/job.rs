//! One job, step by step, into the words of a manifest.

use serde_json::{Map, Value};

use super::commands::{self, Deed};
use super::matrix::Matrix;
use super::settings::{Outer, folder_of, literal, overlay, variables};
use super::setup;
use super::{Job, Phase, text};
use crate::blocks::shape::WordKind;
use crate::blocks::words::NameKind;

/// Reads a job, or says what no word stands for.
pub(super) fn read(id: &str, value: &Value, outer: &Outer<'_>) -> Result<Job, String> {
    if !NameKind::accepts(id) {
        return Err("its id".to_owned());
    }
    let object = value.as_object().ok_or("its form")?;
    const KEYS: [&str; 11] = [
        "concurrency",
        "defaults",
        "env",
        "if",
        "name",
        "needs",
        "permissions",
        "runs-on",
        "steps",
        "strategy",
        "timeout-minutes",
    ];
    if let Some(key) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("`{key}`"));
    }
    let matrix = Matrix::read(object.get("strategy"))?;
    let folder = folder_of(object.get("defaults"))?.or_else(|| outer.folder.clone());
    let mut reading = Reading {
        files: outer.files,
        matrix: &matrix,
        job: Job {
            id: id.to_owned(),
            env: outer.env.clone(),
            ..Job::default()
        },
        folder: None,
        default_folder: folder,
        prepared: false,
        commands: Vec::new(),
        checkout: None,
    };
    reading.add_variables(object.get("env"))?;
    let steps = object
        .get("steps")
        .and_then(Value::as_array)
        .ok_or("its form")?;
    for step in steps {
        reading.step(step.as_object().ok_or("the form of a step")?)?;
    }
    reading.finish(object, outer)
}

pub(super) struct Reading<'w> {
    pub(super) files: &'w dyn Fn(&str) -> Option<String>,
    pub(super) matrix: &'w Matrix,
    pub(super) job: Job,
    /// The folder that all commands so far run in.
    folder: Option<String>,
    default_folder: Option<String>,
    /// Whether something was set up or installed.
    pub(super) prepared: bool,
    pub(super) commands: Vec<(Phase, String)>,
    /// The inputs of the first check-out.
    checkout: Option<Map<String, Value>>,
}

impl Reading<'_> {
    fn step(&mut self, step: &Map<String, Value>) -> Result<(), String> {
        let conditional = ["if", "continue-on-error", "timeout-minutes"]
            .iter()
            .any(|key| step.contains_key(*key));
        if let Some(uses) = step.get("uses").and_then(Value::as_str) {
            let (action, version) = uses.split_once('@').unwrap_or((uses, ""));
            let none = Map::new();
            let with = step.get("with").and_then(Value::as_object).unwrap_or(&none);
            if action == "actions/checkout" && !conditional && self.checkout.is_none() {
                self.checkout = Some(with.clone());
                return Ok(());
            }
            if let Some(command) = action_as_command(action, with).filter(|_| !conditional) {
                return self.command(command);
            }
            return match setup::find(action, with).filter(|_| !conditional) {
                Some(setup) => self.set_up(&setup?.sets, with, version),
                None => self.own(step),
            };
        }
        let Some(script) = step.get("run").and_then(Value::as_str) else {
            return Err("the form of a step".to_owned());
        };
        const KEYS: [&str; 6] = ["env", "id", "name", "run", "shell", "working-directory"];
        let plain = step.keys().all(|key| KEYS.contains(&key.as_str()));
        let bash = step.get("shell").is_none_or(|shell| shell == "bash");
        let lines = commands::lines(script).filter(|_| plain && bash && !conditional);
        let lines = lines.filter(|_| literal(step.get("env")));
        let Some(deeds) = lines.and_then(|lines| self.deeds(lines)) else {
            return self.own(step);
        };
        // What is installed late is not what the commands before it needed.
        let late = !self.commands.is_empty();
        if late
            && !deeds
                .iter()
                .any(|(deed, _)| matches!(deed, Deed::Command(_)))
        {
            return self.own(step);
        }
        self.in_folder(step.get("working-directory"), &deeds)?;
        self.add_variables(step.get("env"))?;
        deeds
            .into_iter()
            .try_for_each(|(deed, line)| self.line(deed, line))
    }

    /// What the lines of a step do. Between what is installed and the first command, any line
    /// prepares what is there; elsewhere each must be known.
    fn deeds(&self, lines: Vec<String>) -> Option<Vec<(Deed, String)>> {
        let mut prepares = self.prepared && self.commands.is_empty();
        let known = lines.into_iter().map(|line| {
            let deed = commands::deed(&line).or_else(|| prepares.then_some(Deed::Install))?;
            prepares |= deed == Deed::Install;
            prepares &= !matches!(deed, Deed::Command(_));
            Some((deed, line))
        });
        known.collect()
    }

    fn line(&mut self, deed: Deed, line: String) -> Result<(), String> {
        if !self.job.after.is_empty() {
            return Err("a step between its commands".to_owned());
        }
        match deed {
            Deed::System(names) => {
                self.prepared = true;
                self.job.system.extend(names);
            }
            Deed::Toolchain => self.prepared = true,
            Deed::Install if self.commands.is_empty() => {
                self.prepared = true;
                self.learn(&line);
                self.job.install.push(line);
            }
            Deed::Install => return Err("dependencies installed between its commands".to_owned()),
            Deed::Command(phase) => {
                self.learn(&line);
                self.commands.push((phase, line));
            }
        }
        Ok(())
    }

    fn command(&mut self, line: String) -> Result<(), String> {
        let phase = match commands::deed(&line) {
            Some(Deed::Command(phase)) => phase,
            _ => return Err(format!("`{line}`")),
        };
        self.line(Deed::Command(phase), line)
    }

    /// All commands of a component run in its folder.
    fn in_folder(&mut self, own: Option<&Value>, deeds: &[(Deed, String)]) -> Result<(), String> {
        if deeds
            .iter()
            .all(|(deed, _)| matches!(deed, Deed::System(_) | Deed::Toolchain))
        {
            return Ok(());
        }
        let folder = own.and_then(text).or_else(|| self.default_folder.clone());
        let folder = folder.unwrap_or_else(|| ".".to_owned());
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let folder = if folder.is_empty() { "." } else { folder };
        match &self.folder {
            Some(known) if known != folder => Err("commands in several folders".to_owned()),
            _ => {
                self.folder = Some(folder.to_owned());
                Ok(())
            }
        }
    }

    /// A step that no word stands for, as it is.
    fn own(&mut self, step: &Map<String, Value>) -> Result<(), String> {
        let value = self.matrix.renamed(&Value::Object(step.clone()))?;
        let shown = value.to_string();
        if shown.contains("steps.") || shown.contains("needs.") {
            return Err("a step that reads what others left".to_owned());
        }
        match (self.commands.is_empty(), self.prepared) {
            (true, false) => self.job.before.push(value),
            (true, true) => return Err("a step between what is installed and what runs".to_owned()),
            (false, _) => self.job.after.push(value),
        }
        Ok(())
    }

    fn add_variables(&mut self, env: Option<&Value>) -> Result<(), String> {
        for (name, value) in variables(env)? {
            match self.job.env.iter().find(|(known, _)| *known == name) {
                Some((_, known)) if *known == value => {}
                Some(_) => return Err(format!("several values of `{name}`")),
                None => self.job.env.push((name, value)),
            }
        }
        Ok(())
    }

    fn finish(mut self, object: &Map<String, Value>, outer: &Outer<'_>) -> Result<Job, String> {
        if self.commands.is_empty() {
            return Err("no command that checks, tests or builds".to_owned());
        }
        if self.job.language.is_empty() {
            return Err("no language that is set up".to_owned());
        }
        if let Some(name) = self.matrix.unused(&self.job.versions) {
            return Err(format!("`strategy.matrix.{name}`"));
        }
        self.job.needs = words(object.get("needs"));
        self.job.folder = self.folder.take().unwrap_or_else(|| ".".to_owned());
        in_order(&mut self.commands);
        for (phase, line) in std::mem::take(&mut self.commands) {
            match phase {
                Phase::Lint => self.job.lint.push(line),
                Phase::Test => self.job.test.push(line),
                Phase::Build => self.job.build.push(line),
            }
        }
        let default = self.default_folder.as_deref().unwrap_or(".");
        if default != self.job.folder {
            let own = self.job.before.iter_mut().chain(&mut self.job.after);
            own.for_each(|step| stay_in(default, step));
        }
        let checkout = self.checkout.unwrap_or_default();
        self.job.overlay = overlay(object, &self.job, self.matrix, outer, checkout)?;
        Ok(self.job)
    }
}

/// A planned job runs its scripts in the folder of its component; one's own stay where they ran.
fn stay_in(folder: &str, step: &mut Value) {
    if let Some(step) = step.as_object_mut().filter(|step| step.contains_key("run")) {
        let key = "working-directory".to_owned();
        step.entry(key).or_insert_with(|| Value::from(folder));
    }
}

/// What is built for the commands behind it runs with them: a pipeline builds last.
fn in_order(commands: &mut [(Phase, String)]) {
    let mut least = Phase::Build;
    for (phase, _) in commands.iter_mut().rev() {
        if *phase == Phase::Build {
            *phase = least;
        }
        least = least.min(*phase);
    }
}

/// Actions that do what one command does.
fn action_as_command(action: &str, with: &Map<String, Value>) -> Option<String> {
    let input = |name: &str| with.get(name).and_then(Value::as_str);
    let only = |names: &[&str]| with.keys().all(|key| names.contains(&key.as_str()));
    match action {
        "golangci/golangci-lint-action" if only(&["version", "args"]) => {
            let line = format!("golangci-lint run {}", input("args").unwrap_or_default());
            Some(line.trim_end().to_owned())
        }
        "actions-rs/cargo" if only(&["command", "args"]) => {
            let words = [
                "cargo",
                input("command")?,
                input("args").unwrap_or_default(),
            ];
            Some(words.join(" ").trim_end().to_owned())
        }
        _ => None,
    }
}

/// A text, or the texts of a list.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        other => other.and_then(text).into_iter().collect(),
    }
}
