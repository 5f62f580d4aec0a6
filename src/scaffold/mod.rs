//! What was detected in a repository, written as a manifest that a person would have written.
