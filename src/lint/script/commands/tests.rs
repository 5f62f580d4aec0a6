use super::*;

fn words(script: &str) -> Vec<String> {
    let commands = commands(script);
    commands
        .iter()
        .map(|command| command.words.join(" "))
        .collect()
}

#[test]
fn commands_are_told_apart() {
    assert_eq!(
        words("a b; c && d || e\nf & g"),
        ["a b", "c", "d", "e", "f", "g"]
    );
    assert_eq!(words("if ! a -x; then X=1 b; fi"), ["a -x", "b", "fi"]);
    assert_eq!(
        words("x=$(gh pr view \"$(git rev-parse)\")"),
        ["git rev-parse", "gh pr view \"$(git rev-parse)\""]
    );
    assert_eq!(
        words("echo 'a; b' \"c; d\" e\\;f # g; h"),
        ["echo 'a; b' \"c; d\" e\\;f"]
    );
    assert_eq!(words("a >out 2>&1 <in b"), ["a 2 b"]);
    assert_eq!(words("a \\\n  b"), ["a b"]);
    assert_eq!(words("(a; b) | c"), ["a", "b", "c"]);
    assert_eq!(
        words("echo ${{ a | b }} ${x:-a|b} $((1|2))"),
        ["echo ${{ a | b }} ${x:-a|b} $((1|2))"]
    );
}

#[test]
fn documents_and_patterns_are_no_commands() {
    assert_eq!(words("cat <<EOF\na | b\nEOF\nc"), ["cat", "c"]);
    assert_eq!(
        words("cat <<-'EOF' | d\n  a | b\n  EOF\nc"),
        ["cat", "d", "c"]
    );
    assert_eq!(
        words("case $x in\n  a|b) c ;;\n  *) d ;;\nesac\ne"),
        ["case $x in", "c", "d", "esac", "e"]
    );
    assert_eq!(words("[[ $x =~ (a|b) ]] && c"), ["[[ $x =~ a b ]]", "c"]);
}

#[test]
fn pipes_and_tests_are_told() {
    let tested = |script| {
        commands(script)
            .iter()
            .map(|one| one.is_tested)
            .collect::<Vec<_>>()
    };
    assert_eq!(tested("x=$(a | b)"), [false, false]);
    assert_eq!(tested("echo $(a | b)"), [true, true, false]);
    let found = commands("a | b || c; if d | e; then f; fi");
    let ends: Vec<_> = found
        .iter()
        .map(|one| (one.words[0], one.end, one.is_tested))
        .collect();
    assert_eq!(
        ends,
        [
            ("a", End::Pipe(2), false),
            ("b", End::Or, false),
            ("c", End::Other, false),
            ("d", End::Pipe(17), true),
            ("e", End::Other, true),
            ("f", End::Other, false),
            ("fi", End::Other, false),
        ]
    );
}

#[test]
fn broken_scripts_end() {
    for script in [
        "'",
        "\"$(",
        "$((",
        "${",
        "`",
        ")",
        ")))a",
        "<<",
        "<<E\n",
        "\\",
        "a\\é|",
        "((",
        "$(\"$(\"$(",
    ] {
        commands(script);
    }
    assert_eq!(words(") a"), ["a"]);
    commands(&"$(".repeat(10_000));
    commands(&"(".repeat(10_000));
}
