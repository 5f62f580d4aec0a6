//! From bytes to a source, or to a diagnostic that shows where they go wrong.

use crate::diagnostics::Diagnostic;
use crate::source::{Location, Source, SourceError, SourceId, Sources, Span};

/// Adds the bytes of a file under `name`, or says why they cannot be read.
///
/// A refused file is added too, cut off where it stops being readable, so that
/// the diagnostic has a place. That text is for showing only: it has no id that
/// a caller could go on with.
pub fn load(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
) -> Result<SourceId, Box<Diagnostic>> {
    let read = Source::from_bytes(name, bytes);
    let read = read.map(|source| sources.add(source));
    read.map_err(|refused| Box::new(refuse(sources, name, refused)))
}

/// Says why the bytes of the file `name` are no text, as [`load`] does.
pub fn refuse(sources: &mut Sources, name: &str, refused: SourceError) -> Diagnostic {
    match refused {
        SourceError::TooLarge { limit, .. } => {
            let message = format!("the file has more than the {limit} bytes that are read");
            let diagnostic = Diagnostic::error("file-too-large", message)
                .help("check that this is the right file, or split it");
            show(sources, name, "", 0, diagnostic)
        }
        SourceError::NotUtf8 { before, byte, .. } => {
            let message = format!("the byte 0x{byte:02x} is not UTF-8");
            let diagnostic = Diagnostic::error("not-utf8", message)
                .note("YAML files on GitHub are UTF-8; other encodings garble every letter beyond ASCII")
                .help("save the file with the encoding UTF-8");
            let shown = format!("{before}\u{fffd}");
            show(sources, name, &shown, before.len(), diagnostic)
        }
    }
}

/// Places a diagnostic at an offset of a text that is added only for showing.
fn show(
    sources: &mut Sources,
    name: &str,
    text: &str,
    offset: usize,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let Ok(source) = Source::new(name, text) else {
        return diagnostic;
    };
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let start = u32::try_from(offset).unwrap_or(end);
    diagnostic.at(Location::new(sources.add(source), Span::new(start, end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MAX_BYTES;

    #[test]
    fn a_bad_byte_is_shown_at_its_line_and_column() {
        let mut sources = Sources::new();
        let refused = load(
            &mut sources,
            "cicd.yml",
            b"name: \xc3\xa9\n \xffrest".to_vec(),
        )
        .unwrap_err();
        assert_eq!(refused.code, "not-utf8");
        assert_eq!(refused.message, "the byte 0xff is not UTF-8");
        assert_eq!(sources.describe(refused.primary.unwrap()), "cicd.yml:2:2");
    }

    #[test]
    fn a_bad_byte_at_the_very_limit_is_still_refused_as_one() {
        let mut bytes = vec![b'a'; MAX_BYTES];
        bytes[MAX_BYTES - 1] = 0xff;
        let mut sources = Sources::new();
        let refused = load(&mut sources, "big.yml", bytes).unwrap_err();
        assert_eq!(refused.code, "not-utf8");
    }

    #[test]
    fn a_large_file_is_refused_under_its_name() {
        let mut sources = Sources::new();
        let refused = load(&mut sources, "big.yml", vec![b'#'; MAX_BYTES + 1]).unwrap_err();
        assert_eq!(refused.code, "file-too-large");
        assert_eq!(sources.describe(refused.primary.unwrap()), "big.yml:1:1");
    }

    #[test]
    fn good_bytes_can_be_parsed() {
        let mut sources = Sources::new();
        let id = load(&mut sources, "cicd.yml", b"\xef\xbb\xbfa: 1".to_vec()).unwrap();
        assert_eq!(sources.get(id).unwrap().text(), "\u{feff}a: 1");
    }
}
