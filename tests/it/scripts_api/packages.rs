//! Packages on their way to registries: held against the tag, published once, told when they
//! are there already. The registries are servers on loopback; npm, uv and cargo are stand-ins
//! that put what they publish into them, or fail.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::sandbox::{HOSTILE, Outcome, SHA, Sandbox};
use super::servers::{Http, Reply, Request};

const TAG: (&str, &str) = ("VERSION", "v1.2.3");

/// What a registry answers, until the stand-in of a tool has published.
struct Registry {
    server: Http,
    published: Arc<AtomicBool>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    /// A registry that answers one way before anything is published, and another way after.
    fn start(before: (u16, &str), after: &str) -> Self {
        let published = Arc::new(AtomicBool::new(false));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (before, after) = ((before.0, before.1.to_owned()), after.to_owned());
        let (is_published, lines) = (Arc::clone(&published), Arc::clone(&log));
        let server = Http::start(move |_, request| {
            let text = |status, text: &str| Reply::Full(status, "X-Test: 1".into(), text.into());
            lines.lock().unwrap().push(told(request));
            match request.line.as_str() {
                "POST /published" => {
                    is_published.store(true, Ordering::SeqCst);
                    text(200, "done")
                }
                line if line.starts_with("GET /token?") => text(200, r#"{"value": "jwt-of-run"}"#),
                "POST /api/v1/trusted_publishing/tokens" if request.body.contains("jwt-of-run") => {
                    text(200, r#"{"token": "short-token"}"#)
                }
                "DELETE /api/v1/trusted_publishing/tokens" => text(204, ""),
                _ if is_published.load(Ordering::SeqCst) => text(200, &after),
                _ => text(before.0, &before.1),
            }
        });
        Self {
            server,
            published,
            log,
        }
    }

    fn is_published(&self) -> bool {
        self.published.load(Ordering::SeqCst)
    }

    /// Method, target and who asks, for each request.
    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Runs a script as the step that publishes.
    fn run(&self, sandbox: &Sandbox, script: &str, more: &[(&str, &str)]) -> Outcome {
        let request = format!("{}/token?run=1", self.server.url);
        let url = self.server.url.as_str();
        let env = [
            TAG,
            ("NPM_REGISTRY", url),
            ("PYPI_INDEX", url),
            ("CRATES_URL", url),
            ("CRATES_INDEX", url),
            ("GO_PROXY", url),
            ("REGISTRY", url),
            ("SHA", SHA),
            ("PRIVATE", "false"),
            ("WAIT", "0.1"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", request.as_str()),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "token-of-run"),
        ];
        sandbox.run(script, &[&env[..], more].concat())
    }
}

fn told(request: &Request) -> String {
    let headers = request.headers.lines();
    let who = headers.filter_map(|line| line.strip_prefix("Authorization: "));
    let who: String = who.collect();
    format!("{} {who}", request.line).trim_end().to_owned()
}

/// A tool that writes down its words and publishes, or does what `MODE` in its folder says.
fn tool(sandbox: &Sandbox, name: &str, before: &str) {
    let text = format!(
        "#!/usr/bin/env bash\n\
         printf '%s\\n' \"$*\" >> \"$HOME/{name}.calls\"\n\
         env >> \"$HOME/{name}.env\"\n\
         {before}\n\
         mode=$(cat \"$HOME/mode\" 2> /dev/null || true)\n\
         [[ $mode != refuse ]] || {{ echo 'not allowed' >&2; exit 1; }}\n\
         curl --silent --request POST --output /dev/null \"$REGISTRY/published\"\n\
         [[ $mode != lost ]] || {{ echo 'connection reset' >&2; exit 1; }}\n"
    );
    sandbox.program(name, &text);
}

fn calls(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path(&format!("{name}.calls"))).unwrap_or_default()
}

const NPM: &str = r#"case $1 in
  --version) cat "$HOME/npm-version" 2> /dev/null || echo 11.6.0; exit ;;
  pack) folder=${2#--pack-destination=}; mkdir -p "$HOME/made/package"; cp package.json "$HOME/made/package/"
    tar -czf "$folder/shop-1.2.3.tgz" -C "$HOME/made" package; exit ;;
esac"#;

fn npm_package(json: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("package.json", json);
    tool(&sandbox, "npm", NPM);
    sandbox
}

const SHOP: &str = r#"{"name": "@acme/shop", "version": "1.2.3"}"#;
const SHOP_BEFORE: &str = r#"{"versions": {"1.2.2": {}, "1.1.0": {}, "1.3.0-rc.1": {}}}"#;
const SHOP_AFTER: &str = r#"{"versions": {"1.2.2": {}, "1.2.3": {}}}"#;

/// A package that is packed, and the registry.
fn packed(before: (u16, &str)) -> (Sandbox, Registry) {
    let sandbox = npm_package(SHOP);
    let pack = sandbox.run("npm-pack", &[TAG]);
    pack.passes("");
    assert!(pack.summary.contains("package/package.json"), "{pack:?}");
    (sandbox, Registry::start(before, SHOP_AFTER))
}

#[test]
fn npm_gets_a_package_once() {
    let (sandbox, registry) = packed((200, SHOP_BEFORE));
    let first = registry.run(&sandbox, "npm-publish", &[]);
    first.passes("@acme/shop 1.2.3 is on npm");
    assert_eq!(first.output("previous_version"), "1.2.2");
    assert_eq!(registry.log()[0], "GET /%40acme%2Fshop");
    let words = calls(&sandbox, "npm");
    let publish = words.lines().last().unwrap();
    assert!(publish.starts_with("publish ") && publish.contains(" --ignore-scripts"));
    assert!(publish.contains("/package/shop-1.2.3.tgz") && !publish.contains("--tag"));
    let second = registry.run(&sandbox, "npm-publish", &[]);
    second.passes("::notice::@acme/shop 1.2.3 is on npm already");
    assert_eq!(second.output("previous_version"), "1.2.2");
    assert_eq!(calls(&sandbox, "npm"), words, "it was published twice");
}

#[test]
fn npm_gets_the_first_version_and_those_of_old_lines() {
    let (sandbox, registry) = packed((404, "{}"));
    let first = registry.run(&sandbox, "npm-publish", &[]);
    assert_eq!(first.passes("is on npm").output("previous_version"), "");
    assert!(registry.is_published());
    let (sandbox, registry) = packed((200, r#"{"versions": {"2.10.0": {}, "2.9.0": {}}}"#));
    let old = registry.run(&sandbox, "npm-publish", &[]);
    assert_eq!(old.passes("is on npm").output("previous_version"), "2.10.0");
    assert!(calls(&sandbox, "npm").contains(" --tag=release-1.x\n"));
}

#[test]
fn a_publication_that_fails_on_npm_is_a_failure_unless_it_arrived() {
    let (sandbox, registry) = packed((200, SHOP_BEFORE));
    sandbox.write("mode", "refuse");
    let refused = registry.run(&sandbox, "npm-publish", &[]);
    refused.fails("npm did not take @acme/shop 1.2.3");
    sandbox.write("mode", "lost");
    let lost = registry.run(&sandbox, "npm-publish", &[]);
    lost.passes("@acme/shop 1.2.3 is on npm");
    for before in [
        (500, "{}"),
        (200, "<html>"),
        (200, ""),
        (200, "{}"),
        (403, "{}"),
    ] {
        let (sandbox, registry) = packed(before);
        let unclear = registry.run(&sandbox, "npm-publish", &[]);
        unclear.fails(&registry.server.url);
        assert!(!registry.is_published(), "{before:?}");
    }
}

#[test]
fn npm_must_be_able_to_tell_which_run_it_is() {
    let (sandbox, registry) = packed((200, SHOP_BEFORE));
    let unknown = [("ACTIONS_ID_TOKEN_REQUEST_URL", "")];
    let nobody = registry.run(&sandbox, "npm-publish", &unknown);
    nobody.fails("it needs `id-token: write`");
    sandbox.write("npm-version", "10.9.8\n");
    let old = registry.run(&sandbox, "npm-publish", &[]);
    old.fails("npm 10.9.8 cannot publish without a stored token");
    assert!(!registry.is_published());
}

#[test]
fn what_npm_would_not_take_is_not_packed() {
    let refused = |json: &str, tag: &str, why: &str| {
        npm_package(json)
            .run("npm-pack", &[("VERSION", tag)])
            .fails(why);
    };
    let version = "the tag is v1.2.4, but package.json says version 1.2.3";
    refused(SHOP, "v1.2.4", version);
    refused(SHOP, HOSTILE, "is not the tag of a release");
    refused(r#"{"name": "shop"}"#, "v1.2.3", "names no version");
    let private = r#"{"name": "shop", "version": "1.2.3", "private": true}"#;
    refused(private, "v1.2.3", "npm does not publish it");
    let workspace = r#"{"name": "shop", "version": "1.2.3", "dependencies": {"a": "workspace:^"}}"#;
    refused(workspace, "v1.2.3", "which npm cannot install");
    let hostile = serde_json::json!({"name": "shop", "version": HOSTILE}).to_string();
    refused(&hostile, "v1.2.3", "but package.json says version -x");
    let (sandbox, registry) = packed((404, "{}"));
    let other = registry.run(&sandbox, "npm-publish", &[("VERSION", "v2.0.0")]);
    other.fails("the tag is v2.0.0, but package.json says version 1.2.3");
    assert!(registry.log().is_empty());
}

const WHEEL: &str = "my_shop-1.2.3-py3-none-any.whl";
const SOURCE: &str = "my_shop-1.2.3.tar.gz";

fn python_package() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(&format!("dist/{WHEEL}"), "wheel");
    sandbox.write(&format!("dist/{SOURCE}"), "source");
    sandbox.write("dist/.gitignore", "*");
    tool(&sandbox, "uv", "");
    sandbox
}

fn index(files: &[&str]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| serde_json::json!({"filename": file}))
        .collect();
    serde_json::json!({"files": files, "versions": ["0.9", "1.2.2", "1.10.0rc1", "1.2.3"]})
        .to_string()
}

#[test]
fn pypi_gets_what_it_has_not() {
    let sandbox = python_package();
    let pack = sandbox.run("pypi-pack", &[TAG]);
    assert!(pack.passes(WHEEL).summary.contains(SOURCE));
    let registry = Registry::start((200, &index(&[WHEEL])), &index(&[WHEEL, SOURCE]));
    let first = registry.run(&sandbox, "pypi-publish", &[]);
    let first = first.passes("my-shop 1.2.3 is on PyPI");
    assert_eq!(first.output("previous_version"), "1.2.2");
    assert_eq!(registry.log()[0], "GET /my-shop/");
    let words = calls(&sandbox, "uv");
    assert!(words.contains("publish --trusted-publishing=always "));
    assert!(words.contains(SOURCE) && !words.contains(WHEEL), "{words}");
    let second = registry.run(&sandbox, "pypi-publish", &[]);
    second.passes("::notice::my-shop 1.2.3 is on PyPI already");
    assert_eq!(calls(&sandbox, "uv"), words, "it was published twice");
}

#[test]
fn a_publication_that_fails_on_pypi_is_a_failure() {
    let sandbox = python_package();
    let none = Sandbox::new();
    none.run("pypi-pack", &[TAG])
        .fails("the build left no wheel");
    let other = [("VERSION", "v1.3.0")];
    let mismatch = "the tag is v1.3.0, but my_shop-1.2.3-py3-none-any.whl says version 1.2.3";
    sandbox.run("pypi-pack", &other).fails(mismatch);
    sandbox.run("pypi-pack", &[TAG]).passes(WHEEL);
    let registry = Registry::start((404, ""), "");
    registry
        .run(&sandbox, "pypi-publish", &other)
        .fails(mismatch);
    sandbox.write("mode", "refuse");
    let refused = registry.run(&sandbox, "pypi-publish", &[]);
    refused.fails("PyPI did not take my-shop 1.2.3");
    assert_eq!(refused.output("previous_version"), "");
    for before in [(500, "{}"), (200, "<html>"), (200, ""), (200, "{}")] {
        let registry = Registry::start(before, "");
        let unclear = registry.run(&sandbox, "pypi-publish", &[]);
        unclear.fails(&registry.server.url);
    }
    sandbox.write("package/other-1.2.3.tar.gz", "of another");
    let several = Registry::start((404, ""), "").run(&sandbox, "pypi-publish", &[]);
    several.fails("the files are of several packages");
}

const CRATES_BEFORE: &str = "{\"name\":\"shop\",\"vers\":\"1.2.1\"}\n{\"name\":\"shop\",\"vers\":\"1.2.2\"}\n{\"name\":\"shop\",\"vers\":\"1.3.0-rc.1\"}\n";
const CRATES_AFTER: &str =
    "{\"name\":\"shop\",\"vers\":\"1.2.2\"}\n{\"name\":\"shop\",\"vers\":\"1.2.3\"}\n";

const CARGO: &str = r#"case $1 in
  metadata) cat "$HOME/metadata"; exit ;;
  package) [[ $2 != --list* ]] || { echo src/lib.rs; exit; }; test ! -e "$HOME/broken"; exit ;;
