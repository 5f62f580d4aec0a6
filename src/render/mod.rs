//! Pipeline to text. The only user of the template engine; decides nothing.

/// A file that the repository should hold, text and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Relative to the repository's root, with `/` on every host.
    pub path: String,
    /// LF only, with a final newline.
    pub text: String,
    /// What the file is to GitHub and to us.
    pub kind: FileKind,
}

/// What a rendered file is to GitHub and to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workflow under `.github/workflows`.
    Workflow,
    /// The file of pins, which update bots edit.
    Pins,
    /// Anything else that the workflows need.
    Support {
        /// Whether it is run as a program.
        executable: bool,
    },
}
