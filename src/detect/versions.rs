//! Which version of a language a workflow should install.
//!
//! Order: a version file, the pin in the manifest, an existing workflow, the
//! Dockerfile. Ranges and moving names such as `lts/*` are no versions.

mod tool;

use super::model::{Component, Found};
use super::read::{first_version, text_at};
use super::repo::Repo;
use super::tree::{file_name, is_within, join, upwards};
use tool::Tool;

/// Completes the version of a component whose manifest has been read.
pub(super) fn fill(repo: &Repo<'_>, component: &mut Component) {
    let Some(tool) = tool::of(component) else {
        return;
    };
    if let Some(version) = version_file(repo, &component.path, tool) {
        component.version = Some(version);
    }
    if component.version.is_none() {
        component.version =
            from_jobs(repo, component, tool).or_else(|| from_image(repo, component, tool));
    }
}

/// The nearest version file, from the component's folder up to the root.
fn version_file(repo: &Repo<'_>, path: &str, tool: &Tool) -> Option<Found> {
    upwards(path).find_map(|folder| {
        let plain = tool.files.iter().find_map(|name| {
            let text = repo.text_in(folder, name)?;
            let line = text.lines().map(str::trim).find(|line| is_content(line))?;
            found(&join(folder, name), plain_version(line)?)
        });
        plain
            .or_else(|| tool_versions(repo, folder, tool))
            .or_else(|| mise(repo, folder, tool))
            .or_else(|| tool_specific(repo, folder, tool))
    })
}

