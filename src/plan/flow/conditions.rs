//! Which runs a job of such a workflow belongs to, and what starts them.

use super::{Flow, after};
use crate::manifest::model::{Deployment, Environment};
use crate::pipeline::{DispatchInput, Expression, InputKind, PushFilter, Trigger};
use crate::plan::deploy;

const PULL_REQUEST: &str = "github.event_name == 'pull_request'";

impl Flow<'_> {
    /// The runs that bring a release to an environment. A manual run that asks for an
    /// environment goes through those before it, too, and takes the same branches and tags.
    pub(super) fn runs(&self, environment: &Environment) -> Expression {
        let filter = pushes(environment);
        let pushed = filter.map(|_| Expression::new("github.event_name == 'push'"));
        let asked = self.environments.iter().filter(|other| {
            is_by_hand(other)
                && (other.name == environment.name || self.leads_to(environment, other))
        });
        let asked = asked.map(|other| {
            Expression::new("inputs.environment == ").join(Expression::literal(&other.name))
        });
        let events = Expression::any(pushed.into_iter().chain(asked));
        let refs = filter.and_then(PushFilter::condition);
        Expression::all(events.into_iter().chain(refs)).unwrap_or_else(|| Expression::new("false"))
    }

    /// Whether a release gets to the later environment only after this one.
    fn leads_to(&self, environment: &Environment, later: &Environment) -> bool {
        let before = after(later);
        let before = before.and_then(|name| self.environments.iter().find(|e| e.name == name));
        before.is_some_and(|before| {
            before.name == environment.name || self.leads_to(environment, before)
        })
    }

    /// Whether the environment before this one has waited for all checks.
    pub(super) fn waits_for_all(&self, environment: &Environment) -> bool {
        let before = self
            .environments
            .iter()
            .filter(|e| after(environment) == Some(&e.name));
        let mut before = before.filter_map(|environment| environment.deploy.as_ref());
        before.any(|deployment| deployment.keys.needs.is_empty())
    }

    /// The environments that share the images of the change.
    pub(super) fn sharing(&self) -> Vec<&Environment> {
        let waits_for_all = |environment: &&&Environment| {
            let deployment = environment.deploy.as_ref();
            deployment.is_some_and(|deployment| {
                deployment.keys.needs.is_empty() && runs_images(deployment)
            })
        };
        self.environments
            .iter()
            .copied()
            .filter(|e| waits_for_all(&e))
            .collect()
    }

    /// The runs that publish the images which several environments share: those of the
    /// first environments, since the later ones follow from them.
    pub(super) fn publishing(&self) -> Expression {
        let sharing = self.sharing();
        let first = sharing.iter().filter(|environment| {
            !sharing
                .iter()
                .any(|other| after(environment) == Some(&other.name))
        });
        Expression::any(first.map(|environment| self.runs(environment)))
            .unwrap_or_else(|| Expression::new("false"))
    }

    /// The runs that build these images: those that publish them, and pull requests.
    pub(super) fn builds(&self) -> Expression {
        let pull_request = self
            .plan
            .has_pull_requests()
            .then(|| Expression::new(PULL_REQUEST));
        pull_request
            .into_iter()
            .fold(self.publishing(), |runs, pull_request| {
                pull_request.or(runs)
            })
    }

    pub(super) fn triggers(&self) -> Vec<Trigger> {
        let mut triggers = self.plan.workflow.triggers.clone();
        for trigger in &mut triggers {
            if let Trigger::Dispatch(inputs) = trigger {
                inputs.extend(self.input());
                let canaries = self.environments.iter().filter_map(|environment| {
                    let release = self.release(environment)?;
                    deploy::canary_input(&release)
                });
                inputs.extend(canaries.take(1));
            }
        }
        triggers
    }

    /// The environment that a manual run is for.
    pub(super) fn input(&self) -> Option<DispatchInput> {
        let names = self
            .environments
            .iter()
            .filter(|environment| is_by_hand(environment));
        let names: Vec<_> = names.map(|environment| environment.name.clone()).collect();
        (!names.is_empty()).then(|| DispatchInput {
            name: "environment".to_owned(),
            description: "Where the release goes to, by way of the environments before it"
                .to_owned(),
            required: true,
            kind: InputKind::Choice(names),
        })
    }
}

/// The pushes that start a deployment.
pub(super) fn pushes(environment: &Environment) -> Option<&PushFilter> {
    let deployment = environment.deploy.as_ref()?;
    deployment
        .triggers
        .iter()
        .find_map(|trigger| match trigger {
            Trigger::Push(filter) => Some(filter),
            _ => None,
        })
}

pub(super) fn runs_images(deployment: &Deployment) -> bool {
    let mut places = deployment.places.iter();
    places.any(|place| place.target.runs_images())
}

pub(super) fn is_by_hand(environment: &Environment) -> bool {
    environment
        .deploy
        .as_ref()
        .is_some_and(|deployment| deployment.by_hand)
}
