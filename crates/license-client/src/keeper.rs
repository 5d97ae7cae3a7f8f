//! Whoever keeps the lease while the program runs: gets it, renews it in time, gives it back. A thread of its own, so
//! that a portal that hangs never keeps signals from the program.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::{
    failure::{Exit, Failure, clean},
    machine::{hex, host, instant, jittered, random, tell, time, until},
    portal::{Lease, PATIENCE, Portal, Refusal},
    signals::Signal,
};

/// Longest time between two tries to renew while the portal is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Shortest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);
/// How long giving back may take: the program has ended, and somebody waits for its exit code.
pub const RELEASE: Duration = Duration::from_secs(3);

/// What the main thread is told.
pub enum Event {
    /// A signal came in.
    Signal(Signal),
    /// The licence is there.
    Held(Held),
    /// It holds until then.
    Renewed(Timestamp),
    /// The keeper has ended: the licence was given back, or was not to be had, or was lost.
    Ended(Option<Failure>),
}

impl From<Signal> for Event {
    fn from(signal: Signal) -> Self {
        Self::Signal(signal)
    }
}

/// What a program runs under: a lease, or a licence on the machine, that was checked. Without `Debug`, because of the
/// token.
pub struct Held {
    /// The signed licence.
    pub token: String,
    /// Article number of the product.
    pub article: String,
    /// Until when it holds.
    pub until: Timestamp,
    /// Why it does not hold longer, in words.
    pub limit: &'static str,
}

struct Checked {
    id: String,
    held: Held,
    renew_after: Duration,
}

/// Keeps a lease of the product until it is told to stop, or nobody is left to tell it.
pub fn keep(portal: Portal, product: &str, wait: Duration, stop: &Receiver<()>, events: &Sender<Event>) {
    let mut keeper = Keeper { portal, stop };
    let ended = match keeper.acquire(product, wait) {
        Ok(Some(Checked {
            id,
            held,
            renew_after,
        })) => {
            let end = held.until;
            // Who does not listen any more has asked to stop, which `hold` sees first.
            let _ = events.send(Event::Held(held));
            keeper.hold(&id, end, renew_after, events)
        }
        Ok(None) => None,
        Err(failure) => Some(failure),
    };
    let _ = events.send(Event::Ended(ended));
}

struct Keeper<'a> {
    portal: Portal,
    stop: &'a Receiver<()>,
}