esac"#;

fn git(sandbox: &Sandbox, words: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(words)
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
}

fn rust_crate(publish: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    tool(&sandbox, "cargo", CARGO);
    git(&sandbox, &["init", "--quiet"]);
    let root = fs::canonicalize(sandbox.path("")).unwrap();
    let root = root.display();
    let metadata = format!(
        r#"{{"workspace_root": "{root}", "packages": [{{"name": "other", "version": "9.9.9", "manifest_path": "{root}/other/Cargo.toml"}}, {{"name": "Shop", "version": "1.2.3", "publish": {publish}, "manifest_path": "{root}/Cargo.toml"}}]}}"#
    );
    sandbox.write("metadata", &metadata);
    sandbox
}

#[test]
fn crates_io_gets_a_crate_once_with_a_token_for_the_run() {
    let sandbox = rust_crate("null");
    let curl = "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$HOME/curl.calls\"\n\
                PATH=${PATH#*:} exec curl \"$@\"\n";
    sandbox.program("curl", curl);
    let pack = sandbox.run("crates-pack", &[TAG]);
    assert!(pack.passes("").summary.contains("src/lib.rs"));
    sandbox.write("Cargo.lock", "");
    git(&sandbox, &["add", "Cargo.lock"]);
    let registry = Registry::start((200, CRATES_BEFORE), CRATES_AFTER);
    let first = registry.run(&sandbox, "crates-publish", &[]);
    first.passes("Shop 1.2.3 is on crates.io");
    assert_eq!(first.output("previous_version"), "1.2.2");
    first.passes("::add-mask::short-token");
    let host = registry.server.url.trim_start_matches("http://");
    assert_eq!(
        registry.log(),
        [
            "GET /sh/op/shop".to_owned(),
            format!("GET /token?run=1&audience={host} Bearer token-of-run"),
            "POST /api/v1/trusted_publishing/tokens".to_owned(),
            "POST /published".to_owned(),
            "DELETE /api/v1/trusted_publishing/tokens Bearer short-token".to_owned(),
        ]
    );
    let words = calls(&sandbox, "cargo");
    assert!(words.ends_with("publish --no-verify --locked\n"), "{words}");
    let environment = fs::read_to_string(sandbox.path("cargo.env")).unwrap();
    assert!(environment.contains("CARGO_REGISTRY_TOKEN=short-token"));
    let visible = calls(&sandbox, "curl") + &words;
    assert!(visible.contains("/api/v1/trusted_publishing/tokens"));
    for secret in ["token-of-run", "jwt-of-run", "short-token"] {
        assert!(!visible.contains(secret), "{secret} is on a command line");
    }
    let second = registry.run(&sandbox, "crates-publish", &[]);
    second.passes("::notice::Shop 1.2.3 is on crates.io already");
    assert_eq!(calls(&sandbox, "cargo").matches("publish").count(), 1);
}

