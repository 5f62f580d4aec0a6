//! What a job is for.

/// The part that a job plays. Users hook into pipelines by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Decides what is deployed and whether it may be.
    Validate,
    /// Style, types and other static checks of the code.
    Lint,
    /// Unit tests.
    Test,
    /// Builds without publishing.
    Build,
    /// Tests of components together.
    Integration,
    /// Tests through the user's door.
    EndToEnd,
    /// Load and benchmarks.
    Performance,
    /// Measurements of pages.
    Lighthouse,
    /// Tests of things that once broke.
    Regression,
    /// Reports on coverage.
    Coverage,
    /// Security scans.
    Scan,
    /// Builds and publishes images.
    Images,
    /// Waits for people.
    Approval,
    /// Brings the release to its environment.
    Deploy,
    /// Tries the deployed system.
    Smoke,
    /// Watches the deployed system.
    Monitor,
    /// Goes back to the release before.
    Rollback,
    /// Publishes the release notes.
    Release,
    /// Tells people.
    Notify,
    /// One result for the whole run.
    Summary,
    /// The user's own.
    Own,
}

impl Phase {
    /// Every phase that has an anchor, with its name in manifests.
    pub const NAMED: [(Self, &'static str); 20] = [
        (Self::Validate, "validate"),
        (Self::Lint, "lint"),
        (Self::Test, "test"),
        (Self::Build, "build"),
        (Self::Integration, "integration"),
        (Self::EndToEnd, "e2e"),
        (Self::Performance, "performance"),
        (Self::Lighthouse, "lighthouse"),
        (Self::Regression, "regression"),
        (Self::Coverage, "coverage"),
        (Self::Scan, "scan"),
        (Self::Images, "images"),
        (Self::Approval, "approval"),
        (Self::Deploy, "deploy"),
        (Self::Smoke, "smoke"),
        (Self::Monitor, "monitor"),
        (Self::Rollback, "rollback"),
        (Self::Release, "release"),
        (Self::Notify, "notify"),
        (Self::Summary, "summary"),
    ];

    /// The name in manifests.
    pub fn name(self) -> &'static str {
        let named = Self::NAMED.iter().find(|(phase, _)| *phase == self);
        named.map_or("own", |(_, name)| name)
    }
}
