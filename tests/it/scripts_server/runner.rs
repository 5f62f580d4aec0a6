//! The scripts that need no server, and the contracts of all.

use std::fs;

use super::site::{Site, script};

#[test]
fn images_are_resolved_to_digests() {
    let Some(mut site) = Site::start() else {
        return;
    };
    let digest = format!("sha256:{}", "a".repeat(64));
    site.write("fake/digest", &digest);
    site.set(
        "IMAGES",
        "A_IMAGE=ghcr.io/O/R/a:V1.2-Rc\n\nB_IMAGE=localhost:5000/b\nC=x:1@sha256:old\n",
    );
    let outputs = site.step("resolve-images").succeeded().outputs;
    let expected =
        format!("A_IMAGE=ghcr.io/o/r/a@{digest}\nB_IMAGE=localhost:5000/b@{digest}\nC=x@{digest}");
    assert_eq!(outputs["images"], expected);
    for images in ["A=--help", "A B=x", "A=x y", "A=$(touch pwned)"] {
        site.set("IMAGES", images);
        site.step("resolve-images").failed_with("::error::");
    }
    site.set("IMAGES", "A=x");
    site.write("fake/digest", "nothing");
    site.step("resolve-images")
        .failed_with("::error::x has no digest");
    site.write("fake/fail", "imagetools");
    site.step("resolve-images")
        .failed_with("::error::x cannot be found in the registry");
}

#[test]
fn a_configuration_without_a_value_is_refused() {
    let Some(mut site) = Site::start() else {
        return;
    };
    site.set("EXAMPLE_FILE", "config/example.env");
    site.set("REQUIRED_KEYS", "EXTRA");
    site.write(
        "repo/config/example.env",
        "# KEY=1\nA=1\nexport B = 2\nC=\nD=\n",
    );
    site.write(
        "repo/config/production.env",
        "A=x=y # z\nB=''\nC= # none\nEXTRA=\"\"\n",
    );
    site.step("check-config")
        .failed_with("::error::config/production.env gives no value to: EXTRA B C D\n");
    site.write(
        "repo/config/production.env",
        "A=x\nexport B = 2\nC='it'\nD=#x\nD=1\nEXTRA=\"z\"\n",
    );
    site.step("check-config").succeeded();
    assert_eq!(
        site.take_calls(),
        [
            "docker compose --file deploy/compose.yml --env-file config/production.env config --quiet"
        ]
    );
    site.write("fake/fail", "config --quiet");
    site.step("check-config")
        .failed_with("::error::docker compose does not accept");
    site.set("REQUIRED_KEYS", "A.*");
    site.step("check-config")
        .failed_with("::error::A.* is no name of a key");
    site.set("ENV_FILE", "config/absent.env");
    site.step("check-config")
        .failed_with("config/absent.env is not in the repository");
}

#[test]
fn each_contract_names_what_its_script_reads_and_writes() {
    let folder = script("x").parent().unwrap().to_owned();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if ![
            "ssh-",
            "compose-",
            "rollback",
            "resolve-images",
            "check-config",
        ]
        .iter()
        .any(|start| name.starts_with(start))
        {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#!/usr/bin/env bash\n# "), "{name}");
        let (contract, program) = text.split_once("\nset -euo pipefail\n").expect(&name);
        for line in contract.lines() {
            let Some((kind, rest)) = line
                .strip_prefix("# ")
                .and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            let Some((field, meaning)) = rest
                .split_once(": ")
                .filter(|_| ["in", "out"].contains(&kind))
            else {
                continue;
            };
            let plain = field.trim_end_matches('?');
            assert!(program.contains(plain), "{name} does not use {plain}");
            if kind == "in" {
                let (optional, defaulted) = (field.ends_with('?'), meaning.contains("(default"));
                assert_eq!(optional, defaulted, "{name}: {field} names its default");
            }
        }
    }
}