impl Keeper<'_> {
    /// Whether it was told to stop in the meantime.
    fn pause(&self, time: Duration) -> bool {
        self.stop.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
    }

    /// The lease; nothing when it was told to stop.
    fn acquire(&mut self, product: &str, wait: Duration) -> Result<Option<Checked>, Failure> {
        let deadline = instant() + wait;
        let mut key = hex(&random::<16>());
        let mut failed = 0;
        let mut queued = false;
        loop {
            let refusal = match self.portal.acquire(product, &host(), &key) {
                Ok(lease) => return self.checked(lease).map(Some),
                Err(refusal) => refusal,
            };
            let pause = match &refusal {
                Refusal::Problem(problem) if problem.kind == "no-license-free" => {
                    // That was an answer, so the next is another question.
                    key = hex(&random::<16>());
                    failed = 0;
                    problem.retry_after.unwrap_or(Duration::from_secs(5))
                }
                Refusal::Busy(pause) => pause.unwrap_or(Duration::from_secs(10)),
                // With the same key: perhaps only the answer was lost, and with it a lease that nobody would give back.
                Refusal::Unreachable(_) => {
                    failed += 1;
                    Duration::from_millis(500) * 2u32.pow(failed.min(5))
                }
                Refusal::Credential(_) | Refusal::Problem(_) => {
                    return Err(self.not_to_be_had(refusal, product));
                }
            };
            let left = deadline.saturating_duration_since(instant());
            if left.is_zero() {
                return Err(self.not_to_be_had(refusal, product));
            }
            if !queued {
                queued = true;
                let why = match refusal {
                    Refusal::Unreachable(why) => format!("{} {why}", self.portal.credential.portal),
                    Refusal::Busy(_) => "the portal is asked too often".to_owned(),
                    _ => format!("all licences of {} are in use", clean(product)),
                };
                tell(&format!(
                    "{why}; waiting, up to {:.0} seconds",
                    left.as_secs_f64()
                ));
            }
            if self.pause(jittered(pause.max(SHORTEST_PAUSE)).min(left)) {
                return Ok(None);
            }
        }
    }

    fn not_to_be_had(&self, refusal: Refusal, product: &str) -> Failure {
        let (product, credential) = (clean(product), &self.portal.credential);
        let container = &credential.name;
        let Refusal::Problem(problem) = &refusal else {
            return refusal.failure(credential);
        };
        let no_license = |message: String| Failure::new(Exit::NoLicense, message);
        match problem.kind.as_str() {
            "no-license-free" => Failure::new(
                Exit::NoneFree,
                format!(
                    "all licences of {product} in {container:?} are in use. Try later, or wait with --wait SECONDS"
                ),
            ),
            "no-such-license" => no_license(format!(
                "{container:?} has no licence of {product}. `license-client licenses` lists what it has; a group admin \
                 can activate more in the portal"
            )),
            "license-not-valid" | "license-suspended" | "license-revoked" => no_license(format!(
                "the licence of {product} in {container:?} cannot be used now: {}. `license-client licenses` shows its \
                 dates",
                problem.detail
            )),
            "wrong-binding" => no_license(format!(
                "the licence of {product} is bound to machines and cannot be borrowed. Use license-client activate"
            )),
            _ => refusal.failure(credential),
        }
    }

    fn checked(&mut self, lease: Lease) -> Result<Checked, Failure> {
        self.check(lease).map_err(|why| {
            let message = format!(
                "the portal sent a lease that cannot be believed: {why}. If the clock of this machine is right, the \
                 credential may be older than the keys of the portal: download a new one"
            );
            Failure::new(Exit::Unreachable, message)
        })
    }

    fn check(&mut self, lease: Lease) -> Result<Checked, String> {
        let claims = self.portal.open(&lease.token)?;
        if claims.jti != lease.id {
            return Err("its token is that of another lease".to_owned());
        }
        Ok(Checked {
            id: lease.id,
            held: Held {
                token: lease.token,
                article: claims.article,
                until: claims.exp.timestamp(),
                limit: "the portal could not be asked to renew it",
            },
            renew_after: Duration::from_secs(lease.renew_after),
        })
    }

    /// Renews until told to stop, and then gives the lease back. While the portal is away, it goes on trying: whether
    /// the lease still holds is judged by whoever was told until when it does.
    fn hold(
        &mut self,
        id: &str,
        mut end: Timestamp,
        renew_after: Duration,
        events: &Sender<Event>,
    ) -> Option<Failure> {
        let mut pause = in_time(renew_after, end);
        let mut away: Option<Instant> = None;
        loop {
            if self.pause(pause) {
                self.release(id, end);
                return None;
            }
            let patience = until(end).clamp(Duration::from_secs(1), PATIENCE / 3);
            let renewed = self.portal.renew(id, patience);
            let why = match renewed.map(|lease| self.check(lease)) {
                Ok(Ok(Checked {
                    held, renew_after, ..
                })) => {
                    if let Some(since) = away.take() {
                        let seconds = instant().saturating_duration_since(since).as_secs();
                        tell(&format!("the lease was renewed again after {seconds} seconds"));
                    }
                    end = held.until;
                    let _ = events.send(Event::Renewed(end));
                    pause = in_time(renew_after, end);
                    continue;
                }
                Ok(Err(why)) => format!("what the portal sent cannot be believed: {why}"),
                Err(Refusal::Problem(problem)) => {
                    return Some(Failure::new(
                        Exit::Lost,
                        format!(
                            "the lease was lost: {} ({}). Start the program again to get another",
                            problem.detail, problem.kind
                        ),
                    ));
                }
                Err(refusal @ Refusal::Credential(_)) => {
                    return Some(refusal.failure(&self.portal.credential));
                }
                Err(Refusal::Busy(asked)) => {
                    pause = asked.unwrap_or(LONGEST_PAUSE).min(between_tries(end));
                    continue;
                }
                Err(Refusal::Unreachable(why)) => format!("{} {why}", self.portal.credential.portal),
            };
            if away.is_none() {
                away = Some(instant());
                let end = time(end);
                tell(&format!(
                    "cannot renew the lease, which holds until {end}; trying on: {why}"
                ));
            }
            pause = jittered(between_tries(end));
        }
    }

    fn release(&mut self, id: &str, end: Timestamp) {
        if let Err(refusal) = self.portal.release(id, RELEASE) {
            let failure = refusal.failure(&self.portal.credential);
            let end = time(end);
            tell(&format!(
                "the lease could not be given back and ends by itself at {end}: {failure}"
            ));
        }
    }
}

/// When to renew: as the portal says, but in any case while the lease holds.
fn in_time(renew_after: Duration, end: Timestamp) -> Duration {
    jittered(renew_after.min(until(end) / 2).max(SHORTEST_PAUSE))
}

/// The nearer the end, the more often.
fn between_tries(end: Timestamp) -> Duration {
    match until(end) {
        left if left.is_zero() => LONGEST_PAUSE,
        left => (left / 8).clamp(SHORTEST_PAUSE, LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::from_now;
    use jiff::SignedDuration;

    #[test]
    fn renewals_come_in_time() {
        let minute = Duration::from_secs(60);
        let end = from_now(SignedDuration::from_mins(10));
        assert!(in_time(2 * minute, end) <= 2 * minute);
        assert!(in_time(60 * minute, end) <= 5 * minute, "before the end");
        assert!(
            in_time(Duration::ZERO, end) >= SHORTEST_PAUSE.mul_f64(0.9),
            "not without pause"
        );
        assert_eq!(
            between_tries(from_now(SignedDuration::from_hours(1))),
            LONGEST_PAUSE
        );
        assert!(between_tries(from_now(SignedDuration::from_secs(4))) <= Duration::from_millis(500));
        assert_eq!(
            between_tries(from_now(SignedDuration::from_millis(10))),
            SHORTEST_PAUSE
        );
        assert_eq!(
            between_tries(from_now(SignedDuration::from_secs(-1))),
            LONGEST_PAUSE,
            "the end has come"
        );
    }
}
