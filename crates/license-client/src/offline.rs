//! The commands of machines without a network (N10): requests, updates and receipts, and what runs under them.

use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};

use clap::Args;
use jiff::Timestamp;
use jose::offline::{Held, Update};

use crate::{
    credential::{read_file, read_text},
    device::{Change, Device, read_setup},
    failure::{Exit, Failure, clean},
    keeper::{self, Event},
    machine::{self, fingerprint, host, no_fingerprint, now, print, tell, time},
    place::Place,
    show,
};

/// How often a running program's licence is looked at: an update may prolong it, or take it away.
const LOOK: Duration = Duration::from_secs(5);

/// What is written, and how.
#[derive(Debug, Args)]
pub struct Request {
    /// The setup from the container's page of the portal: needed once, and again when the portal has other keys
    #[arg(long, value_name = "FILE")]
    setup: Option<PathBuf>,
    /// What the machine is known by, instead of a digest of its /etc/machine-id; remembered
    #[arg(long, value_name = "SERIAL")]
    hardware: Option<String>,
    #[command(flatten)]
    way: Way,
}

/// Which update, and where the receipt goes.
#[derive(Debug, Args)]
pub struct Import {
    /// The update; - for standard input
    file: PathBuf,
    /// Where the receipt goes [default: standard output]
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Show the receipt as a QR code
    #[arg(long)]
    qr: bool,
}

/// On which way a signed text leaves the machine.
#[derive(Debug, Args)]
pub struct Way {
    /// Where it goes [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show it as a QR code
    #[arg(long)]
    qr: bool,
}

/// Writes a request; the first one makes the state of the machine.
///
/// # Errors
/// Whatever stopped it.
pub fn request(place: &Place, asked: Request) -> Result<(), Failure> {
    let setup = match &asked.setup {
        Some(path) => Some(read_setup(&read_file(path)?, &path.display().to_string())?),
        // Where there is no state and none can be made, nothing is left behind either.
        None => place.device().map(|_| None)?,
    };
    let locked = place.locked()?;
    let mut device = match (setup, place.read()?) {
        (Some(setup), None) => Device::new(setup),
        (Some(setup), Some(mut device)) => {
            device.adopt(setup)?;
            device
        }
        (None, _) => place.device()?,
    };
    if let Some(given) = asked.hardware {
        device.name_hardware(given)?;
    }
    let hardware = device
        .hardware(fingerprint())
        .ok_or_else(|| no_fingerprint("--hardware"))?;
    let unanswered = device.outstanding().map(|request| request.number);
    let (number, text) = device.request(hardware, host(), now())?;
    // What is handed over has to be known to the machine: only what is in the state can be answered.
    locked.write(&device)?;
    drop(locked);
    hand_over(&text, &asked.way, "")?;
    if let Some(earlier) = unanswered {
        tell(&format!(
            "request {earlier} had no answer yet; one that still comes will be refused"
        ));
    }
    let (name, portal) = (clean(&device.setup().name), clean(&device.setup().portal));
    tell(&format!(
        "this is request {number} of {name:?}. Upload it at {portal}, on the container's page, and import the update \
         from there with license-client update"
    ));
    Ok(())
}

/// Imports an update, and writes the receipt for it.
///
/// # Errors
/// Whatever stopped it.
pub fn import(place: &Place, asked: Import) -> Result<(), Failure> {
    let text = read_text(&asked.file)?;
    // Where there is no state, nothing is left behind either.
    place.device()?;
    let locked = place.locked()?;
    let mut device = place.device()?;
    let change = device.import(text.trim(), now())?;
    locked.write(&device)?;
    drop(locked);
    let way = Way {
        out: asked.receipt,
        qr: asked.qr,
    };
    let done = "The update is imported; license-client receipt gives its receipt again";
    hand_over(device.receipt().unwrap_or_default(), &way, done)?;
    tell(&told(&change));
    tell("give the receipt to the portal, on the container's page");
    Ok(())
}

