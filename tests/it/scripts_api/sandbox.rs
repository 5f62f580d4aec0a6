//! Runs one script as a job's step would, in a folder of its own, and reads back what it told GitHub.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A value that runs a command, ends a line, or starts a workflow command wherever it is not treated as data.
pub(crate) const HOSTILE: &str = "-x $(touch pwned) `touch pwned` '\"\\ ;touch pwned; %0A | & <b> é ✓ a[$(touch pwned)]\n\
     ::stop-commands::pwned\ninjected=1\r\nBcc: pwned@example.com";

pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What is left of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    /// Standard output and standard error.
    pub(crate) log: String,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) summary: String,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn passes(&self, text: &str) -> &Self {
        self.ends(0, text)
    }

    #[track_caller]
    pub(crate) fn fails(&self, text: &str) -> &Self {
        self.ends(1, text)
    }

    #[track_caller]
    fn ends(&self, code: i32, text: &str) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(self.log.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn output(&self, name: &str) -> &str {
        self.outputs
            .get(name)
            .unwrap_or_else(|| panic!("no output {name} in {self:#?}"))
    }
}

/// A sandbox with a `gh` that answers as told.
pub(crate) fn with_gh() -> (Sandbox, Fake) {
    let sandbox = Sandbox::new();
    let gh = sandbox.fake("gh");
    (sandbox, gh)
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Puts a command of that name first on the path, to answer as told.
    pub(crate) fn fake(&self, name: &str) -> Fake {
        self.program(name, include_str!("fake.sh"));
        let folder = self.path("bin").join(format!("{name}.d"));
        fs::create_dir(&folder).unwrap();
        Fake { folder }
    }

    /// Puts a program of that name first on the path.
    pub(crate) fn program(&self, name: &str, text: &str) {
        let program = self.path("bin").join(name);
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs `templates/scripts/<script>.sh` to its end with nothing in the environment but what
    /// a runner sets and `env`, and checks that no value was taken for anything but data.
    #[track_caller]
    pub(crate) fn run(&self, script: &str, env: &[(&str, &str)]) -> Outcome {
        let (output, summary, log) = (self.path("output"), self.path("summary"), self.path("log"));
        for file in [&output, &summary, &log] {
            fs::write(file, "").unwrap();
        }
        let log_file = File::create(&log).unwrap();
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut child = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script_path(script))
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("RUNNER_TEMP", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .envs([
                ("GITHUB_REPOSITORY", "acme/shop"),
                ("GITHUB_SERVER_URL", "https://github.example"),
                ("GITHUB_RUN_ID", "77"),
                ("GITHUB_RUN_ATTEMPT", "1"),
                ("GITHUB_ACTOR", "Starter"),
                ("GITHUB_ACTOR_ID", "1"),
                ("GITHUB_TRIGGERING_ACTOR", "Starter"),
                ("GITHUB_REF_TYPE", "branch"),
                ("GITHUB_REF_NAME", "main"),
                ("GITHUB_SHA", SHA),
            ])
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .stdout(log_file.try_clone().unwrap())
            .stderr(log_file)
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(120);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().unwrap();
                panic!("{script} hangs: {}", fs::read_to_string(&log).unwrap());
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        let outcome = Outcome {
            code: status.code().unwrap_or(-1),
            log: String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned(),
            outputs: fs::read_to_string(&output)
                .unwrap()
                .lines()
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: fs::read_to_string(&summary).unwrap(),
        };
        assert!(
            !self.path("pwned").exists(),
            "a value was executed: {outcome:#?}"
        );
        assert!(
            !outcome.outputs.contains_key("injected"),
            "a value became an output: {outcome:#?}"
        );
        let commands = outcome.log.lines().map(str::trim_start);
        assert!(
            !commands
                .clone()
                .any(|line| line.starts_with("::stop-commands")),
            "a value became a workflow command: {outcome:#?}"
        );
        outcome
    }
}

/// The commit of the event.
pub(crate) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

pub(crate) fn script_path(script: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/scripts/{script}.sh"))
}

/// A command that records its calls and answers from files; see `fake.sh`.
pub(crate) struct Fake {
    folder: PathBuf,
}

impl Fake {
    /// Answers calls whose words match the pattern of the shell, the n-th call with the n-th answer.
    pub(crate) fn answers(&self, pattern: &str, answers: &[&str]) -> &Self {
        self.rule(pattern, answers);
        self
    }

    /// Lets such calls fail with this message.
    pub(crate) fn refuses(&self, pattern: &str, message: &str) -> &Self {
        let rule = self.rule(pattern, &[message]);
        fs::write(rule.join("fail"), "").unwrap();
        self
    }

    fn rule(&self, pattern: &str, answers: &[&str]) -> PathBuf {
        let number = fs::read_dir(&self.folder).unwrap().count();
        let rule = self.folder.join(format!("rule{number:02}"));
        fs::create_dir(&rule).unwrap();
        fs::write(rule.join("pattern"), pattern).unwrap();
        for (at, answer) in answers.iter().enumerate() {
            fs::write(rule.join((at + 1).to_string()), answer).unwrap();
        }
        rule
    }

    /// The words of each call so far.
    pub(crate) fn calls(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.folder.with_extension("calls")).unwrap_or_default();
        let call = |call: &str| call.split_terminator('\x1f').map(str::to_owned).collect();
        text.split_terminator('\x1e').map(call).collect()
    }

    /// The texts of the files that calls named, in order.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.with_extension("bodies")).unwrap_or_default();
        text.split_terminator('\x1e').map(str::to_owned).collect()
    }

    #[track_caller]
    pub(crate) fn was_called_with(&self, words: &[&str]) {
        let calls = self.calls();
        let has_all =
            |call: &Vec<String>| words.iter().all(|word| call.iter().any(|one| one == word));
        assert!(
            calls.iter().any(has_all),
            "no call with {words:?} in {calls:#?}"
        );
    }
}
