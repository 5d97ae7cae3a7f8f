//! `license-client run`: a program with a licence around it.

use std::{
    ffi::OsString,
    io::ErrorKind,
    process::Command,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use rustix::process::{Pid, WaitOptions, kill_process, wait};

use crate::{
    credential::CONTENT,
    failure::{Exit, Failure, clean},
    keeper::{Event, Held, RELEASE},
    machine::{instant, now, tell, time, until},
    signals,
};

/// How long the program has to end by itself when the licence is lost.
const GRACE: Duration = Duration::from_secs(10);
/// How often the clock is looked at, at least: it may be set, or the machine may have slept.
const LOOK: Duration = Duration::from_secs(5);

/// What is to be run, and how.
#[derive(Debug, Args)]
pub struct Run {
    /// Article number of the product, or id of a licence
    product: String,
    /// Under a licence that lies on this machine, without a network
    #[arg(long, conflicts_with = "wait")]
    pub offline: bool,
    /// Wait so long for a licence that is in use, or for a portal that is away
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u32,
    /// What happens to the program when the licence is lost
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnLoss::End)]
    on_loss: OnLoss,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What happens to the program when the licence is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnLoss {
    /// SIGTERM, and SIGKILL ten seconds later
    End,
    /// A warning; the program goes on
    Warn,
}

/// Runs it; gives the exit code of the program. `keep` gets the licence and keeps it, in a thread of its own: it is given
/// the product, how long to wait for a free one, and the two ends of what is said between them.
///
/// # Errors
/// Whatever else ended it.
pub fn run(
    run: Run,
    keep: impl FnOnce(&str, Duration, &Receiver<()>, &Sender<Event>) + Send + 'static,
) -> Result<u8, Failure> {
    let (tell_events, events) = mpsc::channel();
    let cannot = |error: std::io::Error| {
        Failure::new(
            Exit::CannotRun,
            format!("this machine gives no thread or signal: {error}"),
        )
    };
    // Before anything is borrowed, so that nothing can end this program without giving it back.
    signals::watch(tell_events.clone()).map_err(cannot)?;
    let (stop, stopped) = mpsc::channel();
    let (product, wait) = (run.product, Duration::from_secs(run.wait.into()));
    thread::Builder::new()
        .name("keeper".to_owned())
        .spawn(move || keep(&product, wait, &stopped, &tell_events))
        .map_err(cannot)?;
    let mut keeper = Keeper {
        events,
        stop: Some(stop),
    };
    let held = match keeper.held()? {
        Ok(held) => held,
        Err(signal) => {
            keeper.give_back();
            return Ok(by_signal(signal));
        }
    };
    let ended =
        Program::start(&run.command, &held, run.on_loss).and_then(|program| program.supervise(&mut keeper));
    keeper.give_back();
    ended
}

/// The exit code of what a signal ended.
fn by_signal(number: i32) -> u8 {
    u8::try_from(128 + number).unwrap_or(u8::MAX)
}

/// The other end of the thread that keeps the licence.
struct Keeper {
    events: Receiver<Event>,
    /// Dropped, it makes the keeper stop; gone when the keeper has ended by itself.
    stop: Option<Sender<()>>,
}

impl Keeper {
    /// The licence, or the signal that ended the waiting for it.
    fn held(&mut self) -> Result<Result<Held, i32>, Failure> {
        loop {
            match self.events.recv() {
                Ok(Event::Held(held)) => return Ok(Ok(held)),
                Ok(Event::Signal(signal)) if signal.ends() => return Ok(Err(signal.number)),
                Ok(Event::Signal(_) | Event::Renewed(_)) => {}
                Ok(Event::Ended(Some(failure))) => return Err(failure),
                Ok(Event::Ended(None)) | Err(_) => {
                    return Err(Failure::new(Exit::Unreachable, "the licence could not be had"));
                }
            }
        }
    }

    /// Lets the keeper give the licence back, but does not wait for ever.
    fn give_back(mut self) {
        let deadline = instant() + RELEASE + RELEASE / 2;
        if self.stop.take().is_none() {
            return;
        }
        loop {
            let left = deadline.saturating_duration_since(instant());
            match self.events.recv_timeout(left) {
                Ok(Event::Ended(_)) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    tell(
                        "the portal does not answer in time: the lease is not given back, and ends by itself",
                    );
                    return;
                }
                Ok(_) => {}
            }
        }
    }
}

