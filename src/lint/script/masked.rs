//! Scripts without expressions, for those who read shell.

/// Puts a word of the same length in the place of every `${{ }}`, so that all else stays where
/// it is. The word may be a name, a command, an argument or a part of one.
pub(in crate::lint) fn masked(script: &str) -> String {
    let mut text = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find("${{") {
        text.push_str(&rest[..start]);
        let length = closing(&rest[start..]);
        mask(&rest[start..start + length], &mut text);
        rest = &rest[start + length..];
    }
    text.push_str(rest);
    text
}

/// The length of an expression with its braces; all that there is where it does not end.
fn closing(text: &str) -> usize {
    let mut is_quoted = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(3) {
        match byte {
            b'\'' => is_quoted = !is_quoted,
            b'}' if !is_quoted && bytes.get(at + 1) == Some(&b'}') => return at + 2,
            _ => {}
        }
    }
    text.len()
}

/// A line that ends within an expression goes on behind a backslash.
fn mask(expression: &str, text: &mut String) {
    let mut lines = expression.split('\n').peekable();
    while let Some(line) = lines.next() {
        let count = line.chars().count();
        if lines.peek().is_some() {
            text.extend(std::iter::repeat_n('_', count.saturating_sub(1)));
            text.extend((count > 0).then_some('\\'));
            text.push('\n');
        } else {
            text.extend(std::iter::repeat_n('_', count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_stay() {
        assert_eq!(masked("a ${{ x }} b"), "a ________ b");
        assert_eq!(
            masked("${{ '}}' }}${{ä}}\n"),
            "_________________\n".replacen('_', "", 0)
        );
        assert_eq!(masked("a ${{ x\n && y }} b\nc"), "a ____\\\n________ b\nc");
        assert_eq!(masked("${x} ${{ open"), "${x} ________");
        let long = "é ${{ 'ü' }}|";
        assert_eq!(masked(long).chars().count(), long.chars().count());
    }
}
