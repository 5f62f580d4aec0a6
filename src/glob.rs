//! Paths and names against patterns.

/// Says whether a path matches a glob: `*` and `?` within a name, `**` over folders.
pub fn matches(glob: &str, path: &str) -> bool {
    let glob: Vec<&str> = parts(glob);
    let path: Vec<&str> = parts(path);
    // More folders than this is no glob of anybody; it bounds the work below.
    glob.len() <= 32 && path.len() <= 64 && parts_match(&glob, &path)
}

fn parts(path: &str) -> Vec<&str> {
    path.trim_start_matches("./")
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect()
}

/// Two rows of a table instead of recursion: linear in glob times path.
fn parts_match(glob: &[&str], path: &[&str]) -> bool {
    let mut reach = vec![false; path.len() + 1];
    reach[0] = true;
    for part in glob {
        let mut next = vec![false; path.len() + 1];
        if *part == "**" {
            let mut open = false;
            for (at, slot) in next.iter_mut().enumerate() {
                open |= reach[at];
                *slot = open;
            }
        } else {
            for at in 0..path.len() {
                next[at + 1] = reach[at] && part_matches(part, path[at]);
            }
        }
        reach = next;
    }
    reach[path.len()]
}

/// Steps back to the last star only, which is linear in pattern times name.
fn part_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut read) = (0, 0);
    let mut star = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((back, from)) = star else {
                    return false;
                };
                star = Some((back, from + 1));
                at = back + 1;
                read = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stay_within_a_name_and_double_ones_do_not() {
        for (glob, path, expected) in [
            ("a/*.yml", "a/b.yml", true),
            ("a/*.yml", "a/b/c.yml", false),
            ("a/**/*.yml", "a/b/c.yml", true),
            ("**", "a/b", true),
            ("**/a", "a", true),
            ("linux-*-x", "linux-4-core-x", true),
            ("linux-*-x", "linux-x", false),
            ("./a/", "a", true),
            ("v?.*", "v1.2", true),
            ("v?.*", "v.2", false),
            ("*a*b", "xaab", true),
            ("*ab", "ab-ab-", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
    }
}