#[test]
fn a_publication_that_fails_on_crates_io_is_a_failure_and_gives_the_token_back() {
    let sandbox = rust_crate("null");
    sandbox.write("mode", "refuse");
    let registry = Registry::start((404, ""), CRATES_AFTER);
    let refused = registry.run(&sandbox, "crates-publish", &[]);
    refused.fails("crates.io did not take Shop 1.2.3");
    let log = registry.log();
    assert!(log.last().unwrap().starts_with("DELETE "), "{log:?}");
    sandbox.write("mode", "lost");
    let lost = registry.run(&sandbox, "crates-publish", &[]);
    lost.passes("Shop 1.2.3 is on crates.io");
    let nobody = [("ACTIONS_ID_TOKEN_REQUEST_URL", "")];
    let registry = Registry::start((404, ""), "");
    let nobody = registry.run(&sandbox, "crates-publish", &nobody);
    nobody.fails("it needs `id-token: write`");
    for before in [(500, ""), (200, "<html>"), (200, ""), (200, "{}")] {
        let registry = Registry::start(before, "");
        let unclear = registry.run(&sandbox, "crates-publish", &[]);
        unclear.fails(&registry.server.url);
        assert!(!registry.is_published(), "{before:?}");
    }
    let stranger = Http::start(|_, request| match request.line.as_str() {
        line if line.starts_with("GET /token") => Reply::Text("{\"value\": \"jwt\"}"),
        line if line.starts_with("GET ") => Reply::Status(404),
        _ => Reply::Full(
            400,
            "X-Test: 1".into(),
            r#"{"errors": [{"detail": "No Trusted Publishing config"}]}"#.into(),
        ),
    });
    let stranger = [("CRATES_URL", stranger.url.as_str())];
    let unknown = registry.run(&sandbox, "crates-publish", &stranger);
    unknown.fails("No Trusted Publishing config");
    assert!(!registry.is_published());
}

