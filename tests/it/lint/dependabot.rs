//! `dependabot.yml`: its grammar, and what it says beyond.

use cicd::lint::FileKind;

use super::judge;

#[test]
fn updates_say_what_where_and_when() {
    judge(
        FileKind::Dependabot,
        "version: 2
updates:
  - package-ecosystem: nmp # dependabot-config: knows no `nmp`
    directory: /
    schedule: {interval: weekly, day: mon} # enum-value: `day` cannot be `mon`
  - package-ecosystem: npm
    directories: [/a, /b]
    multi-ecosystem-group: all
    groups: {small: {update-types: [minor, patsh]}} # enum-value: `update-types` cannot be `patsh`
  - package-ecosystem: pip # dependabot-config: nothing says where; dependabot-config: nothing says when
  - package-ecosystem: cargo
    directory: /
    directories: [/x] # dependabot-config: there are `directory` and `directories`
    schedule: {interval: cron} # dependabot-config: has no `cronjob`
    ignor: [] # unknown-key: unknown key `ignor`
  - package-ecosystem: brew # dependabot-config: knows no `brew`
    directory: /
    schedule: {interval: daily}
multi-ecosystem-groups: {all: {schedule: {interval: weekly}}}
",
    );
}
