//! `schedule-cron`, `schedule-timezone`: when a workflow runs by the clock.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, guess};
use crate::expression;
use crate::knowledge::timezones;
use crate::lint::Cx;
use crate::lint::rule::{Family, Fixes, Group, Rule};
use crate::syntax::Node;

pub(in crate::lint) static FAMILY: Family = Family {
    rules: RULES,
    check,
};

static RULES: &[Rule] = &[
    Rule {
        id: "schedule-cron",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Never,
        finds: "a `cron` that GitHub cannot read, or that asks for more than it gives",
        why: "It has five fields: minute, hour, day of the month, month, day of the week. Names such as `@daily` are unknown. Runs are never less than five minutes apart.",
        bad: &["\
on:
  schedule: [{cron: '0 24 * * *'}]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  schedule: [{cron: '0 23 * * MON-FRI'}]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
    Rule {
        id: "schedule-timezone",
        group: Group::Correctness,
        severity: Severity::Error,
        fixes: Fixes::Sometimes,
        finds: "a time zone that the IANA database does not have",
        why: "GitHub knows zones by these names only, as in `Europe/Berlin`.",
        bad: &["\
on:
  schedule: [{cron: '0 23 * * *', timezone: Europe/Belrin}]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
        good: &["\
on:
  schedule: [{cron: '0 23 * * *', timezone: Europe/Berlin}]
jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}
"],
    },
];

fn check(cx: &Cx<'_>, found: &mut Diagnostics) {
    let schedule = cx.workflow.and_then(|it| it.trigger("schedule")?.config);
    for item in schedule.into_iter().flat_map(Node::items) {
        if let Some((node, text)) = text(item, "cron") {
            found.extend(cron(node, text));
        }
        if let Some((node, text)) = text(item, "timezone")
            && !timezones::is_known(text)
        {
            let message = format!("there is no time zone `{text}`");
            let error = Diagnostic::error("schedule-timezone", message).at(node.location());
            found.push(match guess(text, timezones::all()) {
                Some(near) => error.write(near, node.rewritten(near.name)),
                None => error.help("name one of the IANA database, as in `Europe/Berlin`"),
            });
        }
    }
}

fn text<'t>(item: Node<'t>, key: &str) -> Option<(Node<'t>, &'t str)> {
    let node = item.get(key)?;
    let text = node.as_str()?;
    (!text.is_empty() && !expression::is_in(text)).then_some((node, text))
}

fn cron(node: Node<'_>, text: &str) -> Option<Diagnostic> {
    let refuse = |message: String, help: String| {
        let error = Diagnostic::error("schedule-cron", message).at(node.location());
        Some(error.help(help))
    };
    if text.starts_with('@') {
        let message = format!("GitHub does not know `{text}`");
        return refuse(message, "write five fields, as in `0 3 * * *`".to_owned());
    }
    let fields: Vec<_> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let message = format!("`{text}` has {} fields, and five are wanted", fields.len());
        let help = "write minute, hour, day of the month, month and day of the week";
        return refuse(message, help.to_owned());
    }
    let mut times = [0; FIELDS.len()];
    for ((field, form), times) in fields.iter().zip(&FIELDS).zip(&mut times) {
        match form.read(field) {
            Some(set) => *times = set,
            None => {
                let message = format!("`{field}` is no {}", form.name);
                return refuse(message, form.help());
            }
        }
    }
    let [minutes, hours, ..] = times;
    let gap = gap(minutes, hours);
    (gap < MIN_GAP).then(|| {
        Diagnostic::warning(
            "schedule-cron",
            format!("`{text}` asks for runs {gap} minutes apart"),
        )
        .at(node.location())
        .note("GitHub starts scheduled runs five minutes apart at least")
        .help("write `*/5` for the minute, or fewer runs")
    })
}

/// GitHub's limit, in minutes.
const MIN_GAP: u32 = 5;

/// One of the fields of a `cron`.
struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// Words for the numbers, the first for the lowest.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field::new("minute", 0, 59, &[]),
    Field::new("hour", 0, 23, &[]),
    Field::new("day of the month", 1, 31, &[]),
    Field::new("month", 1, 12, &MONTHS),
    Field::new("day of the week", 0, 6, &DAYS),
];

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Field {
    const fn new(name: &'static str, low: u32, high: u32, words: &'static [&'static str]) -> Self {
        Self {
            name,
            low,
            high,
            words,
        }
    }

    fn help(&self) -> String {
        let words = match self.words {
            [first, .., last] => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        format!(
            "write {} to {}{words}, `*`, ranges with `-`, steps with `/`, several with `,`",
            self.low, self.high
        )
    }

    /// The set of numbers that a field stands for, a bit for each.
    fn read(&self, text: &str) -> Option<u64> {
        let mut set = 0;
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, number(step).filter(|step| *step > 0)?),
                None => (part, 1),
            };
            let (from, to) = match range.split_once('-') {
                _ if range == "*" => (self.low, self.high),
                Some((from, to)) => (self.one(from)?, self.one(to)?),
                None => {
                    let from = self.one(range)?;
                    // `5/15` goes on to the end.
                    (from, if part.contains('/') { self.high } else { from })
                }
            };
            if from > to {
                return None;
            }
            let steps = (from..=to).step_by(usize::try_from(step).ok()?);
            set |= steps.fold(0, |set, number| set | 1 << number);
        }
        Some(set)
    }

    fn one(&self, text: &str) -> Option<u32> {
        let words = (self.low..).zip(self.words);
        let mut named = words.filter(|(_, word)| word.eq_ignore_ascii_case(text));
        let found = named.next().map(|(number, _)| number);
        let found = found.or_else(|| number(text))?;
        (self.low..=self.high).contains(&found).then_some(found)
    }
}