struct Program {
    pid: Pid,
    on_loss: OnLoss,
    /// Until when the licence holds.
    end: Timestamp,
    /// Why not longer.
    limit: &'static str,
    /// Whether people were told that it has run out.
    warned: bool,
    /// Why it is being ended.
    lost: Option<Failure>,
    /// When it is ended for good.
    kill_at: Option<Instant>,
}

impl Program {
    fn start(command: &[OsString], held: &Held, on_loss: OnLoss) -> Result<Self, Failure> {
        let (name, arguments) = command
            .split_first()
            .ok_or_else(|| Failure::new(Exit::Usage, "no program given"))?;
        let started = Command::new(name)
            .args(arguments)
            .env("LICENSE_TOKEN", &held.token)
            .env("LICENSE_PRODUCT", &held.article)
            // What can get any licence of the container is not for the program.
            .env_remove(CONTENT)
            .spawn();
        let child = started.map_err(|error| {
            let name = clean(&name.to_string_lossy());
            match error.kind() {
                ErrorKind::NotFound => Failure::new(Exit::NotFound, format!("{name}: no such program")),
                _ => Failure::new(Exit::CannotRun, format!("{name} cannot be started: {error}")),
            }
        })?;
        Ok(Self {
            pid: Pid::from_child(&child),
            on_loss,
            end: held.until,
            limit: held.limit,
            warned: false,
            lost: None,
            kill_at: None,
        })
    }

    /// Until the program has ended: its exit code, or why it was ended.
    fn supervise(mut self, keeper: &mut Keeper) -> Result<u8, Failure> {
        loop {
            match keeper.events.recv_timeout(self.patience()) {
                Ok(Event::Signal(signal)) if signal.is_of_child() => {}
                Ok(Event::Signal(signal)) if signal.typed => {}
                Ok(Event::Signal(signal)) => self.send(signal.number),
                Ok(Event::Renewed(end)) => (self.end, self.warned) = (end, false),
                Ok(Event::Ended(Some(failure))) => {
                    keeper.stop = None;
                    self.loses(failure);
                }
                Ok(Event::Held(_) | Event::Ended(None)) | Err(RecvTimeoutError::Timeout) => {}
                // Only if both threads broke down: the licence is not kept any more, which its end will show.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(100)),
            }
            if let Some(code) = self.ended() {
                return self.lost.map_or(Ok(code), Err);
            }
            if now() >= self.end && !self.warned {
                self.warned = true;
                let (end, limit) = (time(self.end), self.limit);
                let message = format!("the licence ended at {end}, and {limit}");
                self.loses(Failure::new(Exit::Lost, message));
            }
            if self.kill_at.is_some_and(|at| instant() >= at) {
                self.kill_at = None;
                self.send(signal_hook::consts::SIGKILL);
            }
        }
    }

    fn patience(&self) -> Duration {
        let kill = self.kill_at.map(|at| at.saturating_duration_since(instant()));
        let end = (!self.warned).then(|| until(self.end));
        // A millisecond more than nothing, because the end is not reached before its millisecond is over.
        let soonest = kill
            .into_iter()
            .chain(end)
            .min()
            .map(|time| time + Duration::from_millis(1));
        soonest.unwrap_or(LOOK).min(LOOK)
    }

    fn loses(&mut self, failure: Failure) {
        if self.on_loss == OnLoss::Warn {
            tell(&format!(
                "warning: {failure}; the program goes on without a licence"
            ));
        } else if self.lost.is_none() {
            let seconds = GRACE.as_secs();
            tell(&format!(
                "the licence is lost: the program is asked to end, and killed in {seconds} seconds"
            ));
            self.lost = Some(failure);
            self.kill_at = Some(instant() + GRACE);
            self.send(signal_hook::consts::SIGTERM);
        }
    }

    fn send(&self, number: i32) {
        if let Some(signal) = rustix::process::Signal::from_named_raw(number) {
            // It cannot hit anybody else: the number of the process is kept for it until `ended` has seen its end.
            let _ = kill_process(self.pid, signal);
        }
    }

    /// The exit code, once it has ended. As the first process of a container, this program gets the orphans of others
    /// as well, and lets them go.
    fn ended(&self) -> Option<u8> {
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            if pid != self.pid {
                continue;
            }
            if let Some(number) = status.terminating_signal() {
                return Some(by_signal(number));
            }
            if let Some(code) = status.exit_status() {
                return Some(u8::try_from(code).unwrap_or(u8::MAX));
            }
        }
        None
    }
}
