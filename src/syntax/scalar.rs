//! What a scalar's text means: the core schema of YAML 1.2.
//!
//! `on`, `yes`, `0777` as an octal number and dates belong to YAML 1.1 and are
//! strings or decimal numbers here, as they are to GitHub.

/// A scalar's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String,
}

/// Returns the value of a plain scalar, <https://yaml.org/spec/1.2.2/#103-core-schema>.
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        _ => {}
    }
    // Most scalars are words, and no word begins like a number.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Scalar::String;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => Scalar::Float(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
        _ => decimal(text, unsigned),
    }
}

fn radix(digits: &str, radix: u32) -> Scalar {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Scalar::String;
    }
    i64::from_str_radix(digits, radix).map_or_else(|_| large(digits, radix), Scalar::Integer)
}

/// Returns a number beyond `i64` as nearly as a float can hold it.
fn large(digits: &str, radix: u32) -> Scalar {
    let digits = digits.chars().filter_map(|digit| digit.to_digit(radix));
    Scalar::Float(digits.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit)))
}

fn decimal(text: &str, unsigned: &str) -> Scalar {
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(integer) = text.parse() {
            return Scalar::Integer(integer);
        }
    } else if !is_float(unsigned) {
        return Scalar::String;
    }
    text.parse().map_or(Scalar::String, Scalar::Float)
}

/// Says whether a text without sign is `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
fn is_float(text: &str) -> bool {
    let skip = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = text.len() - skip(text);
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.len() - skip(fraction);
        if whole == 0 && digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    } else if whole == 0 {
        return false;
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return rest.is_empty();
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !exponent.is_empty() && skip(exponent) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_core_schema() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Scalar::Null, "{text}");
        }
        for text in ["true", "True", "TRUE"] {
            assert_eq!(resolve(text), Scalar::Bool(true), "{text}");
        }
        for text in ["false", "False", "FALSE"] {
            assert_eq!(resolve(text), Scalar::Bool(false), "{text}");
        }
    }

    #[test]
    fn words_of_yaml_1_1_are_strings() {
        for text in [
            "on",
            "off",
            "yes",
            "no",
            "y",
            "n",
            "tRUE",
            "nULL",
            "0b11",
            "1_000",
            "2026-11-21",
            "12:30",
            "0o8",
            "0o",
            "0x",
            "0xg",
            "-0x1",
            "+",
            "-",
            ".",
            "..",
            "1e",
            "e1",
            ".e1",
            "1.2.3",
            "+-1",
            "- 1",
            "1 2",
            "infinity",
            "nan",
            "inf",
            "-.nan",
            "v1",
            "١",
        ] {
            assert_eq!(resolve(text), Scalar::String, "{text}");
        }
    }

    #[test]
    fn integers() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("0777", 777),
            ("0o17", 15),
            ("0xfF", 255),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(resolve(text), Scalar::Integer(value), "{text}");
        }
    }

    #[test]
    fn floats() {
        for (text, value) in [
            ("1.", 1.0),
            (".5", 0.5),
            ("-1.5e3", -1500.0),
            ("1E+2", 100.0),
            ("3.12", 3.12),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("0x8000000000000000", 9_223_372_036_854_775_808.0),
            ("-.inf", f64::NEG_INFINITY),
            ("+.INF", f64::INFINITY),
        ] {
            assert_eq!(resolve(text), Scalar::Float(value), "{text}");
        }
        assert!(matches!(resolve(".nan"), Scalar::Float(value) if value.is_nan()));
    }
}