/// What changed, in words.
fn told(change: &Change) -> String {
    let line = |held: &Held| {
        let (article, product, until) = (clean(&held.article), clean(&held.product), time(held.exp));
        format!("\n  {article} ({product}), {} until {until}", held.quantity)
    };
    let mut words = match change.update.licenses.as_slice() {
        [] => "the update is imported: this machine holds nothing now".to_owned(),
        licenses => {
            let lines: String = licenses.iter().map(line).collect();
            format!("the update is imported: this machine holds now{lines}")
        }
    };
    if !change.given_up.is_empty() {
        let lines: String = change.given_up.iter().map(line).collect();
        words.push_str(&format!("\nand does not hold any more{lines}"));
    }
    words
}

/// Writes the receipt for the last update again.
///
/// # Errors
/// Whatever stopped it.
pub fn receipt(place: &Place, way: &Way) -> Result<(), Failure> {
    let device = place.device()?;
    let receipt = device.receipt().ok_or_else(|| {
        let message =
            "there is no receipt, because no update was imported yet. license-client update imports one";
        Failure::new(Exit::Usage, message)
    })?;
    hand_over(receipt, way, "")
}

/// Gives a signed text out; `done` is added to the words when that fails.
fn hand_over(text: &str, way: &Way, done: &str) -> Result<(), Failure> {
    let failed = |why: String| {
        let message = format!("{why}. {done}");
        Failure::new(Exit::BadFile, message.trim_end().trim_end_matches('.'))
    };
    if let Some(path) = &way.out {
        std::fs::write(path, format!("{text}\n")).map_err(|error| {
            let path = clean(&path.display().to_string());
            failed(format!("cannot write {path}: {error}"))
        })?;
    }
    if way.qr {
        let code = show::code(text).ok_or_else(|| {
            failed("it is too long for a QR code: hand it over as a file, without --qr".to_owned())
        })?;
        print(&code.text)?;
        if let Some((columns, lines)) = machine::terminal()
            && (columns < code.width || lines < code.height)
        {
            let (width, height) = (code.width, code.height);
            tell(&format!(
                "the code needs {width} columns and {height} lines, and this terminal has {columns} and {lines}: make its \
                 letters smaller"
            ));
        }
    } else if way.out.is_none() {
        print(text)?;
    }
    Ok(())
}

fn held(device: &Device) -> Result<Option<Update>, Failure> {
    device.held(device.hardware(fingerprint()).as_deref(), now())
}

/// Lists what the machine holds.
///
/// # Errors
/// Whatever stopped it.
pub fn list(place: &Place, json: bool) -> Result<(), Failure> {
    let device = place.device()?;
    let update = held(&device)?;
    let licenses = update.as_ref().map_or(&[][..], |update| &update.licenses);
    if json {
        let text = serde_json::to_string_pretty(licenses);
        let text = text.map_err(|error| Failure::new(Exit::BadFile, error.to_string()))?;
        return print(&text);
    }
    print(&describe(licenses))?;
    if let Some(request) = device.outstanding() {
        let (number, then) = (request.number, time(request.iat));
        tell(&format!("request {number} of {then} has no answer yet"));
    }
    Ok(())
}

/// Licences on a machine, as a table.
pub fn describe(licenses: &[Held]) -> String {
    let head = [
        "ID",
        "ARTICLE",
        "PRODUCT",
        "QUANTITY",
        "VALID FROM",
        "VALID UNTIL",
        "STATE",
    ];
    let rows = licenses.iter().map(|held| {
        [
            clean(&held.id),
            clean(&held.article),
            clean(&held.product),
            held.quantity.to_string(),
            held.nbf.map_or_else(|| "-".to_owned(), time),
            time(held.exp),
            match state(held, now()) {
                State::NotYet => "not yet valid",
                State::Usable => "usable",
                State::Over => "over",
            }
            .to_owned(),
        ]
    });
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    show::table(&rows)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Over,
    NotYet,
    Usable,
}

fn state(held: &Held, now: Timestamp) -> State {
    if held.exp.timestamp() <= now {
        State::Over
    } else if held.nbf.is_some_and(|from| now < from.timestamp()) {
        State::NotYet
    } else {
        State::Usable
    }
}

