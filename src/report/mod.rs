//! Diagnostics and changes, written out as text or JSON.
