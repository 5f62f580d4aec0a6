//! The entry that a workflow file has in a manifest.

/// The longest name that a manifest takes.
const MAX: usize = 80;

/// Returns a name for a file's entry that none of `taken` has: the file's, as far as it is one.
pub fn free_name(file: &str, taken: impl Fn(&str) -> bool) -> String {
    let stem = file
        .strip_suffix(".yml")
        .or_else(|| file.strip_suffix(".yaml"));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let words: String = stem
        .unwrap_or(file)
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    let words = words.trim_matches('-');
    let mut name = match words.chars().next() {
        Some(first) if first.is_ascii_alphabetic() || first == '_' => words.to_owned(),
        Some(_) => format!("_{words}"),
        None => "workflow".to_owned(),
    };
    name.truncate(MAX - 8);
    let first = name.clone();
    let mut number = 2_u32;
    while taken(&name) {
        name = format!("{first}-{number}");
        number += 1;
    }
    name
}

/// Returns the file's name if the entry must say it, since it does not follow from the entry's.
pub fn own_file(file: &str, name: &str) -> Option<String> {
    (file != format!("{name}.yml")).then(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_file_as_far_as_they_can() {
        let free = |file: &str| free_name(file, |name| name == "ci");
        for (file, name, says) in [
            ("labeler.yml", "labeler", false),
            ("labeler.yaml", "labeler", true),
            ("ci.yml", "ci-2", true),
            ("Build & test.yml", "Build---test", true),
            ("1st.yml", "_1st", true),
            ("über.yml", "ber", true),
            ("日本.yml", "workflow", true),
        ] {
            assert_eq!(free(file), name);
            assert_eq!(own_file(file, name).is_some(), says, "{file}");
        }
        assert!(free(&format!("{}.yml", "x".repeat(300))).len() <= MAX);
    }
}
