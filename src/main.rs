//! The program `license-portal`: see `license-portal --help`.

#![recursion_limit = "512"]

use std::process::ExitCode;

use license_portal::{
    server::{
        cli::{Cli, run},
        config::Problems,
    },
    store::StoreError,
};

/// What is given cannot be used, as it is with a command line that cannot be read, and with a database of a younger version:
/// starting again would not help.
const UNUSABLE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::read()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("license-portal: {line}");
            }
            let younger = matches!(error.downcast_ref(), Some(StoreError::Younger(_)));
            if younger || error.is::<Problems>() {
                ExitCode::from(UNUSABLE)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}
