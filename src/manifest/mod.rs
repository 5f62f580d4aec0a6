//! The manifest: text to a validated value, every problem reported at its place.

pub mod raw;

#[cfg(test)]
mod tests {
    #[test]
    fn show() {
        let s = schemars::schema_for!(super::raw::Raw);
        std::fs::write(
            "/tmp/schema.json",
            serde_json::to_string_pretty(&s).unwrap(),
        )
        .unwrap();
    }
}
