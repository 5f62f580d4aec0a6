//! Readers of the file formats that say what a repository is.
//!
//! Text in, values out. A text that cannot be read is as good as absent: a
//! template or a broken file must not stop the detection.

mod data;
mod dockerfile;
mod lines;

pub(super) use data::{json, strings, text_at, toml, value_at, yaml};
pub(super) use dockerfile::{Dockerfile, Image, parse as dockerfile};
pub(super) use lines::{assignment, between, first_number, first_version, xml_text, xml_texts};
