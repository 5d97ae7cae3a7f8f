//! The command line, and what each command prints.

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use serde_json::Value;

use crate::{
    credential::Credential,
    failure::{EXIT_CODES, Exit, Failure, clean},
    keeper::keep,
    machine::{fingerprint, host, no_fingerprint, now, print, tell},
    offline,
    place::Place,
    portal::{Portal, Problem, Refusal},
    run::{self, Run},
    show,
    verify::{Verify, verify},
};

/// Licences for machines: what a credential file of a license portal gives, without anybody logging in
///
/// The credential file comes from the portal: a group admin issues it for a cloud container and downloads it once. It
/// contains a private key, which this program never shows or sends. `SSL_CERT_FILE` names other certificates to trust
/// than the system's; `HTTPS_PROXY` and `NO_PROXY` are heeded.
///
/// A machine without a network has a state in the place of the credential file: `request`, `update` and `receipt` are its
/// exchange with the portal, and `--offline` is for what lies on it.
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
    /// State of a machine without a network [default: license-portal/device.json in XDG_STATE_HOME or ~/.local/state]
    #[arg(long, env = "LICENSE_DEVICE", value_name = "FILE", global = true)]
    state: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check credential, portal and container, one line each
    Status,
    /// List the licences of the container
    Licenses {
        /// In JSON, as the portal gives them
        #[arg(long)]
        json: bool,
        /// Those that lie on this machine, without a network
        #[arg(long)]
        offline: bool,
    },
    /// Run a program while holding a lease of a floating licence
    ///
    /// The lease is checked before the program starts, renewed while it runs and given back when it has ended. While
    /// the portal is away, the program goes on until the lease ends by itself; once it is lost, --on-loss decides.
    /// Signals are passed on.
    ///
    /// With --offline, the program runs under a licence that an update brought onto this machine, until that ends.
    ///
    /// The program finds the signed licence in LICENSE_TOKEN and its article number in LICENSE_PRODUCT; it does not get
    /// LICENSE_CREDENTIAL_JSON.
    #[command(after_help = EXIT_CODES)]
    Run(Run),
    /// Verify a licence file or an update, offline, and show what it says
    ///
    /// The keys are those of the credential, for an update those of this machine's state, unless --keys names others.
    Verify(Verify),
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
    /// Ask for licences without a network: write a request for the portal
    ///
    /// The first one needs the setup from the container's page of the portal, and makes a key that never leaves this
    /// machine. Upload the request on that page, and import the update that it gives with `license-client update`. The
    /// portal's answers to earlier requests are not taken any more.
    #[command(after_help = EXIT_CODES)]
    Request(offline::Request),
    /// Import the portal's answer to the last request, and write the receipt for it
    ///
    /// From then on this machine holds what stands in it, and nothing else. The same update again changes nothing, and
    /// gives the same receipt.
    #[command(after_help = EXIT_CODES)]
    Update(offline::Import),
    /// Write the receipt for the last update again
    Receipt(offline::Way),
    /// Print what a shell needs to complete commands and options
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, or write those of all commands into a folder
    Man {
        /// The folder, which is there
        folder: Option<PathBuf>,
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
    let place = || Place::find(cli.state.as_ref());
    match cli.command {
        Command::Verify(asked) => verify(&asked, file, cli.state.as_ref())?,
        Command::Status => status(Credential::find(file)?)?,
        Command::Licenses { json, offline: true } => offline::list(&place()?, json)?,
        Command::Licenses { json, .. } => list(&mut portal(file)?, json)?,
        Command::Run(run) if run.offline => {
            let place = place()?;
            return run::run(run, move |product, _, stop, events| {
                offline::keep(&place, product, stop, events);
            });
        }
        Command::Run(run) => {
            let portal = portal(file)?;
            return run::run(run, move |product, wait, stop, events| {
                keep(portal, product, wait, stop, events);
            });
        }
        Command::Request(asked) => offline::request(&place()?, asked)?,
        Command::Update(asked) => offline::import(&place()?, asked)?,
        Command::Receipt(way) => offline::receipt(&place()?, &way)?,
        Command::Activate {
            product,
            fingerprint: given,
            out,
        } => {
            let fingerprint = given
                .or_else(fingerprint)
                .ok_or_else(|| no_fingerprint("--fingerprint"))?;
            activate(&mut portal(file)?, &product, &fingerprint, out)?;
        }
        Command::Deactivate { node } => deactivate(&mut portal(file)?, &node)?,
        Command::Completions { shell } => complete(shell)?,
        Command::Man { folder } => man(folder)?,
    }
    Ok(0)
}

fn complete(shell: Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "license-client", &mut text);
    print(String::from_utf8_lossy(&text).trim_end())
}

fn man(folder: Option<PathBuf>) -> Result<(), Failure> {
    let Some(folder) = folder else {
        let mut text = Vec::new();
        let rendered = clap_mangen::Man::new(Cli::command()).render(&mut text);
        rendered.map_err(|error| Failure::new(Exit::BadFile, error.to_string()))?;
        return print(String::from_utf8_lossy(&text).trim_end());
    };
    let written = clap_mangen::generate_to(Cli::command(), &folder);
    written.map_err(|error| Failure::new(Exit::BadFile, format!("{}: {error}", folder.display())))
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
    print(&show::table(&rows))
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
    let days = claims.exp.timestamp().duration_since(now()).as_hours() / 24;
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
}
