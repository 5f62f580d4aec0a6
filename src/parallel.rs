//! One function over many values on several threads.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fewer values are not worth a thread.
const FEW: usize = 8;

/// Returns what the function gives for each value, in the order of the values, on all cores.
pub fn map<'v, T: Sync, R: Send>(values: &'v [T], each: impl Fn(&'v T) -> R + Sync) -> Vec<R> {
    let threads = if values.len() < FEW { 1 } else { *CORES };
    map_on(threads, values, each)
}

/// To ask for it costs more than many a piece of work: it opens files.
static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// The same on so many threads at most, for a function that waits rather than works.
pub fn map_on<'v, T: Sync, R: Send>(
    threads: usize,
    values: &'v [T],
    each: impl Fn(&'v T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(values.len());
    if threads < 2 {
        return values.iter().map(each).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(value) = values.get(at) else {
                return done;
            };
            done.push((at, each(value)));
        }
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_order_is_that_of_the_values() {
        let values: Vec<u32> = (0..1000).collect();
        let doubled = super::map(&values, |value| value * 2);
        assert!(
            doubled
                .iter()
                .zip(&values)
                .all(|(two, one)| *two == one * 2)
        );
        assert_eq!(doubled.len(), 1000);
        assert_eq!(super::map_on(8, &[3, 1, 2], |value| value + 1), [4, 2, 3]);
    }
}
