//! Steps that look at a running site.

use super::gate::{self, Force, gates};
use super::judge::{Run, judged};
use crate::blocks::scanner::zap;
use crate::manifest::model::Choice;
use crate::manifest::raw::Effect;
use crate::pipeline::{Step, Text};
use crate::plan::messages;
use crate::plan::shared::Plan;

/// Scans the site at an address with ZAP and judges what was found like any
/// vulnerability, but so that it does at most something. Whoever asks for it does so
/// behind a deployment, where nobody is asked: what needs a decision blocks. The job
/// that does it needs the repository only for rules of its own.
pub(in crate::plan) fn site_steps(
    plan: &Plan<'_>,
    url: &str,
    at_most: Effect,
    category: Text,
) -> Vec<Step> {
    let choice = Choice {
        scanner: &zap::SCANNER,
        at_most: Some(at_most),
    };
    let folder = gate::folder(&choice);
    let gates = gates(&plan.manifest.gates, &[choice], Force::Unasked);
    let scan = zap::scan(&folder, url.into(), "cicd.yml");
    let run = Run {
        choice,
        folder,
        scan,
    };
    let mut steps = judged(plan, vec![run], &gates, category);
    steps.extend(messages::vulnerability(plan));
    steps
}
