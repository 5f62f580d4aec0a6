//! Command-line words: the only user of clap. Opens no file.
