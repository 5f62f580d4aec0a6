//! s3-upload, s3-switch, s3-retire and cloudfront-invalidate: a site that is whole before and after.

use std::fs;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::cloud::{Cloud, KILL, KILL_BEFORE, LOSE, REFUSE};
use super::sandbox::{HOSTILE, Outcome, script_path};

/// A bucket with a file that someone else put there, and a built site of version 1.
fn bucket() -> Cloud {
    let cloud =
        Cloud::new(json!({"clock": 0, "objects": {"www/uploads/cat.png": {"body": "cat"}}}));
    build(&cloud, 1);
    cloud
}

/// Pages of one size, as they are when only the hashes in them change.
fn build(cloud: &Cloud, version: u8) {
    let folder = cloud.sandbox.path("my dist");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::create_dir_all(folder.join("about")).unwrap();
    for (path, text) in [
        ("index.html".to_owned(), format!("page {version}")),
        ("about/index.html".to_owned(), format!("about {version}")),
        ("robots.txt".to_owned(), "robots".to_owned()),
        (format!("assets/app-{version}.js"), format!("app {version}")),
        ("assets/logo-0.svg".to_owned(), "logo".to_owned()),
    ] {
        fs::write(folder.join(path), text + "\n").unwrap();
    }
}

fn upload(cloud: &Cloud, release: &str) -> Outcome {
    let version = format!("v{release}");
    cloud.run(
        "s3-upload",
        &[
            ("SOURCE", "my dist"),
            ("BUCKET", "www"),
            ("RELEASE", release),
            ("VERSION", &version),
        ],
    )
}

fn switch(cloud: &Cloud, release: &str) -> Outcome {
    cloud.run("s3-switch", &[("BUCKET", "www"), ("RELEASE", release)])
}

/// What visitors get, without what is kept of releases.
fn site(cloud: &Cloud) -> Vec<(String, String)> {
    let account = cloud.account();
    let objects = account["objects"].as_object().unwrap().iter();
    let bodies = objects.map(|(key, object)| {
        (
            key.strip_prefix("www/").unwrap().to_owned(),
            object["body"].as_str().unwrap().to_owned(),
        )
    });
    let mut files: Vec<_> = bodies
        .filter(|(key, _)| !key.starts_with("_releases/"))
        .collect();
    files.sort();
    files
}

fn body(cloud: &Cloud, key: &str) -> Value {
    cloud.account()["objects"][format!("www/{key}")]["body"].clone()
}

/// Release 1 is live, release 2 uploaded.
fn with_two_releases() -> Cloud {
    static PREPARED: OnceLock<Value> = OnceLock::new();
    let account = PREPARED.get_or_init(|| {
        let cloud = bucket();
        upload(&cloud, "1").passes("uploaded 5 files");
        switch(&cloud, "1").passes("release 1, version v1, is live");
        build(&cloud, 2);
        upload(&cloud, "2").passes("live is 1, version v1");
        cloud.account()
    });
    Cloud::new(account.clone())
}

#[test]
fn assets_come_first_pages_last_and_nothing_goes() {
    let cloud = with_two_releases();
    assert_eq!(body(&cloud, "index.html"), "page 1");
    let outcome = switch(&cloud, "2");
    assert_eq!(outcome.passes("is live").output("version"), "v2");
    let pages = |version: u8| {
        [
            ("about/index.html", format!("about {version}")),
            ("index.html", format!("page {version}")),
        ]
    };
    let now = site(&cloud);
    for (key, text) in pages(2) {
        assert!(now.contains(&(key.to_owned(), text)), "{now:?}");
    }
    for kept in ["assets/app-1.js", "assets/app-2.js", "uploads/cat.png"] {
        assert!(now.iter().any(|(key, _)| key == kept), "{now:?}");
    }
    let account = cloud.account();
    let object = |key: &str| &account["objects"][format!("www/{key}")];
    assert_eq!(
        object("assets/app-2.js")["cache"],
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        (
            &object("index.html")["cache"],
            &object("robots.txt")["cache"]
        ),
        (&json!("no-cache"), &json!("no-cache"))
    );
    let at = |key: &str| object(key)["modified"].as_str().unwrap().to_owned();
    assert!(
        at("assets/app-2.js") < at("robots.txt")
            && at("robots.txt") < at("about/index.html")
            && at("index.html") < at("_releases/live")
    );

    // Going back brings pages of the same size that are older.
    switch(&cloud, "1").passes("release 1, version v1, is live");
    assert_eq!(
        (body(&cloud, "index.html"), body(&cloud, "_releases/live")),
        (json!("page 1"), json!("1"))
    );
}

