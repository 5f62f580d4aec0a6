//! A small account at AWS for one test: what is in it, what was asked of it, and which calls fail.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::sandbox::{Outcome, Sandbox};

/// How a call goes wrong.
pub(super) const REFUSE: &str = "refuse";
/// It is carried out, but the answer gets lost.
pub(super) const LOSE: &str = "lose";
/// It is carried out, and the job is cancelled meanwhile.
pub(super) const KILL: &str = "kill";
/// The job is cancelled before anything is done.
pub(super) const KILL_BEFORE: &str = "kill-before";

/// What the services do, each a program of its own because jq is slow to read programs.
const SERVICES: [(&str, &str); 5] = [
    ("cloudfront", include_str!("aws/cloudfront.jq")),
    ("cloudwatch", include_str!("aws/cloudwatch.jq")),
    ("ecs", include_str!("aws/ecs.jq")),
    ("rds", include_str!("aws/rds.jq")),
    ("s3", include_str!("aws/s3.jq")),
];

pub(super) struct Cloud {
    pub(super) sandbox: Sandbox,
}

impl Cloud {
    pub(super) fn new(account: Value) -> Self {
        let sandbox = Sandbox::new();
        let program = sandbox.path("bin").join("aws");
        fs::write(&program, include_str!("aws/aws.sh")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        for (service, text) in SERVICES {
            let program = [
                include_str!("aws/head.jq"),
                text,
                include_str!("aws/main.jq"),
            ]
            .concat();
            fs::write(
                sandbox.path("bin").join(format!("aws-{service}.jq")),
                program,
            )
            .unwrap();
        }
        let cloud = Self { sandbox };
        cloud.set(&account);
        cloud
    }

    fn set(&self, account: &Value) {
        fs::write(
            self.sandbox.path("bin").join("aws.json"),
            account.to_string(),
        )
        .unwrap();
    }

    pub(super) fn account(&self) -> Value {
        serde_json::from_slice(&fs::read(self.sandbox.path("bin").join("aws.json")).unwrap())
            .unwrap()
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut account = self.account();
        change(&mut account);
        self.set(&account);
    }

    /// Lets the n-th of such calls from now on go wrong, and no other.
    pub(super) fn fault(&self, call: &str, at: usize, does: &str) {
        self.change(|account| {
            account["counts"] = json!({});
            account["faults"] = json!([{"call": call, "at": at, "does": does}]);
        });
    }

    #[track_caller]
    pub(super) fn run(&self, script: &str, env: &[(&str, &str)]) -> Outcome {
        let patient = [("INTERVAL", "0.01"), ("MAX_WAIT", "120")];
        self.sandbox.run(script, &[&patient[..], env].concat())
    }

    /// What was asked by requests in JSON, in order.
    pub(super) fn requests(&self, call: &str) -> Vec<Value> {
        let account = self.account();
        let requests = account["requests"].as_array().cloned().unwrap_or_default();
        requests
            .into_iter()
            .filter(|request| request["call"] == call)
            .map(|request| request["input"].clone())
            .collect()
    }

    /// Nothing but known options and addresses stood on the command line of `aws`.
    #[track_caller]
    pub(super) fn saw_no_value_in(&self, secret: &str) {
        let calls =
            fs::read_to_string(self.sandbox.path("bin").join("aws.calls")).unwrap_or_default();
        assert!(
            !calls.contains(secret),
            "{secret:?} stood on a command line: {calls}"
        );
    }
}