/// Digits only: no sign, no blank.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The least time between two runs within a day, in minutes.
fn gap(minutes: u64, hours: u64) -> u32 {
    let within = (0..60).filter(|minute| minutes & 1 << minute != 0);
    let within: Vec<u32> = within.collect();
    let (Some(first), Some(last)) = (within.first(), within.last()) else {
        return 60;
    };
    let next_hour = hours & (hours << 1) != 0 || hours & 1 != 0 && hours & 1 << 23 != 0;
    let over = if next_hour { first + 60 - last } else { 60 };
    let gaps = within.windows(2).map(|two| two[1] - two[0]);
    gaps.min().unwrap_or(over).min(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Option<Vec<u64>> {
        let fields = text.split(' ').zip(&FIELDS);
        fields.map(|(text, field)| field.read(text)).collect()
    }

    #[test]
    fn fields_are_those_that_github_reads() {
        for good in [
            "*/5 * * * *",
            "0,30 0-6/2 1 JAN-mar sun",
            "5/15 4 * * 1-5",
            "00 09 * * *",
        ] {
            assert!(times(good).is_some(), "{good}");
        }
        for bad in [
            "60", "5-", "-5", "*/0", "a", "9-3", "1,,2", "", "?", "+5", "1/2/3",
        ] {
            assert!(times(bad).is_none(), "{bad}");
        }
        assert!(times("0 0 0 * *").is_none() && times("0 0 * * 7").is_none());
    }

    #[test]
    fn runs_are_near_within_an_hour_and_over_its_end() {
        let near = |text| {
            let times = times(text).unwrap();
            gap(times[0], times[1])
        };
        assert_eq!(near("*/5 *"), 5);
        assert_eq!(near("0,2 3"), 2);
        assert_eq!(near("58,1 *"), 3);
        assert_eq!(near("58,1 3"), 57);
        assert_eq!(near("58,1 23,0"), 3);
        assert_eq!(near("7 *"), 60);
    }
}
