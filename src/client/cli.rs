//! The command line, and what each command prints.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use license_portal::jose::JwkSet;
use serde_json::Value;

use crate::{
    credential::{Credential, read_file},
    failure::{EXIT_CODES, Exit, Failure, clean},
    licenses,
    machine::{fingerprint, host, now, print, tell},
    portal::{Portal, Problem, Refusal},
    run::{self, Run},
};

/// Licences for machines: what a credential file of a license portal gives, without anybody logging in
///
/// The credential file comes from the portal: a group admin issues it for a cloud container and downloads it once. It
/// contains a private key, which this program never shows or sends. `SSL_CERT_FILE` names other certificates to trust
/// than the system's; `HTTPS_PROXY` and `NO_PROXY` are heeded.
#[derive(Debug, Parser)]
#[command(name = "license-client", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    /// Credential file [default: the content of LICENSE_CREDENTIAL_JSON]
    #[arg(
        long,
        env = "LICENSE_CREDENTIAL",
        value_name = "FILE",
        global = true,
        hide_env_values = true
    )]
    credential: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check credential, portal and container, one line each
    Status,
    /// List the licences of the container
    Licenses {
        /// As the portal gives them, in JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a program while holding a lease of a floating licence
    ///
    /// The lease is checked before the program starts, renewed while it runs and given back when it has ended. While
    /// the portal is away, the program goes on until the lease ends by itself; once it is lost, --on-loss decides.
    /// Signals are passed on.
    ///
    /// The program finds the signed licence in LICENSE_TOKEN and its article number in LICENSE_PRODUCT; it does not get
    /// LICENSE_CREDENTIAL_JSON.
    #[command(after_help = EXIT_CODES)]
    Run(Run),
    /// Verify a licence file, offline, and show what it says
    ///
    /// The keys are those of the credential, unless --keys names others.
    Verify {
        /// The licence file; - for standard input
        file: PathBuf,
        /// The portal's public keys: its /.well-known/jwks.json as a file, or any credential file of that portal
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// Also require that it is bound to the machine with this fingerprint
        #[arg(long, value_name = "TEXT")]
        fingerprint: Option<String>,
    },
    /// Bind a licence to this machine; again on the same machine gives the same licence, freshly signed
    ///
    /// The machine is told by a digest of its /etc/machine-id, unless --fingerprint gives something else.
    Activate {
        /// Article number of the product, or id of a licence
        product: String,
        /// What tells this machine from others, and stays the same
        #[arg(long, value_name = "TEXT")]
        fingerprint: Option<String>,
        /// Where the licence file goes [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take a licence away from a machine, so that another can have it
    Deactivate {
        /// What `activate` called it
        #[arg(value_name = "NODE-ID")]
        node: String,
    },
}

/// Does what the command line says; gives the exit code.
///
/// # Errors
/// Whatever stopped it.
pub fn main() -> Result<u8, Failure> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Where it cannot be shown, there is nobody to be told of that either.
            let _ = error.print();
            return Ok(if error.use_stderr() { Exit::Usage as u8 } else { 0 });
        }
    };
    let file = cli.credential.as_ref();
    match cli.command {
        Command::Verify {
            file: license,
            keys,
            fingerprint,
        } => verify(&license, keys, file, fingerprint.as_deref())?,
        Command::Status => status(Credential::find(file)?)?,
        Command::Licenses { json } => list(&mut portal(file)?, json)?,
        Command::Run(run) => return run::run(portal(file)?, run),
        Command::Activate {
            product,
            fingerprint: given,
            out,
        } => {
            let fingerprint = given.map_or_else(fingerprint, Ok)?;
            activate(&mut portal(file)?, &product, &fingerprint, out)?;
        }
        Command::Deactivate { node } => deactivate(&mut portal(file)?, &node)?,
    }
    Ok(0)
}

fn portal(file: Option<&PathBuf>) -> Result<Portal, Failure> {
    connect(Credential::find(file)?)
}

