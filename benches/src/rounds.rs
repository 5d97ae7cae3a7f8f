//! Two sides in turn, A B A B …: whatever else the machine does slows both, so only ratios mean something.

use std::{fmt, time::{Duration, Instant}};

/// What a ratio should be.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// Ours costs at most so many times what theirs costs.
    Cost(f64),
    /// Ours is at least so many times as fast as theirs.
    Speed(f64),
}

/// Median, lowest and highest of the rounds.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The lowest.
    pub min: f64,
    /// The highest.
    pub max: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_unstable_by(f64::total_cmp);
        Self {
            median: quantile(&figures, 0.5),
            min: figures.first().copied().unwrap_or(f64::NAN),
            max: figures.last().copied().unwrap_or(f64::NAN),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.median >= 100.0 { 0 } else { 2 };
        write!(
            f,
            "{:.digits$}× ({:.digits$}–{:.digits$})",
            self.median, self.min, self.max
        )
    }
}

/// Seconds for one operation on either side, round by round.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Comparison {
    /// Runs both sides in turn; each call yields the seconds that one operation took in that round.
    pub fn of(rounds: usize, mut ours: impl FnMut() -> f64, mut theirs: impl FnMut() -> f64) -> Self {
        let mut comparison = Self::default();
        for _ in 0..rounds {
            let ours = ours();
            comparison.push(ours, theirs());
        }
        comparison
    }

    /// One more round.
    pub fn push(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// The ratio that the target speaks of.
    #[must_use]
    pub fn ratio(&self, target: Target) -> Spread {
        let rounds = self.ours.iter().zip(&self.theirs);
        Spread::of(match target {
            Target::Cost(_) => rounds.map(|(ours, theirs)| ours / theirs).collect(),
            Target::Speed(_) => rounds.map(|(ours, theirs)| theirs / ours).collect(),
        })
    }

    /// Prints the ratio with the target next to it.
    pub fn print(&self, what: &str, target: Target) {
        let ratio = self.ratio(target);
        let (sign, wanted, reached) = match target {
            Target::Cost(wanted) => ('≤', wanted, ratio.median <= wanted),
            Target::Speed(wanted) => ('≥', wanted, ratio.median >= wanted),
        };
        println!(
            "{what:<58} {:<28} target {sign} {wanted}×  {}  [{} : {}]",
            ratio.to_string(),
            if reached { "reached" } else { "MISSED " },
            seconds(Spread::of(self.ours.clone()).median),
            seconds(Spread::of(self.theirs.clone()).median),
        );
    }
}

/// A duration in the unit that suits it.
#[must_use]
pub fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.2} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

/// The figure below which that part of the sorted figures lies.
#[must_use]
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a short list"
    )]
    let at = (part * sorted.len() as f64).ceil() as usize;
    let at = at.clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// A running clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Seconds since the start, for one of so many operations.
    #[must_use]
    pub fn per(self, operations: usize) -> f64 {
        self.elapsed().as_secs_f64() / f64::from(u32::try_from(operations).unwrap_or(u32::MAX))
    }
}
