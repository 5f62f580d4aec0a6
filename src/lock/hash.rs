//! Fingerprints of texts, by which a file is known as ours and unchanged.

use std::fmt;

use sha2::{Digest, Sha256};

/// A SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Hashes bytes as they are.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Hashes a text with CRLF read as LF, so that a checkout on Windows is the same file.
    pub fn of_text(text: &[u8]) -> Self {
        if !text.contains(&b'\r') {
            return Self::of_bytes(text);
        }
        let mut digest = Sha256::new();
        let mut rest = text;
        while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
            digest.update(&rest[..at]);
            rest = &rest[at + 1..];
        }
        digest.update(rest);
        Self(digest.finalize().into())
    }

    /// Reads the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sha_256() {
        // The first example of FIPS 180-2, appendix B.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of_bytes(b"abc").to_string(), abc);
        assert_eq!(Hash::parse(abc), Some(Hash::of_bytes(b"abc")));
    }

    #[test]
    fn line_ends_do_not_count_in_texts() {
        assert_eq!(
            Hash::of_text(b"a\r\nb\r\n\r\n"),
            Hash::of_bytes(b"a\nb\n\n")
        );
        assert_ne!(Hash::of_text(b"a\rb"), Hash::of_text(b"a\nb"));
        assert_ne!(Hash::of_text(b"a\n"), Hash::of_text(b"a"));
    }

    #[test]
    fn only_its_own_form_is_read() {
        let good = Hash::of_bytes(b"").to_string();
        for bad in [
            "",
            "ba78",
            &good[1..],
            &good.to_uppercase(),
            &good.replace('e', "g"),
        ] {
            assert_eq!(Hash::parse(bad), None, "{bad}");
        }
    }
}