fn connect(credential: Credential) -> Result<Portal, Failure> {
    let portal = Portal::new(credential)?;
    if !portal.is_protected() {
        let address = &portal.credential.portal;
        tell(&format!(
            "warning: {address} is reached without TLS: others on the way can read and alter what is sent"
        ));
    }
    Ok(portal)
}

fn status(credential: Credential) -> Result<(), Failure> {
    let line = |what: &str, found: &str| print(&format!("{what:<12} {found}"));
    line(
        "credential",
        &format!("ok, {} (key {})", credential.name, clean(&credential.key_id)),
    )?;
    let mut portal = connect(credential)?;
    let credential = portal.credential.clone();
    let checked = |what: &str, failure: Refusal| -> Failure {
        // The reason follows on standard error; if this cannot be written, that can.
        let _ = line(what, "FAILED");
        failure.failure(&credential)
    };
    portal.keys().map_err(|refusal| checked("portal", refusal))?;
    line("portal", &format!("ok, {}", clean(&credential.portal)))?;
    portal.log_in().map_err(|refusal| checked("access", refusal))?;
    line("access", "ok, the credential is accepted")?;
    let container = portal
        .container()
        .map_err(|refusal| checked("container", refusal))?;
    line(
        "container",
        &format!("ok, {} ({})", text(&container, "name"), text(&container, "id")),
    )?;
    let licenses = licenses_of(&container);
    let usable = licenses
        .iter()
        .filter(|license| license["state"] == "usable")
        .count();
    line(
        "licences",
        &format!("{}, {usable} of them usable", licenses.len()),
    )
}

fn licenses_of(container: &Value) -> &[Value] {
    container["licenses"].as_array().map_or(&[], Vec::as_slice)
}

/// A member of what the portal sent, fit for a table.
fn text(value: &Value, member: &str) -> String {
    match &value[member] {
        Value::Null => "-".to_owned(),
        Value::String(text) => clean(text),
        Value::Array(texts) => {
            let texts: Vec<_> = texts.iter().filter_map(Value::as_str).map(clean).collect();
            texts.join(", ")
        }
        other => clean(&other.to_string()),
    }
}

fn list(portal: &mut Portal, json: bool) -> Result<(), Failure> {
    let container = portal
        .container()
        .map_err(|refusal| refusal.failure(&portal.credential))?;
    let licenses = licenses_of(&container);
    if json {
        return print(&format!("{:#}", Value::from(licenses)));
    }
    let mut rows = vec![
        [
            "ID",
            "ARTICLE",
            "PRODUCT",
            "IN USE",
            "BINDING",
            "VALID UNTIL",
            "STATE",
        ]
        .map(str::to_owned),
    ];
    for license in licenses {
        let words = |member| text(license, member).replace('_', " ");
        rows.push([
            text(license, "id"),
            text(license, "article"),
            text(license, "product"),
            format!("{} of {}", text(license, "in_use"), text(license, "quantity")),
            words("binding"),
            text(license, "valid_until"),
            words("state"),
        ]);
    }
    print(&table(&rows))
}

fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn verify(
    license: &Path,
    keys: Option<PathBuf>,
    credential: Option<&PathBuf>,
    machine: Option<&str>,
) -> Result<(), Failure> {
    let (keys, credential) = match keys {
        Some(path) => (keys_of(&path)?, None),
        None => {
            let credential = Credential::find(credential)?;
            (credential.portal_keys.clone(), Some(credential))
        }
    };
    let text = if license.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
            .map_err(|error| Failure::new(Exit::BadFile, format!("cannot read standard input: {error}")))?
    } else {
        read_file(license)?
    };
    let name = clean(&license.display().to_string());
    let bad = |why: String| Failure::new(Exit::BadFile, format!("{name} is not to be believed: {why}"));
    let claims = licenses::open(text.trim(), &keys).map_err(|error| bad(error.to_string()))?;
    if let Some(credential) = credential {
        claims.fits(&credential).map_err(bad)?;
    }
    if let Some(machine) = machine {
        claims.is_of(machine)?;
    }
    print("The signature is the portal's, and the licence can be used now.")?;
    print(
        &claims.describe(
            machine
                .map(str::to_owned)
                .or_else(|| fingerprint().ok())
                .as_deref(),
        ),
    )
}

