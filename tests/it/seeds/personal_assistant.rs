//! The second system: its acceptance statements on the generated workflows.
