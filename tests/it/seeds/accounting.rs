//! Every requirement of a system with the step that fulfils it.
