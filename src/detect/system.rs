//! Packages of the runner's system that existing workflows install before they test.

use super::ci::Job;
use super::model::{Component, Found};
use super::repo::Repo;
use super::tree::is_within;

/// Fills in what the workflow that tests a component installs beforehand.
pub(super) fn fill(repo: &Repo<'_>, component: &mut Component) {
    let Some(test) = &component.test_command else {
        return;
    };
    let program = test.value.split_whitespace().next().unwrap_or_default();
    component.system_packages = repo
        .jobs
        .iter()
        .filter(|job| tests(job, program, &component.path))
        .map(installs)
        .find(|packages| !packages.is_empty())
        .unwrap_or_default();
}

/// Whether a job runs tests with this program where the component lies.
fn tests(job: &Job, program: &str, path: &str) -> bool {
    let near = |folder: &String| is_within(folder, path) || is_within(path, folder);
    let here = job.folders.is_empty() || job.folders.iter().any(near);
    let runs = |line: &String| line.split_whitespace().next() == Some(program);
    here && job.commands.iter().any(runs) && job.commands.iter().any(|line| line.contains("test"))
}

/// The packages of all `apt-get install` of a job. Without `sudo` it works in a container
/// of its own, whose packages say nothing of the runner.
fn installs(job: &Job) -> Vec<Found> {
    let script = job.commands.join("\n").replace("\\\n", " ");
    let mut packages: Vec<Found> = Vec::new();
    for command in script.split(['\n', ';']).flat_map(|line| line.split("&&")) {
        let mut words = command.split_whitespace();
        let program = (words.next(), words.next());
        if !matches!(program, (Some("sudo"), Some("apt-get" | "apt"))) {
            continue;
        }
        let named = words.skip_while(|word| *word != "install").skip(1);
        for word in named.filter(|word| is_name(word)) {
            if packages.iter().all(|known| known.value != word) {
                packages.push(Found::new(word, &job.path, "installed by a workflow"));
            }
        }
    }
    packages
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(lines: &[&str]) -> Vec<String> {
        let job = Job {
            commands: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..Job::default()
        };
        let packages = installs(&job).into_iter();
        packages.map(|package| package.value).collect()
    }

    #[test]
    fn packages_are_named_behind_options_and_over_several_lines() {
        assert_eq!(
            values(&[
                "sudo apt-get update && sudo apt-get install -y --no-install-recommends a-dev g++"
            ]),
            ["a-dev", "g++"]
        );
        assert_eq!(
            values(&["sudo apt-get install -y \\", "one \\", "two", "make three"]),
            ["one", "two"]
        );
    }

    #[test]
    fn packages_of_containers_and_those_that_vary_are_none() {
        assert!(values(&["apt-get install -y a", "sudo apt-get install $TOOLS"]).is_empty());
    }
}
