//! The first system: its acceptance statements on the generated workflows.
