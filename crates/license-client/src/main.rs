//! The program `license-client`: licences for machines, with a credential file and nothing else (S11, N9). See
//! `license-client --help`.
//!
//! - `cli`: the command line, and what each command prints; `verify` and `offline` are commands of their own
//! - `run`: a program with a licence around it; `keeper` holds the lease, `signals` passes on what comes in
//! - `device`: the state of a machine without a network; `place`: its file
//! - `portal`: the REST protocol; `licenses`: the signed licences in it; `credential`: the file;
//!   `certificates`: whom TLS trusts
//! - `machine`: clock, randomness, names; `show`: tables and QR codes; `failure`: words and exit codes

mod certificates;
mod cli;
mod credential;
mod device;
mod failure;
mod keeper;
mod licenses;
mod machine;
mod offline;
mod place;
mod portal;
mod run;
mod show;
mod signals;
mod verify;

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
