//! Divides work among threads, with results in the order of the items.

/// Splits `items` into at most `workers` chunks of equal size and runs each on its own thread.
///
/// # Panics
/// With the panic of the first chunk that panicked.
pub(super) fn in_shares<T: Sync, R: Send>(
    items: &[T],
    workers: usize,
    run: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    let share = items.len().div_ceil(workers).max(1);
    let run = &run;
    std::thread::scope(|scope| {
        let threads: Vec<_> = items
            .chunks(share)
            .enumerate()
            .map(|(number, items)| scope.spawn(move || run(number, items)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::in_shares;

    #[test]
    fn the_results_come_in_the_order_of_the_items() {
        let shares = in_shares(&[1, 2, 3, 4, 5], 2, |number, items| {
            (number, items.to_vec())
        });

        assert_eq!(shares, [(0, vec![1, 2, 3]), (1, vec![4, 5])]);
        assert!(in_shares(&[], 2, |_, items: &[u8]| items.len()).is_empty());
    }
}
