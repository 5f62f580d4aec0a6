//! Where an image comes from: signed where it is published, verified before it is deployed.
//!
//! GitHub signs in the name of the workflow that runs, so that whoever can push to the
//! registry still cannot pass an image off as built here.

use super::shared::Plan;
use crate::blocks::scanner::SBOM;
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// Signs that an image was built by this run, and the list of its parts where there is
/// one; nothing unless the gates ask for it. The job is logged in to the registry.
pub(super) fn attest(plan: &Plan<'_>, image: Text, digest: Text) -> Vec<Step> {
    let gates = &plan.manifest.gates;
    if !gates.provenance {
        return Vec::new();
    }
    let signed = |name: &str| {
        Step::uses(name, "actions/attest")
            .with("subject-name", image.clone())
            .with("subject-digest", digest.clone())
            .with("push-to-registry", "true")
            .with("create-storage-record", "false")
            .allow(Scope::Attestations, Access::Write, "keep the attestation")
            .allow(Scope::IdToken, Access::Write, "sign in the name of the run")
            .allow(Scope::Packages, Access::Write, "publish the attestation")
    };
    let mut steps = vec![signed("Attest where the image comes from")];
    let listed = gates
        .scanners
        .iter()
        .any(|choice| choice.scanner.name == "syft");
    if listed {
        steps.push(signed("Attest what the image is made of").with("sbom-path", SBOM));
    }
    steps
}

/// Refuses images that no workflow of this repository has signed; nothing unless the
/// gates ask for it. The job is logged in to the registry. `images` has a line
/// `NAME=image@sha256:…` for each.
pub(super) fn verify(plan: &Plan<'_>, images: Text) -> Option<Step> {
    plan.manifest.gates.provenance.then(|| {
        Step::script("Verify where the images come from", "verify-provenance")
            .env("IMAGES", images)
            .env("GH_TOKEN", Expression::new("github.token"))
            .allow(Scope::Attestations, Access::Read, "read the attestations")
    })
}
