//! The lock file and the pins file: texts to values and back.
