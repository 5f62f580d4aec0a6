//! What each subcommand does: the only code that touches files, terminal, clock or network.