/// The keys in a file, whichever of the two kinds it is.
fn keys_of(path: &Path) -> Result<JwkSet, Failure> {
    let text = read_file(path)?;
    let name = path.display().to_string();
    if let Ok(keys) = serde_json::from_str::<JwkSet>(&text) {
        return Ok(keys);
    }
    if text.contains("\"private_key\"") {
        return Ok(Credential::parse(&text, &name)?.portal_keys);
    }
    let message = format!(
        "{} holds no public keys: neither a JWKS nor a credential file",
        clean(&name)
    );
    Err(Failure::new(Exit::BadFile, message))
}

fn activate(
    portal: &mut Portal,
    product: &str,
    fingerprint: &str,
    out: Option<PathBuf>,
) -> Result<(), Failure> {
    let credential = portal.credential.clone();
    let node = portal
        .activate(product, fingerprint, &host())
        .map_err(|refusal| not_activated(refusal, product, &credential))?;
    let claims = portal.open(&node.file).map_err(|why| {
        let message = format!("the portal sent a licence that cannot be believed: {why}");
        Failure::new(Exit::Unreachable, message)
    })?;
    claims.is_of(fingerprint)?;
    match &out {
        Some(path) => std::fs::write(path, format!("{}\n", node.file)).map_err(|error| {
            let path = clean(&path.display().to_string());
            let message = format!(
                "cannot write {path}: {error}. The licence is activated; the same command again gives it"
            );
            Failure::new(Exit::BadFile, message)
        })?,
        None => print(&node.file)?,
    }
    let days = (claims.exp - now() / 1000) / 86_400;
    let (product, node) = (clean(&claims.product), clean(&node.id));
    tell(&format!(
        "{product} is activated on this machine as node {node}, for {days} days; license-client deactivate {node} undoes it"
    ));
    Ok(())
}

fn not_activated(refusal: Refusal, product: &str, credential: &Credential) -> Failure {
    let product = clean(product);
    let kind = match &refusal {
        Refusal::Problem(problem) => problem.kind.as_str(),
        _ => "",
    };
    let (exit, message) = match kind {
        "no-license-free" => (
            Exit::NoneFree,
            format!("all licences of {product} are on other machines. Deactivate one there first"),
        ),
        "no-such-license" => (
            Exit::NoLicense,
            format!(
                "{:?} has no licence of {product}. `license-client licenses` lists what it has",
                credential.name
            ),
        ),
        "wrong-binding" => (
            Exit::NoLicense,
            format!("the licence of {product} floats, and is not bound to machines. Use license-client run"),
        ),
        _ => return refusal.failure(credential),
    };
    Failure::new(exit, message)
}

fn deactivate(portal: &mut Portal, node: &str) -> Result<(), Failure> {
    let shown = clean(node);
    portal.deactivate(node).map_err(|refusal| match &refusal {
        Refusal::Problem(Problem { kind, .. }) if kind == "invalid-request" => {
            Failure::new(Exit::Usage, format!("{shown:?} is not the id of a node: ids consist of digits"))
        }
        Refusal::Problem(Problem { kind, .. }) if kind == "no-returns-left" => Failure::new(
            Exit::NoLicense,
            format!("node {shown} cannot be deactivated from here any more: its licence has no returns left. Ask a group admin"),
        ),
        _ => refusal.failure(&portal.credential),
    })?;
    tell(&format!(
        "node {shown} is deactivated; its licence file must not be used any more"
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn columns_are_as_wide_as_their_text() {
        let rows = [["a", "bb"], ["ääà", "c"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a    bb\nääà  c");
    }
}