#[test]
fn an_upload_says_what_is_live_and_changes_nothing_that_is() {
    let cloud = bucket();
    let first = upload(&cloud, "1");
    assert_eq!(
        (first.output("previous_release"), first.output("release")),
        ("", "1")
    );
    switch(&cloud, "1").passes("is live");
    let before = site(&cloud);
    build(&cloud, 2);
    let calls = [
        ("s3api list-objects-v2", 1, REFUSE),
        ("s3 cp", 1, REFUSE),
        ("s3 cp", 3, KILL),
        ("s3 cp", 4, LOSE),
        ("s3 cp", 5, KILL_BEFORE),
    ];
    for (call, at, does) in calls {
        cloud.fault(call, at, does);
        let outcome = upload(&cloud, "2");
        assert_ne!(outcome.code, 0, "{call} {at} {does}");
        assert!(
            !outcome.outputs.contains_key("release"),
            "{call} {at} {does}: {outcome:#?}"
        );
        assert_eq!(site(&cloud), before);
        // What was not uploaded as a whole cannot be made live.
        switch(&cloud, "2").fails("there is no release 2");
    }
    cloud.fault("", 1, "");
    let second = upload(&cloud, "2");
    assert_eq!(
        (
            second.passes("").output("previous_release"),
            second.output("previous_version")
        ),
        ("1", "v1")
    );
    assert_eq!(site(&cloud), before);
    upload(&cloud, "1").fails("release 1 is live already");
}

#[test]
fn wherever_a_switch_stops_the_release_before_comes_back() {
    let prepared = with_two_releases();
    for (at, does) in [(1, REFUSE), (2, KILL), (4, KILL_BEFORE), (5, KILL)] {
        let cloud = Cloud::new(prepared.account());
        cloud.fault("s3 cp", at, does);
        assert_ne!(switch(&cloud, "2").code, 0, "{at} {does}");
        cloud.fault("", 1, "");
        switch(&cloud, "1").passes("release 1, version v1, is live");
        let account = cloud.account();
        for key in [
            "index.html",
            "about/index.html",
            "assets/app-1.js",
            "robots.txt",
        ] {
            let kept = &account["objects"][format!("www/_releases/1/{key}")]["body"];
            assert_eq!(
                &account["objects"][format!("www/{key}")]["body"],
                kept,
                "{at} {does} {key}"
            );
        }
    }
    switch(&prepared, "").fails("nothing was deployed before");
}

#[test]
fn retiring_deletes_what_only_old_releases_had() {
    let cloud = with_two_releases();
    switch(&cloud, "2").passes("is live");
    // Release 3 was never finished, release 4 never made live.
    build(&cloud, 3);
    cloud.fault("s3 cp", 5, REFUSE);
    upload(&cloud, "3").fails("cannot be recorded");
    cloud.fault("", 1, "");
    build(&cloud, 4);
    upload(&cloud, "4").passes("uploaded");
    let retire = |keep: &str| cloud.run("s3-retire", &[("BUCKET", "www"), ("KEEP", keep)]);
    retire("1").passes("deleted 12 objects");
    let keys: Vec<_> = site(&cloud).into_iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "about/index.html",
            "assets/app-2.js",
            "assets/logo-0.svg",
            "index.html",
            "robots.txt",
            "uploads/cat.png"
        ]
    );
    let account = cloud.account();
    let releases = account["objects"]
        .as_object()
        .unwrap()
        .keys()
        .filter_map(|key| key.strip_prefix("www/_releases/"));
    let mut releases: Vec<_> = releases.filter(|key| !key.contains('/')).collect();
    releases.sort_unstable();
    assert_eq!(releases, ["2.json", "4.json", "live"]);
    retire("1").passes("deleted 0 objects");
    retire("0").fails("KEEP must be a number above 0");

    let refused = with_two_releases();
    switch(&refused, "2").passes("is live");
    refused.change(|account| account["locked"] = json!("assets/app-1.js"));
    refused
        .run("s3-retire", &[("BUCKET", "www"), ("KEEP", "1")])
        .fails("assets/app-1.js: Access Denied");
    Cloud::new(json!({"objects": {}}))
        .run("s3-retire", &[("BUCKET", "www")])
        .fails("no release is live");
}

