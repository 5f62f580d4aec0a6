//! A runner and what its tools lead to: a folder with a repository, stand-ins first on the path, and
//! what they keep. It ends with the value.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A value that runs a command, ends a line, or starts a workflow command wherever it is not treated as data.
pub(super) const HOSTILE: &str = "-x $(touch pwned) `touch pwned` '\"\\ ;touch pwned; %0A | é a[$(touch pwned)]\n\
     ::stop-commands::pwned\ninjected=1\r\nx";

/// A secret that may stand in no call and no log.
pub(super) const SECRET: &str = "s3cr3t-p4ssw0rd";

pub(super) struct Site {
    folder: tempfile::TempDir,
    env: BTreeMap<String, String>,
}

/// Its environment, and its files with their modes.
pub(super) type Snapshot = (BTreeMap<String, String>, BTreeMap<String, (String, u32)>);

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, (String, u32)>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = folder.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &name, files);
        } else {
            let mode = entry.metadata().unwrap().permissions().mode();
            files.insert(
                name.display().to_string(),
                (fs::read_to_string(entry.path()).unwrap(), mode),
            );
        }
    }
}

/// What is left of a step.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: i32,
    pub(super) log: String,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) summary: String,
}

impl Outcome {
    #[track_caller]
    pub(super) fn passes(self, text: &str) -> Self {
        assert!(
            self.code == 0 && self.log.contains(text),
            "no {text:?}: {self:#?}"
        );
        self
    }

    #[track_caller]
    pub(super) fn fails(self, text: &str) -> Self {
        assert!(
            self.code == 1 && self.log.contains(text),
            "no {text:?}: {self:#?}"
        );
        assert!(
            self.log.lines().any(|line| line.starts_with("::error::")),
            "{self:#?}"
        );
        self
    }
}

pub(super) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/scripts/{name}.sh"))
}

