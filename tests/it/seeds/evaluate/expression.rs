//! Expressions, evaluated as GitHub does.
//!
//! A second reading on purpose: it shares nothing with the program. It knows what
//! generated conditions use and panics at the rest.

use serde_json::Value;

/// What an expression sees.
#[derive(Debug)]
pub(crate) struct Context {
    /// The contexts by their names.
    pub(crate) names: Value,
    pub(crate) success: bool,
    pub(crate) failure: bool,
    pub(crate) cancelled: bool,
}

/// Whether an `if:` lets its job or step run; `success()` stands before one that
/// asks for no status itself.
pub(crate) fn runs(condition: Option<&str>, context: &Context) -> bool {
    let code = inside(condition.unwrap_or("true"));
    let asks = ["success()", "failure()", "cancelled()", "always()"]
        .iter()
        .any(|call| code.contains(call));
    (asks || context.success) && truthy(&value(code, context))
}

/// A text with the values of its expressions.
pub(crate) fn text(written: &str, context: &Context) -> String {
    let mut parts = written.split("${{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part
            .split_once("}}")
            .expect("an expression without its end");
        text.push_str(&printed(&value(code, context)));
        text.push_str(rest);
    }
    text
}

fn inside(condition: &str) -> &str {
    let braced = condition
        .trim()
        .strip_prefix("${{")
        .and_then(|code| code.strip_suffix("}}"));
    braced.unwrap_or(condition).trim()
}

fn value(code: &str, context: &Context) -> Value {
    let mut parser = Parser {
        rest: code,
        context,
    };
    let value = parser.or();
    assert!(
        parser.rest.trim().is_empty(),
        "`{}` was not understood in `{code}`",
        parser.rest
    );
    value
}

struct Parser<'a> {
    rest: &'a str,
    context: &'a Context,
}

