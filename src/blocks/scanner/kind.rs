//! What scanners look for. Gates speak of these kinds.

/// What a scanner looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Vulnerable dependencies.
    Dependencies,
    /// Dangerous code, by rules for one language.
    Code,
    /// Vulnerable images, by scanners that look at nothing else.
    Container,
    /// Secrets in the repository.
    Secrets,
    /// Dangerous code, by data flow over many languages.
    Sast,
    /// Licences of dependencies.
    Licenses,
    /// Broken rules of Dockerfiles, Compose files, infrastructure and workflows.
    Policy,
    /// Lists of all parts; nothing is judged.
    Inventory,
    /// What a running site does wrong.
    Site,
}

impl Kind {
    /// The folder of its reports. What one gate judges lies in one folder.
    pub fn reports(self) -> &'static str {
        match self {
            Self::Dependencies | Self::Container => "reports/vulnerabilities",
            Self::Code | Self::Sast => "reports/code",
            Self::Secrets => "reports/secrets",
            Self::Licenses => "reports/licenses",
            Self::Policy => "reports/policy",
            Self::Inventory => "reports/sbom",
            Self::Site => "reports/site",
        }
    }

    /// Every kind that looks at a repository, with its job's id and name.
    pub const JOBS: [(Self, &'static str, &'static str); 7] = [
        (Self::Dependencies, "dependency-scan", "Dependencies"),
        (Self::Code, "code-scan", "Code"),
        (Self::Secrets, "secret-scan", "Secrets"),
        (Self::Sast, "sast-scan", "Static analysis"),
        (Self::Licenses, "license-scan", "Licences"),
        (Self::Policy, "policy-scan", "Policy"),
        (Self::Inventory, "sbom", "Software bill of materials"),
    ];
}
