//! One function over many values on several threads.

use std::cmp::Reverse;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Fewer values are not worth a thread.
const FEW: usize = 8;

/// Returns what the function gives for each value, in the order of the values, on all cores.
///
/// A function that comes here itself finds the cores taken until there are no values left
/// for others, and does not start more threads than that.
pub fn map<'v, T: Sync, R: Send>(values: &'v [T], each: impl Fn(&'v T) -> R + Sync) -> Vec<R> {
    if values.len() < FEW {
        return values.iter().map(each).collect();
    }
    let mut cores = Core::all_free();
    cores.truncate(values.len() - 1);
    run(cores, values, each)
}

/// Fewer bytes are not worth a thread.
const WORTH: usize = 64 * 1024;

/// The same for values of different sizes in bytes. The largest come first, so that at the end
/// no thread is alone with one.
pub fn map_by_size<'v, T: Sync, R: Send>(
    values: &'v [T],
    size: impl Fn(&'v T) -> usize,
    each: impl Fn(&'v T) -> R + Sync,
) -> Vec<R> {
    let sizes: Vec<_> = values.iter().map(size).collect();
    if values.len() < 2 || sizes.iter().sum::<usize>() < WORTH {
        return values.iter().map(each).collect();
    }
    let order = largest_first(&sizes);
    let mut cores = Core::all_free();
    cores.truncate(values.len() - 1);
    let done = run(cores, &order, |at| each(&values[*at]));
    in_order(order.into_iter().zip(done).collect())
}

/// The places of sizes, that of the largest first.
fn largest_first(sizes: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|at| Reverse(sizes[*at]));
    order
}

/// To ask for it costs more than many a piece of work: it opens files.
static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// How many threads of [`map`] work beside those that called it.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// A core for a thread beside the caller's; it is free again when this is dropped.
struct Core;

impl Core {
    /// Takes those on which no thread of ours works.
    fn all_free() -> Vec<Self> {
        let others = *CORES - 1;
        let busy = BUSY.swap(others, Ordering::Relaxed);
        (busy..others).map(|_| Self).collect()
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The same on so many threads at most, for a function that waits rather than works.
pub fn map_on<'v, T: Sync, R: Send>(
    threads: usize,
    values: &'v [T],
    each: impl Fn(&'v T) -> R + Sync,
) -> Vec<R> {
    let others = threads.min(values.len()).saturating_sub(1);
    run(vec![(); others], values, each)
}

/// Starts a thread for each of `held`, which keeps it to its end.
fn run<'v, T: Sync, R: Send, H: Send>(
    held: Vec<H>,
    values: &'v [T],
    each: impl Fn(&'v T) -> R + Sync,
) -> Vec<R> {
    if held.is_empty() {
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
    let work = &work;
    let all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let start = |held: H| {
            scope.spawn(move || {
                let done = work();
                drop(held);
                done
            })
        };
        let others: Vec<_> = held.into_iter().map(start).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    in_order(all)
}

fn in_order<R>(mut all: Vec<(usize, R)>) -> Vec<R> {
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
    #[test]
    fn the_largest_come_first_and_the_order_stays() {
        let sizes = [1_usize, 70_000, 0, 500, 70_000, 3];
        assert_eq!(super::largest_first(&sizes), [1, 4, 3, 5, 0, 2]);
        let doubled = super::map_by_size(&sizes, |size| *size, |size| size * 2);
        assert_eq!(doubled, sizes.map(|size| size * 2));
        assert_eq!(
            super::map_by_size(&sizes[..1], |size| *size, |size| *size),
            [1]
        );
    }

    #[test]
    fn what_is_done_for_a_value_may_be_done_for_many() {
        let lists: Vec<Vec<u32>> = (0..20).map(|of| (of..of + 20).collect()).collect();
        let sums = super::map(&lists, |list| {
            let doubled = super::map(list, |value| value * 2);
            doubled.iter().sum::<u32>()
        });
        let expected = (0..20).map(|of| (of..of + 20).map(|value| value * 2).sum::<u32>());
        assert!(sums.into_iter().eq(expected));
    }
}
