//! Builds for browsers: their budgets, Lighthouse, Playwright.

use super::Check;
use crate::blocks::language::Language;
use crate::manifest::model::{Binaries, Build};
use crate::manifest::raw::{Component, Lighthouse, Playwright, Suite};

pub(super) fn build(written: &Component, at: &[&str; 2], check: &mut Check<'_>) -> Option<Build> {
    let build = written.build.as_ref()?;
    let path = [at[0], at[1], "build"];
    if build.run.is_none() && build.binaries.is_some() && build.output.is_none() {
        return None;
    }
    let Some(run) = &build.run else {
        check.error(
            &path,
            "command-missing",
            format!("`{}` is built by no command", at[1]),
            "write `run: COMMAND`",
        );
        return None;
    };
    if build.budget.is_some() && build.output.is_none() {
        check.error(
            &[path[0], path[1], path[2], "budget"],
            "output-missing",
            "it is not known which folder the budget is for",
            "write `output: FOLDER` beside it, the folder that the build leaves",
        );
    }
    let budget = build.budget.iter().flat_map(|budget| {
        let total = budget.total.iter().map(|size| ("total".to_owned(), size));
        let files = budget.files.iter();
        total.chain(files.map(|(pattern, size)| (pattern.as_str().to_owned(), size)))
    });
    Some(Build {
        run: run.as_str().to_owned(),
        output: build.output.as_ref().map(|path| path.as_str().to_owned()),
        analyze: build.analyze.as_ref().map(|run| run.as_str().to_owned()),
        budget: budget.map(|(of, size)| (of, size.bytes())).collect(),
    })
}

pub(super) fn binaries(
    written: &Component,
    language: &Language,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Option<Binaries> {
    let wanted = written.build.as_ref()?.binaries.as_ref()?;
    let path = [at[0], at[1], "build", "binaries"];
    let Some(known) = &language.binaries else {
        let name = language.names[0];
        let message = format!("it is not known how `{name}` builds programs for other systems");
        let help = "remove it, or build them in a job of your own";
        check.error(&path, "no-binaries", message, help);
        return None;
    };
    if !written.members.is_empty() {
        let message = format!(
            "`{}` has several folders, and binaries come from one",
            at[1]
        );
        check.error(&path, "no-binaries", message, "make a component of each");
    }
    if wanted.platforms.is_empty() {
        let message = "it is not known what the binaries are for".to_owned();
        let help = "write `platforms: [linux/amd64]`";
        check.error(&path, "platforms-missing", message, help);
    }
    let run = wanted.run.as_ref().map(|run| run.as_str());
    Some(Binaries {
        run: run.unwrap_or(known.command).to_owned(),
        platforms: wanted.platforms.to_vec(),
    })
}

pub(super) fn lighthouse(
    written: &Component,
    at: &[&str; 2],
    check: &mut Check<'_>,
) -> Option<Lighthouse> {
    let limits = written.lighthouse.as_ref()?;
    if !limits.enabled {
        return None;
    }
    let path = [at[0], at[1], "lighthouse"];
    let built = written.build.as_ref();
    if built.is_none_or(|build| build.output.is_none()) {
        check.error(
            &path,
            "output-missing",
            "there are no pages to look at",
            "write `build: {run: COMMAND, output: FOLDER}` beside it",
        );
    }
    Some(limits.0.clone())
}

pub(super) fn playwright(
    suite: &Suite,
    at: &[&str; 4],
    check: &mut Check<'_>,
) -> Option<Playwright> {
    let playwright = suite.playwright.as_ref()?;
    if suite.service.is_some() {
        check.error(
            &[at[0], at[1], at[2], at[3], "service"],
            "browsers-on-the-runner",
            "Playwright runs on the runner, not in a Compose service",
            "remove `service`",
        );
    }
    Some(playwright.0.clone())
}
