//! Messages with places, severities and remedies.