#[test]
fn what_crates_io_would_not_take_is_not_packed() {
    let sandbox = rust_crate("[]");
    sandbox
        .run("crates-pack", &[TAG])
        .fails("`publish = false`");
    let sandbox = rust_crate("null");
    let other = [("VERSION", "v1.2.4")];
    let mismatch = "the tag is v1.2.4, but Cargo.toml says version 1.2.3";
    sandbox.run("crates-pack", &other).fails(mismatch);
    let registry = Registry::start((404, ""), "");
    let late = registry.run(&sandbox, "crates-publish", &other);
    late.fails(mismatch);
    assert!(registry.log().is_empty());
    sandbox.write("broken", "");
    sandbox
        .run("crates-pack", &[TAG])
        .fails("cannot be built from what would be published");
    sandbox.write("metadata", r#"{"packages": [], "workspace_root": "/"}"#);
    sandbox.run("crates-pack", &[TAG]).fails("is no crate");
}

fn go_module(path: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet"]);
    sandbox.write("go.mod", &format!("module {path} // the shop\n\ngo 1.25\n"));
    sandbox
}

/// A proxy that knows the list of versions, and a release once it was asked often enough.
fn proxy(asked: usize, info: &str) -> Http {
    let info = info.to_owned();
    let tries = AtomicUsize::new(0);
    Http::start(move |_, request| match request.line.as_str() {
        "GET /github.com/!acme/shop/@v/list" => {
            Reply::Text("v1.2.2\nv1.3.0-rc.1\nv1.10.0\nv1.2.3\n")
        }
        "GET /github.com/!acme/shop/@v/v1.2.3.info"
            if tries.fetch_add(1, Ordering::SeqCst) + 1 >= asked =>
        {
            Reply::Full(200, "X-Test: 1".into(), info.clone())
        }
        _ => Reply::Status(404),
    })
}

#[test]
fn the_module_proxy_learns_of_a_release() {
    let sandbox = go_module("github.com/Acme/shop");
    let go = |server: &Http, more: &[(&str, &str)]| {
        let env = [TAG, ("SHA", SHA), ("PRIVATE", "false"), ("WAIT", "0.1")];
        let proxy = [("GO_PROXY", server.url.as_str())];
        sandbox.run("go-publish", &[&env[..], &proxy, more].concat())
    };
    let info = format!(r#"{{"Version": "v1.2.3", "Origin": {{"Hash": "{SHA}"}}}}"#);
    let known = go(&proxy(3, &info), &[]);
    known.passes("github.com/Acme/shop v1.2.3 is known to the proxy");
    assert_eq!(known.output("previous_version"), "v1.10.0");
    go(&proxy(99, &info), &[]).fails("does not find v1.2.3");
    let moved = r#"{"Version": "v1.2.3", "Origin": {"Hash": "1111"}}"#;
    go(&proxy(1, moved), &[]).fails("the tag was moved");
    go(&proxy(1, r#"{"Version": "v9.9.9"}"#), &[]).fails("answers with v9.9.9");
    go(&proxy(1, "<html>"), &[]).fails("the proxy answers with");
    go(&Http::start(|_, _| Reply::Status(500)), &[]).fails("does not tell what is published");
    let silent = Http::start(|_, _| Reply::Status(500));
    go(&silent, &[("PRIVATE", "true")]).passes("is private");
    assert_eq!(silent.count(), 0);
}

#[test]
fn a_tag_must_fit_the_path_of_its_module() {
    let look = |path: &str, tag: &str| go_module(path).run("go-module", &[("VERSION", tag)]);
    look("example.com/shop", "v1.2.3").passes("can be a release of example.com/shop");
    look("\"example.com/shop/v2\"", "v2.0.0").passes("example.com/shop/v2");
    look("gopkg.in/shop.v3", "v3.1.0").passes("gopkg.in/shop.v3");
    look("example.com/shop", "v2.0.0").fails("a module whose path ends with /v2");
    look("example.com/shop/v3", "v2.0.0").fails("a module whose path ends with /v2");
    look("example.com/shop/v2", "v1.0.0").fails("is released by tags v2.x.y");
    look("example.com/shop", HOSTILE).fails("is not the tag of a release");
    look("$(touch pwned)", "v1.0.0").fails("go.mod names no module");
}
