//! The scripts that deploy to Cloudflare and Vercel and migrate with drizzle and Prisma, run by bash against
//! commands that keep a state (`scripts_cloud/fake.sh`) and a server that answers for the providers' APIs.

mod backups;
mod maintenance;
mod migrations;
mod pages;
mod vercel;
mod workers;

use crate::scripts_api::{sandbox, servers};

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use sandbox::{Outcome, Sandbox};

/// The scripts that these tests are about.
pub(crate) const SCRIPTS: &[&str] = &[
    "alembic-status",
    "alembic-steps",
    "django-status",
    "drizzle-migrate",
    "drizzle-rollback",
    "drizzle-status",
    "drizzle-steps",
    "maintenance-switch",
    "newer-migrations",
    "pages-deploy",
    "pages-find",
    "pages-record",
    "pages-rollback",
    "pg-dump",
    "prisma-migrate",
    "prisma-rollback",
    "prisma-status",
    "vercel-check",
    "vercel-deploy",
    "vercel-find",
    "vercel-promote",
    "vercel-record",
    "vercel-rollback",
    "wrangler-check",
    "wrangler-deploy",
    "wrangler-dry-run",
    "wrangler-find",
    "wrangler-record",
    "wrangler-rollback",
    "wrangler-shift",
];

const TOKEN: &str = "s3cr3t-\"$(touch pwned)\"-token";
const V1: &str = "11111111-1111-4111-8111-111111111111";
const V2: &str = "22222222-2222-4222-8222-222222222222";
const V3: &str = "33333333-3333-4333-8333-333333333333";

/// A sandbox with the commands of the providers and their state.
struct Cloud {
    sandbox: Sandbox,
    env: Vec<(String, String)>,
}

impl Cloud {
    fn new(env: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        let programs = ["npx", "wrangler", "vercel", "drizzle-kit", "prisma", "psql"];
        let others = ["python", "docker", "aws"];
        for name in programs.iter().chain(&others) {
            let program = sandbox.write(
                &format!("bin/{name}"),
                include_str!("scripts_cloud/fake.sh"),
            );
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut cloud = Self {
            sandbox,
            env: Vec::new(),
        };
        for (name, value) in env {
            cloud.set(name, value);
        }
        cloud
    }

    fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    fn put(&self, name: &str, text: &str) {
        self.sandbox.write(&format!("cloud/{name}"), text);
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path("cloud").join(name)
    }

    fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs a script with what is set, and looks that no secret is on a command line or in the log.
    #[track_caller]
    fn run(&self, script: &str, env: &[(&str, &str)]) -> Outcome {
        let mut all: Vec<_> = self
            .env
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        all.retain(|(name, _)| env.iter().all(|(given, _)| given != name));
        all.extend(env);
        let outcome = self.sandbox.run(script, &all);
        for text in [&self.get("calls"), &outcome.log] {
            assert!(!text.contains("s3cr3t"), "{script} shows a secret: {text}");
        }
        outcome
    }

    /// The calls since the last question, words joined by blanks.
    fn calls(&self) -> Vec<String> {
        let text = self.get("calls");
        self.put("calls", "");
        let call = |call: &str| call.trim_end_matches('\x1f').replace('\x1f', " ");
        let calls = text.split_terminator('\x1e').map(call);
        calls.filter(|call| !call.starts_with("npx ")).collect()
    }
}
