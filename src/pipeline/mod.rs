//! The planned workflows as plain data. Knows neither manifest nor YAML.
