//! Manifest to pipeline: which jobs, in which order, behind which gates. Knows no YAML and no template.