fn is_content(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn found(path: &str, version: String) -> Option<Found> {
    Some(Found::new(version, path, "version file"))
}

fn tool_versions(repo: &Repo<'_>, folder: &str, tool: &Tool) -> Option<Found> {
    let text = repo.text_in(folder, ".tool-versions")?;
    text.lines().find_map(|line| {
        let (name, rest) = line.trim().split_once(char::is_whitespace)?;
        let version = rest.split_whitespace().next()?;
        let version = plain_version(version)?;
        tool.names
            .contains(&name)
            .then(|| Found::new(version, join(folder, ".tool-versions"), "version file"))
    })
}

fn mise(repo: &Repo<'_>, folder: &str, tool: &Tool) -> Option<Found> {
    [
        "mise.toml",
        ".mise.toml",
        ".config/mise.toml",
        ".mise/config.toml",
    ]
    .iter()
    .find_map(|name| {
        let value = repo.toml_in(folder, name)?;
        tool.names.iter().find_map(|key| {
            let version = text_at(&value, &["tools", key])
                .or_else(|| text_at(&value, &["tools", key, "version"]))?;
            found(&join(folder, name), plain_version(&version)?)
        })
    })
}

/// Version files with a format of their own.
fn tool_specific(repo: &Repo<'_>, folder: &str, tool: &Tool) -> Option<Found> {
    match tool.names[0] {
        "rust" => {
            let value = repo.toml_in(folder, "rust-toolchain.toml")?;
            let channel = text_at(&value, &["toolchain", "channel"])?;
            found(
                &join(folder, "rust-toolchain.toml"),
                plain_version(&channel)?,
            )
        }
        "dotnet" => {
            let value = repo.json_in(folder, "global.json")?;
            let version = text_at(&value, &["sdk", "version"])?;
            found(&join(folder, "global.json"), plain_version(&version)?)
        }
        "flutter" => {
            let value = repo.json_in(folder, ".fvmrc")?;
            let version = text_at(&value, &["flutter"])?;
            found(&join(folder, ".fvmrc"), plain_version(&version)?)
        }
        "java" => {
            let text = repo.text_in(folder, ".sdkmanrc")?;
            let line = text
                .lines()
                .find_map(|line| line.trim().strip_prefix("java="))?;
            let version = first_version(line)?;
            found(&join(folder, ".sdkmanrc"), version.to_owned())
        }
        _ => None,
    }
}

/// A version that names one release line: `v20`, `20.x`, `3.12`, `python-3.12.1`, `3.4.5`.
///
/// Ranges and moving names are none.
pub(super) fn plain_version(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_matches(['"', '\''])
        .trim_start_matches("==")
        .trim();
    let text = [
        "python-",
        "ruby-",
        "go",
        "v",
        "temurin-",
        "corretto-",
        "zulu-",
        "openjdk-",
        "graalvm-",
    ]
    .iter()
    .find_map(|prefix| {
        text.strip_prefix(prefix)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
    .unwrap_or(text);
    let mut parts = Vec::new();
    for part in text.split('.') {
        match part {
            "x" | "*" | "X" => break,
            _ => parts.push(part),
        }
    }
    let version = parts.join(".");
    // `27-otp`, `1.2.3-beta`: what follows a dash is kept only for whole releases.
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let usable = !numbers.is_empty() && numbers.split('.').all(is_number);
    let prerelease = ["alpha", "beta", "rc", "dev", "preview", "nightly"]
        .iter()
        .any(|word| version.contains(word));
    (usable && !prerelease).then(|| numbers.to_owned())
}

/// Compares by numbers: `3.9` is older than `3.14`.
pub(super) fn sort_key(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

/// The version that the most fitting job installs; the newest of a matrix.
fn from_jobs(repo: &Repo<'_>, component: &Component, tool: &Tool) -> Option<Found> {
    // A compiler that is tested as `stable` is not pinned; its oldest version is tested beside it.
    let floats =
        |setup: &&super::ci::Setup| setup.versions.iter().any(|version| version == "stable");
    let all = repo.jobs.iter().flat_map(|job| &job.setups);
    if all
        .filter(|setup| tool.actions.contains(&setup.action.as_str()))
        .any(|setup| floats(&setup))
    {
        return None;
    }
    let mut best: Option<((i32, Vec<u64>), Found)> = None;
    for job in &repo.jobs {
        let setups = job
            .setups
            .iter()
            .filter(|setup| tool.actions.contains(&setup.action.as_str()));
        for setup in setups {
            let newest = setup
                .versions
                .iter()
                .filter_map(|version| plain_version(version))
                // `3.x` of Python is whatever is newest.
                .filter(|version| tool.names[0] != "python" || version.contains('.'))
                .max_by_key(|version| sort_key(version));
            let Some(version) = newest else {
                continue;
            };
            let rank = (fitness(job, component), sort_key(&version));
            if best.as_ref().is_none_or(|(known, _)| *known < rank) {
                best = Some((rank, Found::new(version, &job.path, setup.action.clone())));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// How likely a job speaks of this component: where it works, and what its file is called.
fn fitness(job: &super::ci::Job, component: &Component) -> i32 {
    let name = file_name(&job.path).to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let mut fitness = 0;
    if has(&["test", "ci", "build", "check", "main", "action"]) {
        fitness += 2;
    }
    if has(&[
        "release", "deploy", "publish", "docs", "nightly", "legacy", "bench", "codeql",
    ]) {
        fitness -= 2;
    }
    if component.path != "." {
        let own = |text: &str| is_within(text, &component.path);
        if job.folders.iter().any(|folder| own(folder)) {
            fitness += 8;
        } else if !job.folders.is_empty() {
            fitness -= 4;
        }
    }
    fitness
}

/// The version of the official image that the component's Dockerfile builds on.
fn from_image(repo: &Repo<'_>, component: &Component, tool: &Tool) -> Option<Found> {
    let path = &component.dockerfile.as_ref()?.value;
    let image = repo.dockerfiles.get(path)?.images.iter().find(|image| {
        tool.images
            .iter()
            .any(|name| image.name == *name || image.name.ends_with(&format!("/{name}")))
    })?;
    let version = match tool.names[0] {
        // The tag of build tools leads with their own version: `maven:3.9-eclipse-temurin-17`.
        "java" if matches!(image.short_name(), "maven" | "gradle") => {
            let tag = image.tag.as_deref()?;
            let at = ["temurin-", "openjdk-", "corretto-", "jdk"]
                .iter()
                .find_map(|word| Some(tag.find(word)? + word.len()))?;
            first_version(&tag[at..])?.to_owned()
        }
        _ => image.version()?,
    };
    Some(Found::new(version, path, "base image"))
}

#[cfg(test)]
mod tests {
    use super::plain_version;

    #[test]
    fn ranges_and_moving_names_are_no_versions() {
        for (text, version) in [
            ("v20.11.1", Some("20.11.1")),
            ("20.x", Some("20")),
            ("python-3.12.1", Some("3.12.1")),
            ("==3.14.*", Some("3.14")),
            ("go1.22", Some("1.22")),
            ("lts/*", None),
            ("stable", None),
            (">=18", None),
            ("^7.4", None),
            ("3.15-dev", None),
            ("", None),
        ] {
            assert_eq!(plain_version(text).as_deref(), version, "{text}");
        }
    }
}
