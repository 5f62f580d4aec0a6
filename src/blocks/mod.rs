//! Building blocks: what each language, scanner, target, migration, approval and notification contributes.