/// The licence of a product, or the one with that id, that can be used longest.
fn usable<'a>(licenses: &'a [Held], product: &str, now: Timestamp) -> Result<&'a Held, String> {
    let of_product = |held: &&Held| held.article == product || held.id == product;
    let best = licenses
        .iter()
        .filter(of_product)
        .max_by_key(|held| (state(held, now), held.exp));
    let product = clean(product);
    let Some(held) = best else {
        return Err(format!(
            "this machine holds no licence of {product}. `license-client licenses --offline` lists what it holds"
        ));
    };
    match state(held, now) {
        State::Usable => Ok(held),
        State::NotYet => Err(format!(
            "the licence of {product} on this machine can be used from {}",
            held.nbf.map_or_else(|| "-".to_owned(), time)
        )),
        State::Over => Err(format!(
            "the licence of {product} on this machine ended at {}. The answer to a new request may prolong it: \
             license-client request",
            time(held.exp)
        )),
    }
}

/// The licence of the product, checked anew.
fn checked(device: &Device, product: &str) -> Result<keeper::Held, Failure> {
    let update = held(device)?;
    let licenses = update.as_ref().map_or(&[][..], |update| &update.licenses);
    let held = usable(licenses, product, now()).map_err(|why| Failure::new(Exit::NoLicense, why))?;
    Ok(keeper::Held {
        token: device.token().unwrap_or_default().to_owned(),
        article: held.article.clone(),
        until: held.exp.timestamp(),
        limit: "no update has come that prolongs it",
    })
}

/// Keeps a licence that lies on the machine: tells of it, looks again and again whether an update has changed it, and
/// ends when it is told to stop, or nobody is left to tell it.
pub fn keep(place: &Place, product: &str, stop: &Receiver<()>, events: &Sender<Event>) {
    // Who does not listen any more has asked to stop, which is seen next.
    let told = |event| {
        let _ = events.send(event);
    };
    let mut end = match place.device().and_then(|device| checked(&device, product)) {
        Ok(held) => {
            let end = held.until;
            told(Event::Held(held));
            end
        }
        Err(failure) => return told(Event::Ended(Some(failure))),
    };
    note(place);
    while stop.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        // While the state cannot be read, what was known before holds until it ends.
        let Ok(device) = place.device() else {
            continue;
        };
        match checked(&device, product) {
            Ok(held) => {
                end = held.until;
                told(Event::Renewed(end));
            }
            // Whoever was told of the end sees it, too; an update may still come.
            Err(_) if now() >= end => {}
            Err(failure) => {
                let message = format!("the licence was lost: {failure}");
                return told(Event::Ended(Some(Failure::new(Exit::Lost, message))));
            }
        }
    }
    note(place);
    told(Event::Ended(None));
}

/// Notes that a program runs now: from then on, the clock does not go back by much unseen.
fn note(place: &Place) {
    let noted = || {
        // Whoever else changes the state now has looked at the same clock.
        let Some(locked) = place.try_locked()? else {
            return Ok(());
        };
        let mut device = place.device()?;
        if device.runs_at(now()) {
            locked.write(&device)?;
        }
        Ok::<_, Failure>(())
    };
    if let Err(failure) = noted() {
        tell(&format!("warning: the time of this run is not noted: {failure}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn license(id: &str, nbf: Option<i64>, exp: i64) -> Held {
        Held {
            id: id.to_owned(),
            article: "CAD-1".to_owned(),
            product: "CAD".to_owned(),
            features: Vec::new(),
            quantity: 1,
            nbf: nbf.map(|from| at(from).into()),
            exp: at(exp).into(),
        }
    }

    #[test]
    fn of_several_licences_the_one_is_used_that_lasts_longest() {
        let licenses = [
            license("1", None, 100),
            license("2", None, 300),
            license("3", Some(250), 900),
        ];
        let used = |product: &str, now| usable(&licenses, product, at(now)).map(|held| held.id.as_str());
        assert_eq!(used("CAD-1", 50), Ok("2"));
        assert_eq!(used("CAD-1", 250), Ok("3"));
        assert_eq!(used("1", 50), Ok("1"));
        for (product, now, says) in [
            ("1", 100, "ended at 1970-01-01T00:01:40Z"),
            ("3", 249, "can be used from 1970-01-01T00:04:10Z"),
            ("CAD-1", 900, "ended at 1970-01-01T00:15:00Z"),
            ("SIM-9", 50, "holds no licence of SIM-9"),
        ] {
            let why = used(product, now).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }
}
