//! Other names for the inputs of a workflow, wherever they are read.

use super::{Expression, Job, Part, Step, Text, Trigger, Work, Workflow};

/// The new name of an input, if it has one.
type NewName<'n> = dyn Fn(&str) -> Option<&'n str> + 'n;

impl Workflow {
    /// Renames inputs, and changes every expression that reads them.
    pub fn rename_inputs(&mut self, new_name: &NewName<'_>) {
        for trigger in &mut self.triggers {
            let Trigger::Dispatch(inputs) = trigger else {
                continue;
            };
            for input in inputs {
                if let Some(name) = new_name(&input.name) {
                    input.name = name.to_owned();
                }
            }
        }
        let texts = self.run_name.iter_mut();
        let groups = self.concurrency.iter_mut().map(|group| &mut group.group);
        texts.chain(groups).for_each(|text| in_text(text, new_name));
        self.jobs.iter_mut().for_each(|job| in_job(job, new_name));
    }
}

fn in_job(job: &mut Job, new_name: &NewName<'_>) {
    if let Some(condition) = &mut job.condition {
        in_expression(condition, new_name);
    }
    let environment = job.environment.iter_mut();
    let places =
        environment.flat_map(|place| std::iter::once(&mut place.name).chain(&mut place.url));
    let groups = job.concurrency.iter_mut().map(|group| &mut group.group);
    let pairs = job.env.iter_mut().chain(&mut job.outputs);
    let calls = job.call.iter_mut().flat_map(|call| &mut call.with);
    let values = pairs.chain(calls).map(|(_, value)| value);
    places
        .chain(groups)
        .chain(values)
        .chain(&mut job.folder)
        .chain([&mut job.name])
        .for_each(|text| in_text(text, new_name));
    for step in &mut job.steps {
        in_step(step, new_name);
    }
}

fn in_step(step: &mut Step, new_name: &NewName<'_>) {
    if let Some(condition) = &mut step.condition {
        in_expression(condition, new_name);
    }
    let inputs = match &mut step.work {
        Work::Use(_, inputs) => inputs.as_mut_slice(),
        Work::Script(_) | Work::Run(_) => &mut [],
    };
    let values = inputs.iter_mut().chain(&mut step.env);
    values
        .map(|(_, value)| value)
        .chain(&mut step.folder)
        .chain([&mut step.name])
        .for_each(|text| in_text(text, new_name));
}

fn in_text(text: &mut Text, new_name: &NewName<'_>) {
    for part in text.parts_mut() {
        if let Part::Expression(expression) = part {
            in_expression(expression, new_name);
        }
    }
}

/// Only our own expressions are changed, in which `inputs.` is never text.
fn in_expression(expression: &mut Expression, new_name: &NewName<'_>) {
    let mut changed = String::new();
    let mut rest = expression.code();
    while let Some(at) = rest.find("inputs.") {
        let (before, found) = rest.split_at(at + "inputs.".len());
        changed.push_str(before);
        let end = found.find(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c)));
        let (name, behind) = found.split_at(end.unwrap_or(found.len()));
        changed.push_str(new_name(name).unwrap_or(name));
        rest = behind;
    }
    changed.push_str(rest);
    *expression = Expression::new(changed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Concurrency, DispatchInput, InputKind, Phase};

    #[test]
    fn whoever_reads_an_input_reads_its_new_name() {
        let reads = || Text::literal("a-").then(Expression::new("inputs.tag || inputs.tag_2"));
        let mut job = Job::new(Phase::Deploy, "deploy", reads(), 5)
            .when(Expression::new("!inputs.tag"))
            .env("TAG", reads())
            .step(
                Step::run(reads(), "make")
                    .env("TAG", reads())
                    .when(Expression::new("inputs.tag == 'x'")),
            )
            .step(Step::uses("b", "a/b").with("tag", reads()));
        job.concurrency = Some(Concurrency::queue(reads()));
        let mut workflow = Workflow {
            file: "deploy".to_owned(),
            name: "Deploy".to_owned(),
            about: Vec::new(),
            run_name: Some(reads()),
            triggers: vec![Trigger::Dispatch(vec![DispatchInput {
                name: "tag".to_owned(),
                description: String::new(),
                required: true,
                kind: InputKind::Text(None),
            }])],
            env: Vec::new(),
            concurrency: None,
            jobs: vec![job],
        };
        workflow.rename_inputs(&|name| (name == "tag").then_some("version-tag"));
        let text = format!("{workflow:?}");
        assert_eq!(text.matches("inputs.version-tag").count(), 9, "{text}");
        assert_eq!(text.matches("inputs.tag_2").count(), 7, "{text}");
        assert!(!text.contains("inputs.tag ") && text.contains("name: \"version-tag\""));
    }
}
