//! Makes the published schema from the types, for the test that keeps it fresh.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::schema::{root, types, unmarked};
use crate::blocks::words;
use crate::manifest::raw::Raw;

/// Makes the published schema: what the types say, and what layers add to it.
fn publish() -> String {
    let generated = serde_json::to_value(schemars::schema_for!(Raw)).unwrap();
    let mut schema = generated.as_object().unwrap().clone();
    schema.insert("title".to_owned(), json!("cicd manifest"));
    let mut words = Map::new();
    let mut published = refine(Json::Object(schema), "#", &mut words);
    let definitions = published["$defs"].as_object_mut().unwrap();
    let types = std::mem::take(definitions);
    for (name, definition) in types {
        let at = format!("#/$defs/{name}");
        definitions.insert(name, refine(definition, &at, &mut words));
    }
    definitions.extend(words);
    definitions.sort_keys();
    serde_json::to_string_pretty(&published).unwrap() + "\n"
}

/// Refines a schema and those in it, the definitions apart.
fn refine(schema: Json, at: &str, words: &mut Map<String, Json>) -> Json {
    let Json::Object(mut schema) = schema else {
        return schema;
    };
    schema.remove("format");
    if let Some(Json::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    for name in ["anyOf", "oneOf"] {
        if let Some(Json::Array(forms)) = schema.get_mut(name) {
            let refined = forms.drain(..).map(|form| refine(form, at, words));
            let refined: Vec<_> = refined.flat_map(flatten).collect();
            *forms = refined;
        }
    }
    if let Some(items) = schema.remove("items") {
        schema.insert("items".to_owned(), refine(items, at, words));
    }
    refine_properties(&mut schema, at, words);
    refine_patterns(&mut schema, at, words);
    hoist(schema, words)
}

/// Lets optional keys go without a value, and gives those of lists a marked twin.
fn refine_properties(schema: &mut Map<String, Json>, at: &str, words: &mut Map<String, Json>) {
    let required = schema.get("required").cloned().unwrap_or_default();
    // Of a choice of one, nothing can be removed.
    let is_choice = schema.contains_key("minProperties");
    let is_required = |key: &str| {
        required
            .as_array()
            .is_some_and(|all| all.contains(&json!(key)))
    };
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        for (key, property) in std::mem::take(properties) {
            let property = without_null(refine(property, at, words));
            let is_list = is_list(&property);
            let property = if is_choice || is_required(&key) {
                property
            } else {
                or_null(property)
            };
            properties.insert(key.clone(), property);
            if is_list && !(at == "#" && key == "extends") {
                properties.insert(
                    format!("{key}+"),
                    json!({
                        "description": format!("More for `{key}` than the manifests below say."),
                        "$ref": format!("{at}/properties/{key}"),
                    }),
                );
            }
        }
    }
}

/// The same for the names that users choose.
fn refine_patterns(schema: &mut Map<String, Json>, at: &str, words: &mut Map<String, Json>) {
    if let Some(Json::Object(patterns)) = schema.get_mut("patternProperties") {
        for (pattern, value) in std::mem::take(patterns) {
            let value = or_null(without_null(refine(value, at, words)));
            if is_list(&value) {
                let marked = pattern.replace('$', r"\+$");
                patterns.insert(marked, value.clone());
            }
            patterns.insert(pattern, value);
        }
    }
}

/// Moves a word's rule into a definition, so that it is written once.
fn hoist(mut schema: Map<String, Json>, words: &mut Map<String, Json>) -> Json {
    if !schema.contains_key("pattern") {
        return Json::Object(schema);
    }
    let title = schema["title"].as_str().unwrap().to_owned();
    let kind = words::kind(schema["pattern"].as_str().unwrap()).unwrap();
    let usual = json!(kind.examples);
    let mut own = Map::new();
    own.extend(
        schema
            .remove("description")
            .map(|text| ("description".to_owned(), text)),
    );
    let examples = schema.insert("examples".to_owned(), usual.clone());
    own.extend(
        examples
            .filter(|own| *own != usual)
            .map(|own| ("examples".to_owned(), own)),
    );
    let nullable = schema["type"]
        .as_array()
        .is_some_and(|types| types.contains(&json!("null")));
    let name = title.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    own.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")));
    words.insert(name, without_null(Json::Object(schema)));
    let reference = Json::Object(own);
    if nullable {
        or_null(reference)
    } else {
        reference
    }
}

