//! The program `license-client`: licences for machines, with a credential file and nothing else (S11, N9). See
//! `license-client --help`.
//!
//! - `cli`: the command line, and what each command prints
//! - `run`: a program with a lease around it; `keeper` holds the lease, `signals` passes on what comes in
//! - `portal`: the REST protocol; `licenses`: the signed licences in it; `credential`: the file;
//!   `certificates`: whom TLS trusts
//! - `machine`: clock, randomness, names; `failure`: words and exit codes

mod certificates;
mod cli;
mod credential;
mod failure;
mod keeper;
mod licenses;
mod machine;
mod portal;
mod run;
mod signals;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::main() {
        Ok(code) => code.into(),
        Err(failure) => {
            eprintln!("license-client: {failure}");
            (failure.exit as u8).into()
        }
    }
}
