//! Which jobs are about the same component.

use super::{Job, Phase};

/// The jobs by what they are about; one that cannot stand beside those before it is another's.
pub(super) fn components(mut jobs: Vec<Job>, others: &mut Vec<(String, String)>) -> Vec<Vec<Job>> {
    without_strange_needs(&mut jobs, others);
    // What tests is what the rest is held against.
    jobs.sort_by_key(|job| job.test.is_empty());
    let mut all: Vec<Vec<Job>> = Vec::new();
    for job in jobs {
        let same = |known: &&mut Vec<Job>| {
            let first = &known[0];
            first.folder == job.folder && first.language == job.language
        };
        let reason = match all.iter_mut().find(same) {
            Some(group) => match stands_beside(group, &job) {
                Ok(()) => {
                    group.push(job);
                    continue;
                }
                Err(reason) => reason,
            },
            None => {
                all.push(vec![job]);
                continue;
            }
        };
        others.push((job.id, reason));
    }
    one_form(&mut all, others);
    all
}

/// Own jobs stand beside planned ones, which do not wait for them.
fn without_strange_needs(jobs: &mut Vec<Job>, others: &mut Vec<(String, String)>) {
    while let Some(index) = jobs.iter().position(|job| {
        job.needs
            .iter()
            .any(|id| others.iter().any(|(other, _)| other == id))
    }) {
        let job = jobs.remove(index);
        others.push((job.id, "`needs` of a job that is not known".to_owned()));
    }
}

/// The phases that a job has commands of.
fn phases(job: &Job) -> impl Iterator<Item = Phase> {
    let all = [
        (Phase::Lint, &job.lint),
        (Phase::Test, &job.test),
        (Phase::Build, &job.build),
    ];
    let some = all.into_iter().filter(|(_, lines)| !lines.is_empty());
    some.map(|(phase, _)| phase).collect::<Vec<_>>().into_iter()
}

fn stands_beside(group: &[Job], job: &Job) -> Result<(), String> {
    let first = &group[0];
    let one_each = group
        .iter()
        .chain([job])
        .all(|job| phases(job).count() == 1);
    let taken = group
        .iter()
        .flat_map(phases)
        .any(|phase| phases(job).any(|own| own == phase));
    if !one_each || taken {
        return Err("a second job for the same commands".to_owned());
    }
    if first.versions.len() > 1 && first.test.is_empty() {
        return Err(format!("a matrix of builds in job `{}`", first.id));
    }
    let same = [
        (first.manager == job.manager, "another package manager"),
        (
            first.install == job.install,
            "other commands that install its dependencies",
        ),
        (first.env == job.env, "other variables"),
        (first.system == job.system, "other packages of the system"),
    ];
    if let Some((_, reason)) = same.iter().find(|(same, _)| !same) {
        return Err(format!("{reason} than in job `{}`", first.id));
    }
    // One version beside the tests of several: it goes first, and others must agree with it.
    let alone = group[1..].iter().chain([job]);
    let mut alone = alone.map(|job| job.versions.as_slice()).collect::<Vec<_>>();
    alone.dedup();
    let fits = match alone.as_slice() {
        [one] => {
            *one == first.versions.as_slice()
                || matches!(one, [one] if first.versions.contains(one))
        }
        _ => false,
    };
    fits.then_some(())
        .ok_or_else(|| format!("another version than in job `{}`", first.id))
}

/// A workflow has a job for each phase of one component, or one job for each of several.
fn one_form(all: &mut Vec<Vec<Job>>, others: &mut Vec<(String, String)>) {
    if all.len() > 1 {
        for job in all.iter_mut().flat_map(|group| group.split_off(1)) {
            others.push((
                job.id,
                "several jobs for one of several components".to_owned(),
            ));
        }
        let with_steps = all
            .iter()
            .position(|group| !(group[0].before.is_empty() && group[0].after.is_empty()));
        if with_steps.is_some() {
            // Steps of one's own go into the jobs of all components.
            for group in all.split_off(1) {
                let ids = group.into_iter().map(|job| job.id);
                others
                    .extend(ids.map(|id| (id, "steps of one component among several".to_owned())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: &str, phase: Phase) -> Job {
        let line = vec!["x".to_owned()];
        let mut job = Job {
            id: id.to_owned(),
            folder: ".".to_owned(),
            language: "node".to_owned(),
            versions: vec!["22".to_owned()],
            ..Job::default()
        };
        match phase {
            Phase::Lint => job.lint = line,
            Phase::Test => job.test = line,
            Phase::Build => job.build = line,
        }
        job
    }

    fn grouped(jobs: Vec<Job>) -> (Vec<Vec<String>>, Vec<String>) {
        let mut others = Vec::new();
        let all = components(jobs, &mut others);
        let ids = |group: Vec<Job>| group.into_iter().map(|job| job.id).collect();
        (
            all.into_iter().map(ids).collect(),
            others.into_iter().map(|(id, _)| id).collect(),
        )
    }

    #[test]
    fn a_component_has_a_job_for_each_phase() {
        let several = Job {
            versions: vec!["20".to_owned(), "22".to_owned()],
            ..job("test", Phase::Test)
        };
        let jobs = vec![
            job("lint", Phase::Lint),
            several,
            job("build", Phase::Build),
        ];
        assert_eq!(grouped(jobs).0, [["test", "lint", "build"]]);
        let two = vec![job("a", Phase::Test), job("b", Phase::Test)];
        assert_eq!(
            grouped(two),
            (vec![vec!["a".to_owned()]], vec!["b".to_owned()])
        );
        let other = Job {
            versions: vec!["18".to_owned()],
            ..job("lint", Phase::Lint)
        };
        assert_eq!(grouped(vec![job("a", Phase::Test), other]).1, ["lint"]);
    }

    #[test]
    fn several_components_have_a_job_each() {
        let web = |id, phase| Job {
            folder: "web".to_owned(),
            ..job(id, phase)
        };
        let jobs = vec![
            job("api", Phase::Test),
            web("web", Phase::Test),
            web("lint", Phase::Lint),
        ];
        let (all, others) = grouped(jobs);
        assert_eq!((all.len(), others), (2, vec!["lint".to_owned()]));
    }

    #[test]
    fn what_waits_for_an_unknown_job_is_not_known() {
        let waits = Job {
            needs: vec!["setup".to_owned()],
            ..job("test", Phase::Test)
        };
        let mut others = vec![("setup".to_owned(), String::new())];
        assert!(components(vec![waits], &mut others).is_empty());
        assert_eq!(others[1].0, "test");
    }
}