impl Site {
    /// An empty cluster, and a repository with one Deployment and its Service.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut site = Self {
            folder,
            env: BTreeMap::new(),
        };
        for program in ["kubectl", "helm", "migrate", "terraform", "aws"] {
            site.write(&format!("bin/{program}"), include_str!("command.sh"));
            let path = site.path(&format!("bin/{program}"));
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        site.write("fake/cluster.json", r#"{"objects": {}, "history": {}}"#);
        site.write("fake/calls", "");
        site.write(
            "repo/k8s/shop.yaml",
            &deployment("shop", "ghcr.io/acme/shop:dev").to_string(),
        );
        let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"},
            "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80}]}});
        site.write("repo/k8s/service.yaml", &service.to_string());
        for (name, value) in [
            ("NAMESPACE", "shop"),
            ("WORKLOADS", "deployment/shop\n"),
            ("WORKLOAD", "deployment/shop"),
            ("RECORD_NAME", "shop-release"),
            ("MANIFESTS", "k8s"),
            ("POLL_SECONDS", "0.02"),
            ("INTERVAL", "0.02"),
            ("STEP_SECONDS", "0"),
            ("WAIT_SECONDS", "120"),
        ] {
            site.set(name, value);
        }
        site
    }

    /// The same, connected, so that the other steps can run.
    pub(super) fn connected() -> Self {
        static MADE: OnceLock<Snapshot> = OnceLock::new();
        Self::made(&MADE, || {
            let site = Self::new();
            site.step("kube-connect").passes("connected");
            site.write("fake/calls", "");
            site
        })
    }

    /// A copy of what `make` makes the first time.
    pub(super) fn made(made: &OnceLock<Snapshot>, make: impl FnOnce() -> Self) -> Self {
        let (env, files) = made.get_or_init(|| {
            let site = make();
            let mut files = BTreeMap::new();
            collect(site.folder.path(), Path::new(""), &mut files);
            (site.env.clone(), files)
        });
        Self::from_snapshot(env.clone(), files)
    }

    /// The same once more, as it is now.
    pub(super) fn copy(&self) -> Self {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), Path::new(""), &mut files);
        Self::from_snapshot(self.env.clone(), &files)
    }

    fn from_snapshot(
        env: BTreeMap<String, String>,
        files: &BTreeMap<String, (String, u32)>,
    ) -> Self {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            env,
        };
        for (name, (text, mode)) in files {
            site.write(name, text);
            fs::set_permissions(site.path(name), fs::Permissions::from_mode(*mode)).unwrap();
        }
        site
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.env.remove(name);
    }

    /// An object of the cluster, or null.
    pub(super) fn object(&self, key: &str) -> Value {
        let cluster: Value = serde_json::from_str(&self.read("fake/cluster.json")).unwrap();
        cluster["objects"][key].clone()
    }

    pub(super) fn put(&self, key: &str, object: &Value) {
        let mut cluster: Value = serde_json::from_str(&self.read("fake/cluster.json")).unwrap();
        cluster["objects"][key] = object.clone();
        self.write("fake/cluster.json", &cluster.to_string());
        let _ = fs::remove_file(self.path("fake/objects"));
    }

    /// The image of the first container of a workload.
    pub(super) fn runs(&self, key: &str) -> String {
        let object = self.object(key);
        object["spec"]["template"]["spec"]["containers"][0]["image"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(super) fn replicas(&self, key: &str) -> Value {
        self.object(key)["spec"]["replicas"].clone()
    }

    /// The calls since the last time this was asked.
    pub(super) fn take_calls(&self) -> Vec<String> {
        let calls = self.read("fake/calls");
        self.write("fake/calls", "");
        calls.lines().map(str::to_owned).collect()
    }

    fn command(&self, step: &str) -> Command {
        for file in ["output", "summary", "github-env"] {
            self.write(file, "");
        }
        fs::create_dir_all(self.path("temp")).unwrap();
        let log = File::create(self.path("log")).unwrap();
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        // Started in the background, tests ignore SIGINT, and what they start could not listen to it.
        let mut command = Command::new("env");
        command
            .args(["--default-signal=INT", "bash"])
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script(step))
            .current_dir(self.path("repo"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path("temp"))
            .env("LC_ALL", "C.UTF-8")
            .env("FAKE", self.path("fake"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_ENV", self.path("github-env"))
            .envs(&self.env)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        command
    }

    /// Runs a step to its end, and checks that no value was taken for anything but data.
    #[track_caller]
    pub(super) fn step(&self, step: &str) -> Outcome {
        let child = self.command(step).spawn().unwrap();
        self.finish(step, child)
    }

    /// Starts a step, waits until it has made a call that hangs, or until `ready` says so, and gives
    /// it the signal of a stopped job.
    #[track_caller]
    pub(super) fn stop(&self, step: &str, hang: &str, ready: impl Fn(&Self) -> bool) -> Outcome {
        self.write("fake/hang", hang);
        let _ = fs::remove_file(self.path("fake/hanging"));
        let child = self.command(step).spawn().unwrap();
        let start = Instant::now();
        while !(self.path("fake/hanging").exists() || hang.is_empty() && ready(self)) {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "{step}: {}",
                self.read("log")
            );
            thread::sleep(Duration::from_millis(5));
        }
        self.write("fake/hang", "");
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.finish(step, child)
    }

    #[track_caller]
    fn finish(&self, step: &str, mut child: Child) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(120);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                child.kill().unwrap();
                panic!("{step} hangs: {}", self.read("log"));
            }
            thread::sleep(Duration::from_millis(3));
        };
        let log = fs::read(self.path("log")).unwrap();
        let outputs = self.read("output");
        let outcome = Outcome {
            code: status.code().unwrap_or(-1),
            log: String::from_utf8_lossy(&log).into_owned(),
            outputs: outputs
                .lines()
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: self.read("summary"),
        };
        for folder in ["repo", "temp"] {
            assert!(
                !self.path(folder).join("pwned").exists(),
                "a value was executed: {outcome:#?}"
            );
        }
        assert!(
            !outcome.outputs.contains_key("injected"),
            "a value became an output: {outcome:#?}"
        );
        let commands = outcome.log.split(['\n', '\r']).map(str::trim_start);
        for line in commands {
            assert!(
                !line.starts_with("::stop-commands"),
                "a value became a command: {outcome:#?}"
            );
        }
        for text in [
            &outcome.log,
            &outcome.summary,
            &outputs,
            &self.read("fake/calls"),
        ] {
            assert!(!text.contains(SECRET), "a secret is visible: {text}");
        }
        outcome
    }
}

pub(super) fn deployment(name: &str, image: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
    "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": {
        "metadata": {"labels": {"app": name}},
        "spec": {
            "serviceAccountName": "shop",
            "initContainers": [{"name": "wait", "image": "busybox:1"}],
            "containers": [
                {"name": "web", "image": image, "ports": [{"containerPort": 8080}],
                 "envFrom": [{"secretRef": {"name": "shop"}}], "readinessProbe": {"httpGet": {"port": 8080}}},
                {"name": "proxy", "image": "envoy:1"},
            ],
        },
    }}})
}
