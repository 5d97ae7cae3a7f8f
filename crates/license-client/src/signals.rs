//! Signals that come in, on their way to the program that runs.

use std::{sync::mpsc::Sender, thread};

use signal_hook::{
    consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2},
    iterator::{SignalsInfo, exfiltrator::WithOrigin},
    low_level::siginfo::{Cause, Origin},
};

/// What is passed on.
const PASSED_ON: [i32; 6] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];

/// A signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// Its number.
    pub number: i32,
    /// It was typed at the terminal, which sends it to the program as well.
    pub typed: bool,
}

impl Signal {
    /// It only tells that a child has changed.
    pub fn is_of_child(self) -> bool {
        self.number == SIGCHLD
    }

    /// It asks to end.
    pub fn ends(self) -> bool {
        [SIGHUP, SIGINT, SIGQUIT, SIGTERM].contains(&self.number)
    }
}

/// Tells of signals from now on.
///
/// # Errors
/// When the system does not let it listen.
pub fn watch<E: From<Signal> + Send + 'static>(events: Sender<E>) -> std::io::Result<()> {
    let ignored = std::fs::read_to_string("/proc/self/status").map_or(0, |status| ignored(&status));
    let wanted = PASSED_ON
        .into_iter()
        // Under nohup, the program ignores hangups too, because children inherit that; listening would end it.
        .filter(|number| ignored & (1 << (number - 1)) == 0)
        .chain([SIGCHLD]);
    let mut signals = SignalsInfo::<WithOrigin>::new(wanted)?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for Origin { signal, cause, .. } in &mut signals {
            let typed = cause == Cause::Kernel && matches!(signal, SIGINT | SIGQUIT);
            let signal = Signal {
                number: signal,
                typed,
            };
            if events.send(signal.into()).is_err() {
                break;
            }
        }
    })?;
    Ok(())
}

/// The signals that are ignored, one bit each, from `/proc/PID/status` (proc_pid_status(5)).
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read() {
        assert_eq!(
            ignored("Name:\tx\nSigBlk:\tff\nSigIgn:\t0000000000001001\n"),
            0x1001
        );
        assert_eq!(ignored(""), 0);
    }
}