fn flatten(form: Json) -> Vec<Json> {
    match form.get("anyOf") {
        Some(Json::Array(forms)) => forms.clone(),
        _ => vec![form],
    }
}

fn without_null(mut schema: Json) -> Json {
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(Json::Array(forms)) = schema.get_mut("anyOf") {
        forms.retain(|form| *form != json!({"type": "null"}));
        if let [Json::Object(only)] = forms.as_slice() {
            let only = only.clone();
            let outer = schema.as_object_mut().unwrap();
            outer.remove("anyOf");
            outer.extend(only);
        }
    }
    schema
}

/// A key without a value removes what the manifests below say.
fn or_null(mut schema: Json) -> Json {
    let nothing = json!({"type": "null"});
    if schema.is_boolean() {
        return schema;
    }
    if let Some(Json::Array(forms)) = schema.get_mut("anyOf") {
        forms.push(nothing);
        return schema;
    }
    match schema.get("type").cloned() {
        Some(Json::Array(mut types)) => {
            types.push(json!("null"));
            schema["type"] = Json::Array(types);
        }
        Some(name) if schema.get("enum").is_none() => schema["type"] = json!([name, "null"]),
        _ => {
            let mut either = Map::new();
            for name in ["description", "examples"] {
                let own = schema.as_object_mut().unwrap().remove(name);
                either.extend(own.map(|own| (name.to_owned(), own)));
            }
            either.insert("anyOf".to_owned(), json!([schema, nothing]));
            return Json::Object(either);
        }
    }
    schema
}

fn is_list(schema: &Json) -> bool {
    let is_array = |schema: &Json| types(schema).contains(&"array");
    let forms = schema.get("anyOf").and_then(Json::as_array);
    is_array(schema) || forms.into_iter().flatten().any(is_array)
}

#[test]
fn the_published_schema_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/manifest.schema.json");
    let fresh = publish();
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(&file).unwrap();
    assert!(
        published == fresh,
        "schemas/manifest.schema.json is stale: run `UPDATE_SCHEMAS=1 cargo test --lib schema`"
    );
}

#[test]
fn the_page_of_the_schema_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/manifest.md");
    let fresh = super::reference::page(&serde_json::from_str(&publish()).unwrap());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        published == fresh,
        "docs/manifest.md is stale: run `UPDATE_SCHEMAS=1 cargo test --lib schema`"
    );
}

/// The walk in `check` would pass over a keyword that it does not know.
#[test]
fn the_schema_has_no_keyword_that_the_check_does_not_know() {
    const KNOWN: &[&str] = &[
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "default",
        "examples",
        "type",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "pattern",
        "minimum",
        "maximum",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "patternProperties",
        "additionalProperties",
        "required",
        "minProperties",
        "maxProperties",
    ];
    fn walk(schema: &Json) {
        let Json::Object(keywords) = schema else {
            return;
        };
        for (keyword, value) in keywords {
            assert!(
                KNOWN.contains(&keyword.as_str()),
                "teach `check` the keyword {keyword}"
            );
            match keyword.as_str() {
                "$defs" | "properties" | "patternProperties" => {
                    value.as_object().unwrap().values().for_each(walk);
                }
                "anyOf" | "oneOf" => value.as_array().unwrap().iter().for_each(walk),
                "items" | "additionalProperties" => walk(value),
                _ => {}
            }
            let patterns = keywords.get("patternProperties").and_then(Json::as_object);
            let keys = patterns.into_iter().flat_map(Map::keys).map(String::as_str);
            for pattern in keys.chain(keywords.get("pattern").and_then(Json::as_str)) {
                let plain = unmarked(pattern);
                let pattern = plain.as_deref().unwrap_or(pattern);
                assert!(
                    words::kind(pattern).is_some(),
                    "no kind of word has {pattern}"
                );
            }
            if let Some(constants) = keywords.get("oneOf").and_then(Json::as_array) {
                let text = |one: &Json| one["const"].is_string();
                assert!(constants.iter().all(text), "`check` reads `oneOf` as words");
            }
        }
    }
    walk(root());
}
