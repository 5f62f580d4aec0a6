//! Rendered files against the texts found on disk and the lock: what changed, and whose it is.
