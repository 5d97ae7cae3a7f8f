//! The program `license-portal`: see `license-portal --help`.

#![recursion_limit = "512"]

use std::process::ExitCode;

use clap::Parser;
use license_portal::server::cli::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("license-portal: {error}");
            ExitCode::FAILURE
        }
    }
}
