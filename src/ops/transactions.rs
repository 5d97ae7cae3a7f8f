//! Writing transactions, tried again where they lost against another one.

/// Runs the block in a writing transaction, from the beginning again when it lost against another one. The block
/// yields a `Result` whose error is an [`OpError`](crate::ops::OpError); an error leaves nothing behind.
macro_rules! in_transaction {
    ($store:expr, |$tx:ident| $work:block) => {{
        let mut attempts_left = 20_u32;
        loop {
            let mut $tx = $store.begin_write().await?;
            let outcome: Result<_, $crate::ops::OpError> = async { $work }.await;
            let error = match outcome {
                Ok(value) => match $store.commit($tx).await {
                    Ok(()) => break Ok(value),
                    Err(error) => $crate::ops::OpError::from(error),
                },
                Err(error) => error,
            };
            attempts_left -= 1;
            if attempts_left == 0 || !error.is_transient() {
                break Err(error);
            }
            // Losers that start again at once would meet again; the more there are, the longer they have to spread.
            let longest = 4_u64 << (20 - attempts_left).min(7);
            let pause = u64::from(u16::from_le_bytes($store.sources.random())) % longest;
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        }
    }};
}

pub(crate) use in_transaction;
