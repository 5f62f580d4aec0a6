use super::Language::{JavaScript, PowerShell, Python};
use super::*;

fn fault(script: &str, language: Language) -> Option<String> {
    let fault = read(script, language).fault?;
    Some(format!("{} {}", fault.at.start, fault.message))
}

#[test]
fn what_is_whole_has_no_fault() {
    for (script, language) in [
        ("print('a)', \"b(\", '''c\n('\n''') # (", Python),
        ("x = f'{a[\"b\"]:{w}.2f} {{ ( }}' + rb'\\''", Python),
        ("f\"{x[\"a\"]}\" # new quotes", Python),
        ("f\"\"\"{\n(1)}\n\"\"\"", Python),
        ("d = {\n 'a': [1,\n 2]}\nif x: y", Python),
        (
            "Write-Host \"a `\" $(Get-Item \"b)\") (\" # it's",
            PowerShell,
        ),
        ("echo 'it''s' a#b ]\n<# ( #>", PowerShell),
        ("$a = @'\nit's (\n'@\n$b = @\"\n\"(\n\"@", PowerShell),
        ("foo `( bar", PowerShell),
        (
            "const a = `x ${b(`y ${c}`)} (`; // (\n/* ' */ d()",
            JavaScript,
        ),
        (
            "s.replace(/['\"(]/g, '') / 2; return /[/(]/.test(s)",
            JavaScript,
        ),
        ("if (a) /'(/.test(b)", JavaScript),
        ("a = b / c / d; e = [1] / 2", JavaScript),
        ("é('ü(') // ä", JavaScript),
    ] {
        assert_eq!(fault(script, language), None, "{script}");
        assert_eq!(read(script, language).text.len(), script.len());
    }
}

#[test]
fn what_is_open_or_closes_nothing_is_found() {
    for (script, language, expected) in [
        ("print('a'", Python, "5 this `(` is never closed"),
        ("a = [1, 2)", Python, "9 `)` stands where `]` is wanted"),
        (
            "print('a)\nb",
            Python,
            "6 the text that begins here has no end",
        ),
        ("x = '''a", Python, "4 the text that begins here has no end"),
        ("if (1) { a", PowerShell, "7 this `{` is never closed"),
        (
            "echo \"a",
            PowerShell,
            "5 the text that begins here has no end",
        ),
        ("a }", PowerShell, "2 `}` closes nothing"),
        (
            "@'\na",
            PowerShell,
            "0 the text that begins here has no end",
        ),
        ("<# a", PowerShell, "0 this comment has no end"),
        ("f({a: 1)", JavaScript, "7 `)` stands where `}` is wanted"),
        (
            "const a = `x ${b`",
            JavaScript,
            "16 the text that begins here has no end",
        ),
        ("/* a", JavaScript, "0 this comment has no end"),
    ] {
        let found = fault(script, language);
        assert_eq!(found.as_deref(), Some(expected), "{script}");
    }
}

#[test]
fn statements_begin_outside_of_texts_and_brackets() {
    let script = "a = (1,\n2)\nb = '''\nx\n'''\nc \\\n d\ne";
    let lines = read(script, Python).lines;
    let begun: Vec<_> = lines.iter().map(|at| &script[*at..=*at]).collect();
    assert_eq!(begun, ["a", "b", "c", "e"]);
    let text = read("f('é', `a ${b} c`)", JavaScript).text;
    assert_eq!(text, "f('   , '  ${b}'  )");
}
