//! Texts, spans and line numbers.
