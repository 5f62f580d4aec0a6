//! The matrix of a job: one dimension of versions, or values that are always the same.

use serde_json::Value;

use super::text;
use crate::expression;

/// The name that a planned job gives the dimension.
const PLANNED: &str = "matrix.version";

/// The dimensions of a matrix, none where a job has no matrix.
#[derive(Debug, Default)]
pub(super) struct Matrix {
    dimensions: Vec<(String, Vec<String>)>,
}

impl Matrix {
    pub(super) fn read(strategy: Option<&Value>) -> Result<Self, String> {
        let mut matrix = Self::default();
        let keys = strategy.and_then(Value::as_object);
        let all = keys.and_then(|keys| keys.get("matrix"));
        let Some(all) = all else {
            return Ok(matrix);
        };
        for (name, values) in all.as_object().ok_or("a matrix that is computed")? {
            if ["include", "exclude"].contains(&name.as_str()) {
                return Err(format!("`strategy.matrix.{name}`"));
            }
            let values = values
                .as_array()
                .and_then(|values| values.iter().map(text).collect());
            let values: Vec<String> = values.ok_or_else(|| format!("`strategy.matrix.{name}`"))?;
            matrix.dimensions.push((name.clone(), values));
        }
        let many = matrix
            .dimensions
            .iter()
            .filter(|(_, values)| values.len() != 1);
        match many.map(|(name, _)| name).collect::<Vec<_>>().as_slice() {
            [] | [_] => Ok(matrix),
            [_, second, ..] => Err(format!("`strategy.matrix.{second}`")),
        }
    }

    /// The values of a text that is plain, or one dimension of the matrix.
    pub(super) fn values(&self, value: &str) -> Result<Vec<String>, String> {
        if !expression::is_in(value) {
            return Ok(vec![value.to_owned()]);
        }
        let named = self
            .dimensions
            .iter()
            .find(|(name, _)| is_just(value, name));
        named
            .map(|(_, values)| values.clone())
            .ok_or_else(|| format!("`{value}`"))
    }

    /// The dimension with several values, if these are others.
    pub(super) fn unused(&self, versions: &[String]) -> Option<&str> {
        let mut many = self
            .dimensions
            .iter()
            .filter(|(_, values)| values.len() > 1);
        many.find(|(_, values)| values != versions)
            .map(|(name, _)| name.as_str())
    }

    /// A value in which dimensions with one value stand for that; any other expression stands in
    /// the way.
    pub(super) fn resolved(&self, value: &Value) -> Result<Value, String> {
        let Some(text) = value.as_str().filter(|text| expression::is_in(text)) else {
            let plain = !expression::is_in(&value.to_string());
            return if plain {
                Ok(value.clone())
            } else {
                Err("`runs-on`".to_owned())
            };
        };
        match self.values(text)?.as_slice() {
            [one] => Ok(Value::from(one.as_str())),
            _ => {
                let named = self.dimensions.iter().find(|(name, _)| is_just(text, name));
                Err(named.map_or_else(
                    || format!("`{text}`"),
                    |(name, _)| format!("`strategy.matrix.{name}`"),
                ))
            }
        }
    }

    /// A value that names the dimension as a planned job does.
    pub(super) fn renamed(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => Value::from(self.renamed_in(text)?),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.renamed(item));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.renamed(value)?)));
                Value::Object(entries.collect::<Result<_, String>>()?)
            }
            other => other.clone(),
        })
    }

    fn renamed_in(&self, text: &str) -> Result<String, String> {
        let mut rest = text;
        let mut all = String::with_capacity(text.len());
        while let Some(at) = rest.find("matrix.") {
            all.push_str(&rest[..at]);
            let name = &rest[at + "matrix.".len()..];
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            let end = name.find(|c| !is_word(c)).unwrap_or(name.len());
            let (name, behind) = name.split_at(end);
            match self.dimensions.iter().find(|(known, _)| known == name) {
                Some((_, values)) if values.len() > 1 => all.push_str(PLANNED),
                Some(_) | None => return Err(format!("`matrix.{name}`")),
            }
            rest = behind;
        }
        all.push_str(rest);
        Ok(all)
    }
}

/// Whether a text is an expression of nothing but a dimension.
fn is_just(text: &str, name: &str) -> bool {
    let inner = text
        .trim()
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"));
    inner.and_then(|inner| inner.trim().strip_prefix("matrix.")) == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matrix(strategy: Value) -> Result<Matrix, String> {
        Matrix::read(Some(&strategy))
    }

    #[test]
    fn one_dimension_may_have_several_values() {
        let one = matrix(
            json!({"fail-fast": false, "matrix": {"os": ["ubuntu-latest"], "node": [20, 22]}}),
        )
        .unwrap();
        assert_eq!(one.values("${{ matrix.node }}").unwrap(), ["20", "22"]);
        assert_eq!(
            one.resolved(&json!("${{matrix.os}}")).unwrap(),
            "ubuntu-latest"
        );
        assert_eq!(
            one.resolved(&json!("${{ matrix.node }}")).unwrap_err(),
            "`strategy.matrix.node`"
        );
        assert_eq!(
            one.renamed(&json!(["on ${{ matrix.node }}!"])).unwrap(),
            json!(["on ${{ matrix.version }}!"])
        );
        assert_eq!(
            one.renamed(&json!("${{ matrix.os }}")).unwrap_err(),
            "`matrix.os`"
        );
    }

    #[test]
    fn other_matrices_stand_in_the_way() {
        for (strategy, named) in [
            (
                json!({"matrix": {"os": ["a", "b"], "node": [1, 2]}}),
                "`strategy.matrix.node`",
            ),
            (
                json!({"matrix": {"include": [{"a": 1}]}}),
                "`strategy.matrix.include`",
            ),
            (
                json!({"matrix": "${{ fromJSON(x) }}"}),
                "a matrix that is computed",
            ),
            (
                json!({"matrix": {"node": "${{ x }}"}}),
                "`strategy.matrix.node`",
            ),
        ] {
            assert_eq!(matrix(strategy).unwrap_err(), named);
        }
    }
}
