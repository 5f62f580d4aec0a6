//! The known name that a mistyped one probably means.

/// Longer words are not names, and comparing costs the product of both lengths.
const MAX_LENGTH: usize = 64;

/// The distance of a candidate of which the word is the start, farther than any slips.
const BEGUN: usize = 8;

/// Shorter starts stand for too much.
const MIN_START: usize = 3;

/// The distance of one slip.
const SLIP: usize = 2;

/// A known name that was probably meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess<'c> {
    /// The name.
    pub name: &'c str,
    distance: usize,
    /// Whether no other name is as near.
    alone: bool,
}

impl Guess<'_> {
    /// Says whether only case, hyphens, underscores and blanks differ.
    pub fn is_same(&self) -> bool {
        self.distance == 0 && self.alone
    }

    /// Says whether at most one slip lies between, and no other name is as near.
    pub fn is_sure(&self) -> bool {
        self.distance <= SLIP && self.alone
    }
}

/// Returns the candidate that `word` is most likely a slip for, or nothing rather than a far guess.
///
/// Case, hyphens, underscores and blanks do not count, nor does a plural. Else up to
/// a third of the letters may differ, two neighbours swapped being one difference.
/// Of equally near candidates the first wins; the start of a word stands for it if
/// no other begins so.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    guess(word, candidates).map(|guess| guess.name)
}

/// Returns what [`nearest`] does, with how sure it is.
pub fn guess<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<Guess<'c>> {
    if word.len() > MAX_LENGTH {
        return None;
    }
    let folded = fold(word);
    let mut best: Option<Guess<'_>> = None;
    let mut begun = 0;
    for candidate in candidates {
        let Some(distance) = distance(&folded, candidate) else {
            continue;
        };
        begun += usize::from(distance == BEGUN);
        match &mut best {
            Some(best) if best.distance < distance => {}
            Some(best) if best.distance == distance => best.alone &= best.name == candidate,
            _ => {
                best = Some(Guess {
                    name: candidate,
                    distance,
                    alone: true,
                });
            }
        }
    }
    best.filter(|best| best.distance < BEGUN || begun == 1)
}

/// Returns how far a candidate is from a folded word, if near enough: 0 for the
/// same name in another spelling, 1 for a plural, above that twice the slips.
fn distance(word: &str, candidate: &str) -> Option<usize> {
    if candidate.len() > MAX_LENGTH {
        return None;
    }
    let candidate = fold(candidate);
    if word.is_empty() || candidate.is_empty() {
        return None;
    }
    if word == candidate {
        return Some(0);
    }
    if singular(word) == singular(&candidate) {
        return Some(1);
    }
    let letters = word.chars().count().min(candidate.chars().count());
    let allowed = (letters / 3).min(3);
    let slips = strsim::osa_distance(word, &candidate);
    let begun = word.len() >= MIN_START && candidate.starts_with(word);
    if slips <= allowed {
        return Some(SLIP * slips);
    }
    begun.then_some(BEGUN)
}

/// Drops what people confuse in names.
fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns a form that an English noun shares with its plural.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match word.strip_suffix("es") {
        Some(stem) if stem.ends_with(['s', 'x', 'h']) => stem.to_owned(),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &[
        "environments",
        "approvals",
        "stack",
        "gates",
        "on",
        "runs-on",
        "timeout-minutes",
        "permissions",
        "branch",
        "branches",
        "secrets",
        "policy",
        "name",
    ];

    fn guess(word: &str) -> Option<&'static str> {
        nearest(word, KEYS.iter().copied())
    }

    #[test]
    fn typos_and_transpositions() {
        assert_eq!(guess("enviroments"), Some("environments"));
        assert_eq!(guess("stcak"), Some("stack"));
        assert_eq!(guess("permisions"), Some("permissions"));
        assert_eq!(guess("nmae"), Some("name"));
        assert_eq!(guess("approvels"), Some("approvals"));
    }

    #[test]
    fn spelling_of_compounds_and_case() {
        assert_eq!(guess("runs_on"), Some("runs-on"));
        assert_eq!(guess("runsOn"), Some("runs-on"));
        assert_eq!(guess("timeout_minuts"), Some("timeout-minutes"));
        assert_eq!(guess("Stack"), Some("stack"));
    }

    #[test]
    fn plural_and_singular() {
        assert_eq!(guess("environment"), Some("environments"));
        assert_eq!(guess("gate"), Some("gates"));
        assert_eq!(guess("policies"), Some("policy"));
        assert_eq!(guess("secret"), Some("secrets"));
        assert_eq!(nearest("branch", ["brunch", "branches"]), Some("branches"));
    }

    #[test]
    fn the_nearer_wins() {
        assert_eq!(guess("branc"), Some("branch"));
        assert_eq!(guess("branchs"), Some("branch"));
        assert_eq!(nearest("lint", ["list", "lints", "line"]), Some("lints"));
    }

    #[test]
    fn no_far_fetched_guesses() {
        for word in [
            "",
            "-",
            "x",
            "no",
            "colour",
            "services",
            "database",
            "if",
            "zzzzzzzzzz",
        ] {
            assert_eq!(guess(word), None, "{word}");
        }
        assert_eq!(guess(&"environments".repeat(1000)), None);
        assert_eq!(nearest("é", ["è"]), None);
    }
}