#[test]
fn sites_that_make_no_sense_are_refused() {
    let cloud = bucket();
    for script in ["s3-upload", "s3-switch", "s3-retire"] {
        let text = fs::read_to_string(script_path(script)).unwrap();
        for name in [
            "SOURCE", "BUCKET", "PREFIX", "RELEASE", "VERSION", "ASSETS", "KEEP",
        ] {
            let env = [
                ("SOURCE", "my dist"),
                ("BUCKET", "www"),
                ("RELEASE", "1"),
                ("VERSION", "v1"),
                (name, HOSTILE),
            ];
            if [":", "?:"]
                .iter()
                .any(|end| text.contains(&format!("# in {name}{end} ")))
            {
                cloud.run(script, &env).fails("::error::");
            }
        }
    }
    cloud.saw_no_value_in("pwned");
    let upload = |source: &str| {
        cloud.run(
            "s3-upload",
            &[
                ("SOURCE", source),
                ("BUCKET", "www"),
                ("RELEASE", "9"),
                ("VERSION", "v1"),
            ],
        )
    };
    upload("absent").fails("there is no folder `absent`");
    fs::create_dir_all(cloud.sandbox.path("empty/folder")).unwrap();
    upload("empty").fails("holds no file");
    fs::create_dir_all(cloud.sandbox.path("my dist/_releases")).unwrap();
    upload("my dist").fails("where releases are kept");
    let prefixed = bucket();
    let env = [
        ("SOURCE", "my dist"),
        ("BUCKET", "www"),
        ("PREFIX", "shop/"),
        ("RELEASE", "1"),
        ("VERSION", "v1"),
    ];
    prefixed.run("s3-upload", &env).passes("uploaded");
    prefixed.run("s3-switch", &env).passes("is live");
    assert_eq!(
        (
            body(&prefixed, "shop/index.html"),
            body(&prefixed, "shop/_releases/live")
        ),
        (json!("page 1"), json!("1"))
    );
}

#[test]
fn an_invalidation_is_waited_for() {
    let cloud = Cloud::new(json!({"busy": 1}));
    let invalidate = |cloud: &Cloud, more: &[(&str, &str)]| {
        cloud.run(
            "cloudfront-invalidate",
            &[&[("DISTRIBUTION_ID", "E1")], more].concat(),
        )
    };
    let done = invalidate(&cloud, &[("PATHS", "/index.html\r\n/about/*\n")]);
    done.passes("other invalidations are under way")
        .passes("is completed");
    let account = cloud.account();
    assert_eq!(
        account["invalidations"][0]["Paths"],
        json!({"Quantity": 2, "Items": ["/index.html", "/about/*"]})
    );
    // The same step again means it: with the reference of before nothing would happen.
    invalidate(&cloud, &[]).passes("is completed");
    let account = cloud.account();
    assert_eq!(account["invalidations"][1]["Paths"]["Items"], json!(["/*"]));
    assert_ne!(
        account["invalidations"][0]["CallerReference"],
        account["invalidations"][1]["CallerReference"]
    );

    let slow = Cloud::new(json!({"polls": 1_000_000}));
    invalidate(&slow, &[("MAX_WAIT", "1")]).fails("is InProgress after 1 seconds");
    invalidate(&cloud, &[("DISTRIBUTION_ID", "E2")]).fails("does not exist");
    invalidate(&cloud, &[("DISTRIBUTION_ID", "")]).passes("::notice::");
    for (name, value) in [
        ("DISTRIBUTION_ID", HOSTILE),
        ("PATHS", HOSTILE),
        ("PATHS", "index.html"),
        ("PATHS", "/a*b"),
        ("PATHS", "\n"),
        ("MAX_WAIT", HOSTILE),
    ] {
        invalidate(&cloud, &[(name, value)]).fails("::error::");
    }
    assert_eq!(
        cloud.account()["invalidations"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn a_release_is_found_by_the_name_of_its_version() {
    let cloud = with_two_releases();
    let find = |version: &str| cloud.run("s3-find", &[("BUCKET", "www"), ("VERSION", version)]);
    assert_eq!(find("v1").output("release"), "1");
    assert_eq!(find("v2").output("release"), "2");
    find("v3").fails("no release of version v3 is left");
    find("").fails("VERSION names no version");
    cloud
        .run("s3-find", &[("BUCKET", HOSTILE), ("VERSION", "v1")])
        .fails("is not the name of a bucket");
}
