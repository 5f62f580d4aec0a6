//! GitHub's own Linux runners: what they run on.

const TABLE: &str = include_str!("data/runners.tsv");

/// A runner.
struct Runner {
    label: &'static str,
    system: &'static str,
    processor: &'static str,
}

fn all() -> impl Iterator<Item = Runner> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut columns = row.split('\t');
        Some(Runner {
            label: columns.next()?,
            system: columns.next()?,
            processor: columns.next()?,
        })
    })
}

/// The processor of a runner, as Docker calls it; nothing for labels that are not GitHub's.
pub fn processor(label: &str) -> Option<&'static str> {
    let known = all().find(|runner| runner.label == label);
    known.map(|runner| runner.processor)
}

/// The runner with the same system as this one and the given processor.
pub fn beside(label: &str, processor: &str) -> Option<&'static str> {
    let known = all().find(|runner| runner.label == label)?;
    if known.processor == processor {
        return Some(known.label);
    }
    let mut same = all().filter(|runner| runner.system == known.system);
    let other = same.find(|runner| runner.processor == processor);
    other.map(|runner| runner.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let rows: Vec<_> = rows.collect();
        assert!(rows.is_sorted());
        assert_eq!(all().count(), rows.len());
    }

    #[test]
    fn a_runner_is_found_by_its_processor() {
        assert_eq!(beside("ubuntu-24.04", "arm64"), Some("ubuntu-24.04-arm"));
        assert_eq!(beside("ubuntu-latest", "arm64"), Some("ubuntu-26.04-arm"));
        assert_eq!(beside("ubuntu-latest", "amd64"), Some("ubuntu-latest"));
        assert_eq!(beside("ubuntu-24.04-arm", "amd64"), Some("ubuntu-24.04"));
        assert_eq!(beside("ubuntu-24.04", "riscv64"), None);
        assert_eq!(beside("our-own", "amd64"), None);
        assert_eq!(processor("ubuntu-26.04-arm"), Some("arm64"));
        assert_eq!(processor("our-own"), None);
    }
}
