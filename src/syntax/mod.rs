//! YAML text to a tree with spans. The only user of the YAML parser.
