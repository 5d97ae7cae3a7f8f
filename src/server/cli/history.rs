//! `license-portal verify-history` and `accept-events`.

use std::path::Path;

use crate::{ops, server::cli::failure::Failure, store::Store};

/// Verifies the history, and prints its last checkpoint.
pub async fn verify(store: &Store, checkpoint: Option<&Path>) -> Result<(), Failure> {
    let kept = checkpoint.map(|path| {
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    });
    let found = ops::history::verification::verify(store, kept.transpose()?.as_deref()).await?;
    eprintln!(
        "{} events are sealed, {} wait to be sealed; {} checkpoints.",
        found.sealed, found.waiting, found.checkpoints
    );
    for fault in &found.faults {
        eprintln!("{fault}");
    }
    if found.count > 0 {
        return Err(format!(
            "the history is not what was recorded: {} faults, of which the first are listed",
            found.count
        )
        .into());
    }
    eprintln!("The history is what was recorded.");
    if let Some(newest) = found.newest {
        println!("{newest}");
    }
    Ok(())
}

/// Lists the events that are not sealed because of their time, or has them sealed.
pub async fn accept(store: &Store, yes: bool) -> Result<(), Failure> {
    if yes {
        let accepted = ops::history::chain::accept(store).await?;
        eprintln!("{accepted} events were sealed, and an event that says so.");
        return Ok(());
    }
    let refused = ops::history::chain::refused(store).await?;
    if refused.is_empty() {
        eprintln!("No event waits because of its time.");
        return Ok(());
    }
    for (id, columns) in &refused {
        let columns = columns.iter().filter(|(name, _)| *name != "id");
        let columns: Vec<String> = columns.map(|(name, value)| format!("{name}={value}")).collect();
        println!("{id}  {}", columns.join(" "));
    }
    eprintln!("These are the first, with times in milliseconds since 1970. Accept them all with --yes.");
    Ok(())
}