impl Parser<'_> {
    /// Takes a sign if it stands next.
    fn takes(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Value {
        let mut left = self.and();
        while self.takes("||") {
            let right = self.and();
            left = if truthy(&left) { left } else { right };
        }
        left
    }

    fn and(&mut self) -> Value {
        let mut left = self.equal();
        while self.takes("&&") {
            let right = self.equal();
            left = if truthy(&left) { right } else { left };
        }
        left
    }

    fn equal(&mut self) -> Value {
        let left = self.single();
        if self.takes("==") {
            return same(&left, &self.single()).into();
        }
        if self.takes("!=") {
            return (!same(&left, &self.single())).into();
        }
        left
    }

    fn single(&mut self) -> Value {
        if self.takes("!") {
            return (!truthy(&self.single())).into();
        }
        if self.takes("(") {
            let value = self.or();
            assert!(self.takes(")"), "a bracket is open before `{}`", self.rest);
            return value;
        }
        if self.takes("'") {
            return self.string().into();
        }
        let name = |c: char| c.is_ascii_alphanumeric() || "_-.*".contains(c);
        let end = self.rest.find(|c| !name(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if self.takes("(") {
            self.call(word)
        } else {
            self.name(word)
        }
    }

    /// The rest of a string; a doubled quote is one of its characters.
    fn string(&mut self) -> String {
        let mut text = String::new();
        loop {
            let (part, rest) = self
                .rest
                .split_once('\'')
                .expect("a string without its end");
            text.push_str(part);
            self.rest = rest;
            match self.rest.strip_prefix('\'') {
                Some(rest) => self.rest = rest,
                None => return text,
            }
            text.push('\'');
        }
    }

    fn call(&mut self, function: &str) -> Value {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.or());
            assert!(
                self.takes(",") || self.rest.starts_with(')'),
                "`{}` in a call",
                self.rest
            );
        }
        match (function, arguments.as_slice()) {
            ("success", []) => self.context.success.into(),
            ("failure", []) => self.context.failure.into(),
            ("cancelled", []) => self.context.cancelled.into(),
            ("always", []) => true.into(),
            ("contains", [Value::Array(all), one]) => all.iter().any(|item| same(item, one)).into(),
            // GitHub stops the job over text that is no JSON; a condition must not get that far.
            ("fromJSON", [Value::String(text)]) => serde_json::from_str(text).unwrap_or_default(),
            ("fromJSON", [Value::Null]) => Value::Null,
            ("contains", [Value::Null, _]) => false.into(),
            ("startsWith", [Value::String(text), Value::String(start)]) => {
                let text = text.to_ascii_lowercase();
                text.starts_with(&start.to_ascii_lowercase()).into()
            }
            ("format", [Value::String(form), values @ ..]) => {
                let numbered = values.iter().enumerate();
                let text = numbered.fold(form.clone(), |text, (at, value)| {
                    text.replace(&format!("{{{at}}}"), &printed(value))
                });
                text.into()
            }
            _ => panic!("`{function}` with {arguments:?} is not known here"),
        }
    }

    fn name(&self, path: &str) -> Value {
        match path {
            "true" => return true.into(),
            "false" => return false.into(),
            "null" => return Value::Null,
            _ => {}
        }
        let (root, members) = path.split_once('.').unwrap_or((path, ""));
        let known = self.context.names.get(root);
        let mut found = known
            .unwrap_or_else(|| panic!("the context `{root}` of `{path}` is not known here"))
            .clone();
        let mut each = false;
        for member in members.split('.').filter(|member| !member.is_empty()) {
            if member == "*" {
                let object = found.as_object().cloned().unwrap_or_default();
                found = object.into_iter().map(|(_, value)| value).collect();
                each = true;
            } else if each {
                let all = found.as_array().cloned().unwrap_or_default();
                found = all
                    .iter()
                    .filter_map(|item| item.get(member).cloned())
                    .collect();
            } else {
                found = found.get(member).cloned().unwrap_or_default();
            }
        }
        found
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Loose as GitHub has it: strings without case, values of two types as numbers.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.eq_ignore_ascii_case(right),
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Null, Value::Null) => true,
        _ => number(left) == number(right),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) if text.is_empty() => 0.0,
        Value::String(text) => text.parse().unwrap_or(f64::NAN),
        Value::Array(_) | Value::Object(_) => f64::NAN,
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn context(success: bool) -> Context {
        let names = json!({
            "inputs": {"flag": true, "word": ""},
            "needs": {"a-b": {"result": "success"}, "c": {"result": "skipped"}},
        });
        Context {
            names,
            success,
            failure: !success,
            cancelled: false,
        }
    }

    fn is(code: &str) -> bool {
        truthy(&value(code, &context(true)))
    }

    #[test]
    fn operators_bind_as_github_has_them() {
        assert!(is("true || true && false"));
        assert!(!is("(true || true) && false"));
        assert!(is("!false == true && 'it''s' != 'its'"));
        assert!(is("needs.a-b.result == 'SUCCESS'"));
        assert_eq!(text("<${{ inputs.word || 'x' }}>", &context(true)), "<x>");
    }

    #[test]
    fn values_of_two_types_are_compared_as_numbers() {
        assert!(!is("inputs.flag == 'true'"));
        assert!(is(
            "inputs.flag == '1' && inputs.word == null && inputs.missing == ''"
        ));
    }

    #[test]
    fn a_star_goes_through_all_members() {
        assert!(is("contains(needs.*.result, 'skipped')"));
        assert!(!is("contains(needs.*.result, 'failure')"));
    }

    #[test]
    fn a_condition_without_status_waits_for_success() {
        assert!(runs(Some("${{ inputs.flag }}"), &context(true)));
        assert!(!runs(Some("${{ inputs.flag }}"), &context(false)));
        assert!(runs(
            Some("${{ always() && inputs.flag }}"),
            &context(false)
        ));
        assert!(!runs(None, &context(false)));
    }

    #[test]
    #[should_panic(expected = "hashFiles")]
    fn what_is_not_known_is_no_guess() {
        is("hashFiles('**/*.lock') != ''");
    }
}
