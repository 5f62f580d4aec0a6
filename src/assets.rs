//! Embedded files: templates, presets, schemas.
