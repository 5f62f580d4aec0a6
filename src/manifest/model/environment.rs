//! Environments after validation: where a release goes, who says yes, and how it goes back.

use crate::blocks::target::TargetKeys;
use crate::blocks::words::{Duration, Line, PathPattern, Reviewer};
use crate::manifest::raw::{Artifacts, Changes, Deploy, Host, Migrations, Monitor, Verify, Via};
use crate::pipeline::Trigger;

/// Where the project runs.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its address without a slash at the end.
    pub url: Option<String>,
    /// How a release gets there.
    pub deploy: Option<Deployment>,
    /// How one knows that it arrived.
    pub verify: Verify,
    /// How it goes back to the release before.
    pub rollback: Rollback,
    /// Whether a GitHub release follows.
    pub release: bool,
    /// How long its artifacts are kept.
    pub artifacts: Artifacts,
    /// What is left to do after a good deployment, which an issue keeps.
    pub follow_up: Vec<Line>,
    /// Who must say yes.
    pub approval: Option<Approval>,
}

impl Environment {
    /// Whether a job that names the environment itself waits for a person.
    pub fn is_reviewed(&self) -> bool {
        self.approval.as_ref().is_some_and(|approval| {
            approval.via == Via::Environment
                && approval.required == 1
                && approval.gate.is_none()
                && approval.roles.is_empty()
        })
    }

    /// What is deployed by itself, in order; nothing if nothing is deployed.
    pub fn places(&self) -> &[Place] {
        self.deploy
            .as_ref()
            .map_or(&[], |deployment| &deployment.places)
    }

    /// Whether what is deployed there can be taken back.
    pub fn goes_back(&self) -> bool {
        let places = self.places();
        !places.is_empty() && places.iter().all(|place| place.target.goes_back())
    }

    /// Whether its runs belong to other commits than what they deploy, so that GitHub's own
    /// record of a deployment says nothing, or a roll-back must know the commit to go back to.
    pub fn keeps_records(&self) -> bool {
        self.has_parts()
            || !self.rollback.scopes.is_empty()
            || self
                .deploy
                .as_ref()
                .is_some_and(|deployment| deployment.follows)
    }

    /// Whether it has parts that are deployed by themselves.
    pub fn has_parts(&self) -> bool {
        self.places().iter().any(|place| place.part.is_some())
    }

    /// The watch after a deployment.
    pub fn monitor(&self) -> Option<&Monitor> {
        self.verify.monitor.as_ref().map(|monitor| &monitor.0)
    }
}

/// How an environment goes back to the release before.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// Whether a failed deployment is undone without asking.
    pub automatic: bool,
    /// Where the script lies that does it on a server.
    pub script: String,
    /// How long the old release is watched afterwards.
    pub monitor: Option<Duration>,
    /// What one by hand waits for.
    pub approval: Option<RollbackApproval>,
    /// What one by hand can be limited to, if the manifest says so.
    pub scopes: Vec<Scope>,
}

impl Rollback {
    /// Whether one by hand can take the database back.
    pub fn takes_database(&self) -> bool {
        self.scopes.iter().any(Scope::takes_database)
    }
}

/// The gate that a roll-back by hand waits at.
#[derive(Debug, Clone)]
pub struct RollbackApproval {
    /// Its environment on GitHub.
    pub gate: String,
    /// Who may say yes, if they are others than for a deployment.
    pub reviewers: Vec<Reviewer>,
}

/// What a roll-back takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The application and the database.
    Full,
    /// All parts of the application.
    Application,
    /// The database.
    Database,
    /// One part.
    Part(String),
}

impl Scope {
    /// The scope that a word means.
    pub fn from_word(word: &str) -> Self {
        match word {
            "full" => Self::Full,
            "application" => Self::Application,
            "database" => Self::Database,
            part => Self::Part(part.to_owned()),
        }
    }

    /// The word for it.
    pub fn word(&self) -> &str {
        match self {
            Self::Full => "full",
            Self::Application => "application",
            Self::Database => "database",
            Self::Part(part) => part,
        }
    }

    /// Whether it takes the database back.
    pub fn takes_database(&self) -> bool {
        matches!(self, Self::Full | Self::Database)
    }

    /// Whether it takes this place back.
    pub fn takes(&self, place: &Place) -> bool {
        match self {
            Self::Full | Self::Application => true,
            Self::Database => false,
            Self::Part(part) => place.part.as_ref() == Some(part),
        }
    }
}

/// How a release gets to an environment.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Whether only tags may be deployed.
    pub by_tag: bool,
    /// Whether it can be started by hand.
    pub by_hand: bool,
    /// The keys as written; all names in them are known. What goes with a target stands in
    /// the places.
    pub keys: Deploy,
    /// Where it goes, at least one place: the environment itself, or its parts in order.
    pub places: Vec<Place>,
    /// Whether the scanners run before it.
    pub scan: bool,
    /// Whether it waits for a workflow that runs all scanners on its commit.
    pub scanned_before: bool,
    /// Whether the success of another workflow starts it.
    pub follows: bool,
}

/// What is deployed by itself: an environment, or a part of one.
#[derive(Debug, Clone)]
pub struct Place {
    /// The part's name; nothing if it is the environment itself.
    pub part: Option<String>,
    /// Its environment on GitHub.
    pub environment: String,
    /// Its address without a slash at the end.
    pub url: Option<String>,
    /// Where it goes.
    pub target: TargetKeys,
    /// The keys that go with the target.
    pub keys: Deploy,
    /// How one knows that the release arrived there.
    pub verify: Verify,
}

impl Place {
    /// The part's name, or the environment's.
    pub fn name<'p>(&'p self, environment: &'p Environment) -> &'p str {
        self.part.as_deref().unwrap_or(&environment.name)
    }

    /// Its migrations with their command, and whether they run on the runner.
    pub fn migrations(&self) -> Option<(&Migrations, &str, Host)> {
        let written = self.keys.migrate.as_ref()?;
        let host = match written.on {
            Some(host) => host,
            None if self.target.migrates_in_image() => Host::Image,
            None => Host::Runner,
        };
        Some((written, written.run.as_ref()?, host))
    }
}

/// Who must say yes.
#[derive(Debug, Clone)]
pub struct Approval {
    /// How many different people.
    pub required: u8,
    /// Who may.
    pub reviewers: Vec<Reviewer>,
    /// How they are asked.
    pub via: Via,
    /// What they should have looked at.
    pub checklist: Vec<Line>,
    /// How long it waits.
    pub wait: Option<Duration>,
    /// The GitHub environment that only asks for it; nothing if the deployment's own does.
    pub gate: Option<String>,
    /// Roles that are asked instead, each by itself.
    pub roles: Vec<Role>,
    /// Paths whose changes are shown to the reviewers by themselves; none: they are shown nothing.
    pub impact: Vec<PathPattern>,
    /// Who may agree to a hotfix instead.
    pub emergency: Option<Emergency>,
}

/// Who may agree to a hotfix.
#[derive(Debug, Clone)]
pub struct Emergency {
    /// How many different people.
    pub required: u8,
    /// Who may.
    pub reviewers: Vec<Reviewer>,
}

/// One of several roles that must say yes.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Who may say it.
    pub reviewers: Vec<Reviewer>,
    /// What must have changed for it to be asked; nothing: it always is.
    pub when: Option<Changes>,
}
