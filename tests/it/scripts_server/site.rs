//! A server to deploy to: a private sshd on loopback with stand-ins for docker and nginx, and a
//! runner's view of it. Everything lies in one temporary folder and ends with the value.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::programs::{SSHD, generate_key, serve_colour, start_sshd};

/// The folder and the server in it.
pub(super) struct Site {
    folder: TempDir,
    sshd: Child,
    port: u16,
    /// Loopback ports on which the application of the colours would answer.
    pub(super) blue: u16,
    /// See `blue`.
    pub(super) green: u16,
    variables: BTreeMap<String, String>,
}

/// What a step left behind.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: Option<i32>,
    pub(super) text: String,
    pub(super) outputs: BTreeMap<String, String>,
}

impl Outcome {
    #[track_caller]
    pub(super) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self
    }

    #[track_caller]
    pub(super) fn failed_with(self, text: &str) -> Self {
        assert_ne!(self.code, Some(0), "{}", self.text);
        assert!(self.text.contains(text), "`{text}` is not in {}", self.text);
        self
    }
}

impl Site {
    /// Starts a server, or says why there can be none.
    #[allow(clippy::print_stdout)]
    pub(super) fn start() -> Option<Self> {
        if !Path::new(SSHD).exists() {
            println!("skipped: {SSHD} is missing, install openssh-server");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in [
            "bin",
            "home",
            "tmp",
            "runner",
            "repo",
            "fake/up",
            "fake/stopped",
        ] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let command = root.join("bin/docker");
        fs::write(&command, include_str!("command.sh")).unwrap();
        fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("docker", root.join("bin/nginx")).unwrap();
        for key in ["host_key", "user_key"] {
            generate_key(&root.join(key));
        }
        fs::copy(root.join("user_key.pub"), root.join("authorized_keys")).unwrap();
        let blue = serve_colour(root, "shop-blue");
        let green = serve_colour(root, "shop-green");
        let (sshd, port) = start_sshd(root);
        let mut site = Site {
            folder,
            sshd,
            port,
            blue,
            green,
            variables: BTreeMap::new(),
        };
        site.set_defaults();
        Some(site)
    }

    fn set_defaults(&mut self) {
        let host_key = self.read("host_key.pub");
        let known_hosts = format!("[127.0.0.1]:{} {host_key}", self.port);
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let upstream = self.path("app/upstream.conf").display().to_string();
        self.write("fake/upstream", &upstream);
        for (name, value) in [
            ("SSH_KEY", self.read("user_key")),
            ("SSH_HOST", "127.0.0.1".to_owned()),
            ("SSH_PORT", self.port.to_string()),
            (
                "SSH_USER",
                String::from_utf8(user).unwrap().trim().to_owned(),
            ),
            ("SSH_KNOWN_HOSTS", known_hosts),
            ("APP_DIR", self.path("app").display().to_string()),
            ("PROJECT", "shop".to_owned()),
            ("COMPOSE_FILES", "deploy/compose.yml\n".to_owned()),
            ("ENV_FILE", "config/production.env".to_owned()),
            ("DEPLOY_FILES", "deploy\nconfig/production.env\n".to_owned()),
            ("ROLLBACK_SCRIPT", "deploy/rollback.sh".to_owned()),
            ("PROXY_TEST", "nginx -t".to_owned()),
            ("PROXY_RELOAD", "nginx -s reload".to_owned()),
            ("HEALTH_URL", "https://shop.example/health/".to_owned()),
            ("HEALTH_TRIES", "2".to_owned()),
            ("HEALTH_DELAY", "0".to_owned()),
            ("REGISTRY_USER", "robot".to_owned()),
            ("REGISTRY_TOKEN", "ghs_verysecrettoken".to_owned()),
            ("DATABASE_PROJECT", "data".to_owned()),
            ("DATABASE_SERVICE", "db".to_owned()),
            ("DATABASE_NAME", "shop".to_owned()),
            ("MIGRATE_SERVICE", "backend".to_owned()),
            ("MIGRATE_COMMAND", "alembic upgrade head".to_owned()),
            ("MIGRATE_STATE_COMMAND", "alembic current".to_owned()),
            (
                "MIGRATE_BACK_COMMAND",
                "alembic downgrade \"$MIGRATION_STATE\"".to_owned(),
            ),
        ] {
            self.set(name, &value);
        }
        self.write(
            "repo/deploy/compose.yml",
            "services:\n  backend:\n    image: ${BACKEND_IMAGE}\n",
        );
        self.write(
            "repo/deploy/rollback.sh",
            &fs::read_to_string(script("rollback")).unwrap(),
        );
        self.write("fake/database", "PGDMP of the shop");
    }

    /// Sets a variable of all later steps.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// The present value of a variable, empty if it was never set.
    pub(super) fn variable(&self, name: &str) -> String {
        self.variables.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The calls since the last time, one per line as a shell would read them.
    pub(super) fn take_calls(&self) -> Vec<String> {
        let calls = self.read("fake/calls").lines().map(str::to_owned).collect();
        self.write("fake/calls", "");
        calls
    }

    /// The port that the proxy sends traffic to.
    pub(super) fn traffic(&self) -> Option<u16> {
        let text = self.read("fake/traffic");
        let port = text
            .strip_prefix("server 127.0.0.1:")?
            .strip_suffix(";\n")?;
        Some(port.parse().unwrap())
    }

    /// Whether the containers of a project run.
    pub(super) fn runs(&self, project: &str) -> bool {
        self.path("fake/up").join(project).exists()
    }

    /// Prepares the runner's command that runs a script as a step would.
    pub(super) fn command(&self, program: &Path) -> Command {
        self.write("output", "");
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(program)
            .current_dir(self.path("repo"))
            .env_clear()
            .envs(&self.variables)
            .env(
                "PATH",
                format!("{}:/usr/sbin:/usr/bin:/bin", self.path("bin").display()),
            )
            .env("FAKE", self.path("fake"))
            .env("HOME", self.path("home"))
            .env("RUNNER_TEMP", self.path("runner"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .stdin(Stdio::null());
        command
    }

    /// Runs the script `name` as a step.
    pub(super) fn step(&self, name: &str) -> Outcome {
        self.outcome(&mut self.command(&script(name)))
    }

    /// Runs a command to its end.
    pub(super) fn outcome(&self, command: &mut Command) -> Outcome {
        let output = command.output().unwrap();
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Outcome {
            code: output.status.code(),
            text,
            outputs: outputs(&self.read("output")),
        }
    }

    /// Runs a program on the server through the helper that ssh-connect.sh wrote.
    pub(super) fn on_target(&self, names: &[&str], program: &str) -> Outcome {
        self.write("program", program);
        let mut command = self.command(&self.path("runner/on-target"));
        command
            .args(names)
            .stdin(fs::File::open(self.path("program")).unwrap());
        self.outcome(&mut command)
    }

    /// What a person does on the server: `bash rollback.sh` in the folder of the application.
    pub(super) fn roll_back_by_hand(&self, variables: &[(&str, &str)]) -> Outcome {
        let mut command = Command::new("bash");
        command
            .arg("deploy/rollback.sh")
            .current_dir(self.path("app"))
            .env_clear()
            .env(
                "PATH",
                format!("{}:/usr/bin:/bin", self.path("bin").display()),
            )
            .env("FAKE", self.path("fake"))
            .envs(variables.iter().copied())
            .stdin(Stdio::null());
        self.outcome(&mut command)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.sshd.kill().unwrap();
        self.sshd.wait().unwrap();
    }
}

/// The path of one of the scripts under test.
pub(super) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("templates/scripts")
        .join(format!("{name}.sh"))
}

/// Reads `NAME=value` lines and `NAME<<DELIMITER` blocks, as the runner does.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let block = line
            .split_once("<<")
            .filter(|(name, _)| !name.contains('='));
        if let Some((name, delimiter)) = block {
            let block: Vec<_> = lines
                .by_ref()
                .take_while(|line| *line != delimiter)
                .collect();
            found.insert(name.to_owned(), block.join("\n"));
        } else {
            let (name, value) = line.split_once('=').unwrap();
            found.insert(name.to_owned(), value.to_owned());
        }
    }
    found
}
