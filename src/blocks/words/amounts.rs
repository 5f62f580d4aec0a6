//! Words for amounts: times, shares, sizes, hours of a week.

use super::super::shape::WordKind;
use super::{Duration, Percent, Share, Size};

#[allow(missing_docs)]
pub struct DurationKind;
impl WordKind for DurationKind {
    const TITLE: &'static str = "a duration";
    const PATTERN: &'static str = "^[0-9]{1,6}(ms|s|m|h)$";
    const EXAMPLES: &'static [&'static str] = &["30s", "5m", "500ms"];

    fn accepts(text: &str) -> bool {
        parse_duration(text).is_some()
    }
}

fn parse_duration(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let factor = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let plain =
        !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    plain
        .then(|| digits.parse::<u64>().ok())
        .flatten()
        .map(|number| number * factor)
}

impl Duration {
    /// In milliseconds.
    pub fn milliseconds(&self) -> u64 {
        parse_duration(self).unwrap_or_default()
    }

    /// In whole seconds, rounded up.
    pub fn seconds(&self) -> u64 {
        self.milliseconds().div_ceil(1_000)
    }

    /// In whole minutes, rounded up.
    pub fn minutes(&self) -> u32 {
        u32::try_from(self.seconds().div_ceil(60)).unwrap_or(u32::MAX)
    }
}

#[allow(missing_docs)]
pub struct PercentKind;
impl WordKind for PercentKind {
    const TITLE: &'static str = "a share";
    const PATTERN: &'static str = "^([0-9]{1,2}|100)%?$";
    const EXAMPLES: &'static [&'static str] = &["5%", "80%"];
    const LARGEST_NUMBER: Option<u64> = Some(100);

    fn accepts(text: &str) -> bool {
        let digits = text.strip_suffix('%').unwrap_or(text);
        let short = digits.len() <= 2 || digits == "100";
        !digits.is_empty() && short && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

impl Percent {
    /// The number before the sign.
    pub fn number(&self) -> u32 {
        self.trim_end_matches('%').parse().unwrap_or_default()
    }
}

#[allow(missing_docs)]
pub struct ShareKind;
impl WordKind for ShareKind {
    const TITLE: &'static str = "an exact share";
    const PATTERN: &'static str = r"^([0-9]{1,2}(\.[0-9]{1,4})?|100)%$";
    const EXAMPLES: &'static [&'static str] = &["0.1%", "99.9%", "5%"];

    fn accepts(text: &str) -> bool {
        let Some(number) = text.strip_suffix('%') else {
            return false;
        };
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        match number.split_once('.') {
            Some((whole, rest)) => digits(whole, 2) && digits(rest, 4),
            None => digits(number, 2) || number == "100",
        }
    }
}

impl Share {
    /// The number before the sign.
    pub fn number(&self) -> f64 {
        self.trim_end_matches('%').parse().unwrap_or_default()
    }
}

#[allow(missing_docs)]
pub struct TimesOfWeekKind;
impl WordKind for TimesOfWeekKind {
    const TITLE: &'static str = "days and hours";
    const PATTERN: &'static str = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? ([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$";
    const EXAMPLES: &'static [&'static str] = &["mon-thu 08:00-17:00", "sun 22:00-23:30"];

    fn accepts(text: &str) -> bool {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let Some((days, hours)) = text.split_once(' ') else {
            return false;
        };
        let time = |text: &str| {
            let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            let (hour, minute) = text.split_once(':').unwrap_or_default();
            two(hour) && two(minute) && hour < "24" && minute < "60"
        };
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let hours = hours.split_once('-');
        DAYS.contains(&first)
            && DAYS.contains(&last)
            && hours.is_some_and(|(from, to)| time(from) && time(to))
    }
}

#[allow(missing_docs)]
pub struct SizeKind;
impl WordKind for SizeKind {
    const TITLE: &'static str = "a size";
    const PATTERN: &'static str = "^[0-9]{1,6}(KB|MB|GB)$";
    const EXAMPLES: &'static [&'static str] = &["500KB", "512MB", "2GB"];

    fn accepts(text: &str) -> bool {
        let units = ["KB", "MB", "GB"];
        let digits = units.iter().find_map(|unit| text.strip_suffix(unit));
        let digits = digits.unwrap_or_default();
        !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

impl Size {
    /// In bytes.
    pub fn bytes(&self) -> u64 {
        let digits = self.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().unwrap_or_default();
        let power = match &self[digits.len()..] {
            "KB" => 1,
            "MB" => 2,
            _ => 3,
        };
        number * 1_024_u64.pow(power)
    }

    /// In megabytes, rounded up.
    pub fn megabytes(&self) -> u64 {
        self.bytes().div_ceil(1_024 * 1_024)
    }
}
