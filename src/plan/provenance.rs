//! Where an image comes from: signed where it is published, verified before it is deployed.
//!
//! GitHub signs in the name of the workflow that runs, so that whoever can push to the
//! registry still cannot pass an image off as built here.

use super::shared::Plan;
use crate::blocks::scanner::SBOM;
use crate::pipeline::{Access, Expression, Scope, Step, Text};

/// Signs that an image was built by this run; nothing unless the gates ask for it. The job
/// is logged in to the registry.
pub(super) fn attest(plan: &Plan<'_>, image: Text, digest: Text) -> Option<Step> {
    let signed = || attestation("Attest where the image comes from", image, digest);
    plan.manifest.gates.provenance.then(signed)
}

/// Signs the list of an image's parts, in a job that has made it; nothing unless the gates
/// ask for provenance and a scanner makes such a list. The job is logged in to the registry.
pub(super) fn attest_parts(plan: &Plan<'_>, image: Text, digest: Text) -> Option<Step> {
    let gates = &plan.manifest.gates;
    let mut scanners = gates.scanners.iter();
    let listed = scanners.any(|choice| choice.scanner.name == "syft");
    let signed =
        || attestation("Attest what the image is made of", image, digest).with("sbom-path", SBOM);
    (gates.provenance && listed).then(signed)
}

fn attestation(name: &str, image: Text, digest: Text) -> Step {
    Step::uses(name, "actions/attest")
        .with("subject-name", image)
        .with("subject-digest", digest)
        .with("push-to-registry", "true")
        .with("create-storage-record", "false")
        .allow(Scope::Attestations, Access::Write, "keep the attestation")
        .allow(Scope::IdToken, Access::Write, "sign in the name of the run")
        .allow(Scope::Packages, Access::Write, "publish the attestation")
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
