//! The manifest: text to a validated value, every problem reported at its place.
