//! `license-portal instance-license`: what the vendor of the portal does to issue licences for instances.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use domain::instance::{Contact, InstanceLicense};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    ops::instance::{Claims, signed},
    server::cli::failure::Failure,
    store::sources::Sources,
};

/// What can be done with licence files, without a database.
#[derive(Debug, Subcommand)]
pub enum LicenseCommand {
    /// Make a vendor's key pair: the private half goes into a new file, the public one to standard output
    Key {
        /// The new file
        file: PathBuf,
    },
    /// Issue a licence, to standard output
    Issue(Box<Issue>),
    /// Show what stands in a licence file, and with --vendor-key whether its signature is right
    Inspect {
        /// The file; - for standard input
        file: PathBuf,
    },
}

/// What is licensed.
#[derive(Debug, clap::Args)]
pub struct Issue {
    /// File with the vendor's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Id of the instance, as its licence administration shows it
    #[arg(long, value_name = "ID")]
    instance: String,
    /// Customer ID
    #[arg(long, value_name = "ID")]
    customer: String,
    /// Instance number
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// Maximum number of active users
    #[arg(long, value_name = "N")]
    seats: u32,
    /// Usage variant
    #[arg(long, value_name = "NAME")]
    variant: String,
    /// Special function of the variant; may be given several times
    #[arg(long = "function", value_name = "NAME")]
    functions: Vec<String>,
    /// Company of the customer
    #[arg(long, value_name = "NAME")]
    company: String,
    /// Main contact person
    #[arg(long, value_name = "NAME", default_value = "")]
    contact: String,
    /// Their mail address
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    email: String,
    /// Their telephone number
    #[arg(long, value_name = "NUMBER", default_value = "")]
    phone: String,
    /// Last day on which it can be used (UTC) [default: it does not expire]
    #[arg(long, value_name = "YYYY-MM-DD")]
    last_day: Option<Date>,
}

/// Runs the command.
///
/// # Errors
/// Whatever stopped it, in words for the vendor.
pub fn run(
    command: LicenseCommand,
    vendor: Option<&ed25519_dalek::VerifyingKey>,
    sources: &Sources,
) -> Result<(), Failure> {
    match command {
        LicenseCommand::Key { file } => {
            let secret = sources.random::<32>();
            let key = ed25519_dalek::SigningKey::from_bytes(&secret);
            write_secret(&file, &signed::key_text(&secret))
                .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
            println!("{}", signed::key_text(key.verifying_key().as_bytes()));
            eprintln!("The private key is in {}: keep it secret.", file.display());
            Ok(())
        }
        LicenseCommand::Issue(issue) => {
            let key = signed::private_key(&read(&issue.key)?)?;
            println!(
                "{}",
                signed::sign(&Claims::from(issue.license(sources.now())?), &key)?
            );
            Ok(())
        }
        LicenseCommand::Inspect { file } => inspect(&read(&file)?, vendor),
    }
}

impl Issue {
    fn license(self, now: Timestamp) -> Result<InstanceLicense, Failure> {
        let end = |day: Date| -> Result<Timestamp, Failure> {
            Ok(day.tomorrow()?.to_zoned(TimeZone::UTC)?.timestamp())
        };
        Ok(InstanceLicense {
            customer: self.customer,
            number: self.number,
            aud: self.instance,
            seats: self.seats,
            variant: self.variant,
            functions: self.functions,
            contact: Contact {
                company: self.company,
                name: self.contact,
                email: self.email,
                phone: self.phone,
            },
            issued_at: now,
            expires_at: self.last_day.map(end).transpose()?,
        })
    }
}

fn inspect(text: &str, vendor: Option<&ed25519_dalek::VerifyingKey>) -> Result<(), Failure> {
    if let Some(key) = vendor {
        let license: Claims = signed::verify(text, key)?;
        println!("{}", serde_json::to_string_pretty(&license)?);
        eprintln!("The signature is the maker's.");
        return Ok(());
    }
    let license: Claims = signed::read_unverified(text)?;
    println!("{}", serde_json::to_string_pretty(&license)?);
    eprintln!("The signature was not checked: give the maker's public key with --maker-key.");
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    let read = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    Ok(read.map_err(|error| format!("cannot read {}: {error}", path.display()))?)
}

/// A file that nobody else can read, and that does not replace another.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{text}")
}
