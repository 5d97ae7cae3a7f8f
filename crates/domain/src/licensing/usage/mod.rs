//! What machines made of licences (N18): for how long, how many at once, and what they were refused. Pure: intervals are folded
//! into hours, hours into days, and nothing is lost or made up on the way.

pub mod forecast;

use jiff::{SignedDuration, Timestamp};

use crate::{
    licensing::leases::LeaseRefusal,
    texts::enum_of_texts,
    time::{DAY, at_millisecond, days},
};

/// A span of use that is kept by itself.
pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How long leases and refusals are kept one by one.
pub const RAW_KEPT: SignedDuration = days(30);
/// How long use is kept by hour.
pub const HOURS_KEPT: SignedDuration = days(90);
/// How long use is kept by day: three years, with a leap day.
pub const DAYS_KEPT: SignedDuration = days(1096);
/// How long use is kept by person, by day, where the instance keeps it at all.
pub const PEOPLE_KEPT: SignedDuration = days(90);
/// So long after its end an hour is folded: whatever was begun in it has been written by then.
pub const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// Refusals of a machine that are written in a minute, of a licence and for one reason; those beyond change nothing.
pub const MAX_REFUSALS: u32 = 60;
/// A licence that nobody leased for so many days is unused, where nothing else is asked for.
pub const UNUSED_DAYS: u32 = 60;
/// Most days that can be asked for: [`DAYS_KEPT`].
pub const MAX_UNUSED_DAYS: u32 = 1096;

enum_of_texts! {
    /// Why a machine did not get a licence that its container has.
    UseRefusal, else UnknownUseRefusal;
    /// All were in use: the machine waits.
    NoneFree = "none_free",
    /// Not yet valid, or expired.
    NotValid = "not_valid",
    /// Suspended.
    Suspended = "suspended",
    /// Revoked.
    Revoked = "revoked",
    /// There are fewer than before.
    Reduced = "reduced",
}

impl UseRefusal {
    /// What is kept of a refusal; `None` where it says nothing about a licence, but about the request.
    #[must_use]
    pub const fn of(refusal: &LeaseRefusal) -> Option<Self> {
        match refusal {
            LeaseRefusal::NoneFree { .. } => Some(Self::NoneFree),
            LeaseRefusal::NotValid => Some(Self::NotValid),
            LeaseRefusal::Suspended => Some(Self::Suspended),
            LeaseRefusal::Revoked => Some(Self::Revoked),
            LeaseRefusal::Reduced => Some(Self::Reduced),
            LeaseRefusal::Unauthorized
            | LeaseRefusal::NoSuchLicense
            | LeaseRefusal::WrongBinding
            | LeaseRefusal::KeyReused
            | LeaseRefusal::NoSuchLease
            | LeaseRefusal::Lost
            | LeaseRefusal::NoReturnsLeft
            | LeaseRefusal::Invalid(_) => None,
        }
    }
}

enum_of_texts! {
    /// How far back use is shown.
    #[derive(Default)]
    UseSpan, else UnknownUseSpan;
    /// Hour by hour.
    Day = "24h",
    /// Hour by hour.
    Week = "7d",
    /// Day by day; where nothing is said.
    #[default]
    Month = "30d",
    /// Day by day.
    Year = "1y",
}

impl UseSpan {
    /// How long it is.
    #[must_use]
    pub const fn length(self) -> SignedDuration {
        match self {
            Self::Day => DAY,
            Self::Week => days(7),
            Self::Month => days(30),
            Self::Year => days(365),
        }
    }

    /// How long one of its steps is: an hour, or a day.
    #[must_use]
    pub const fn step(self) -> SignedDuration {
        match self {
            Self::Day | Self::Week => HOUR,
            Self::Month | Self::Year => DAY,
        }
    }
}

/// From a moment on, and before another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Span {
    /// What two spans share; `None` where that is nothing.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let span = Self {
            from: self.from.max(other.from),
            until: self.until.min(other.until),
        };
        (span.from < span.until).then_some(span)
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> SignedDuration {
        self.until.duration_since(self.from)
    }

    /// Whether the moment lies in it.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// The beginning of the hour, or of whatever else divides time since 1970 evenly, that a moment lies in.
#[must_use]
pub fn begin_of_step(at: Timestamp, step: SignedDuration) -> Timestamp {
    let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
    let at_ms = at.as_millisecond();
    at_millisecond(at_ms - at_ms.rem_euclid(step)).unwrap_or(at)
}

/// The place of an hour in a week, from 0 on Monday at midnight (UTC).
#[must_use]
pub fn hour_of_week(at: Timestamp) -> usize {
    // 1970 began on a Thursday.
    let hours = at.as_second().div_euclid(3600) + 3 * 24;
    usize::try_from(hours.rem_euclid(168)).unwrap_or_default()
}

/// How licences were used in a span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// How long they were leased, all of them together.
    pub leased: SignedDuration,
    /// Most that were leased at once.
    pub peak: u32,
}

impl Used {
    /// What the leases made of a span of time. A lease is a span, too, and ends where it does.
    #[must_use]
    pub fn in_span(leases: &[Span], span: Span) -> Self {
        let mut edges = Vec::new();
        let mut leased = SignedDuration::ZERO;
        for lease in leases.iter().filter_map(|lease| lease.within(span)) {
            leased = leased.saturating_add(lease.length());
            edges.push((lease.from, true));
            edges.push((lease.until, false));
        }
        // What ends at a moment makes room for what begins at it.
        edges.sort_unstable();
        let (mut out, mut peak) = (0_u32, 0_u32);
        for (_, begins) in edges {
            out = if begins {
                out.saturating_add(1)
            } else {
                out.saturating_sub(1)
            };
            peak = peak.max(out);
        }
        Self { leased, peak }
    }

    /// Both spans together: they do not overlap.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            leased: self.leased.saturating_add(other.leased),
            peak: self.peak.max(other.peak),
        }
    }
}

/// The parts of a span in which something had one owner after the other: `changes` are moments with who had it until then, in the
/// order of time; afterwards `last` has it.
#[must_use]
pub fn owned<T: Clone>(span: Span, changes: &[(Timestamp, T)], last: &T) -> Vec<(Span, T)> {
    let mut parts = Vec::new();
    let mut from = span.from;
    for (at, before) in changes {
        let until = (*at).min(span.until);
        if from < until {
            parts.push((Span { from, until }, before.clone()));
            from = until;
        }
    }
    if from < span.until {
        let rest = Span {
            from,
            until: span.until,
        };
        parts.push((rest, last.clone()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::{at, later, ms};

    const DAY_MS: i64 = 86_400_000;

    fn span(from: i64, until: i64) -> Span {
        Span {
            from: at(from),
            until: at(until),
        }
    }

    /// Steps of the first day after 1970.
    fn steps(length: i64) -> impl Iterator<Item = Span> {
        (0..DAY_MS / length).map(move |step| span(step * length, (step + 1) * length))
    }

    #[test]
    fn what_ends_makes_room_for_what_begins() {
        let leases = [span(0, 10), span(10, 20), span(15, 40)];
        let used = Used::in_span(&leases, span(0, 30));
        assert_eq!((used.leased, used.peak), (ms(35), 2));
        assert_eq!(Used::in_span(&leases, span(0, 12)).peak, 1);
        assert_eq!(Used::in_span(&leases, span(40, 50)), Used::default());
    }

    #[test]
    fn hours_have_their_places_in_the_week() {
        // 1970-01-05 was a Monday.
        assert_eq!(hour_of_week(at(4 * DAY_MS)), 0);
        assert_eq!(hour_of_week(at(4 * DAY_MS - 1)), 167);
        assert_eq!(begin_of_step(at(DAY_MS + 1), DAY), at(DAY_MS));
        assert_eq!(begin_of_step(at(-1), HOUR), at(-3_600_000));
    }

    #[test]
    fn owners_follow_one_another_without_a_gap() {
        let parts = owned(span(10, 30), &[(at(5), 'a'), (at(15), 'b'), (at(40), 'c')], &'d');
        assert_eq!(parts, [(span(10, 15), 'b'), (span(15, 30), 'c')]);
        assert_eq!(owned(span(10, 30), &[], &'d'), [(span(10, 30), 'd')]);
    }

    #[test]
    fn refusals_of_requests_are_not_kept() {
        assert_eq!(UseRefusal::of(&LeaseRefusal::NoSuchLicense), None);
        let waits = LeaseRefusal::NoneFree { retry_after: ms(1) };
        assert_eq!(UseRefusal::of(&waits), Some(UseRefusal::NoneFree));
    }

    proptest! {
        #[test]
        fn by_hours_and_then_by_days_is_by_days(
            leases in proptest::collection::vec((-DAY_MS..2 * DAY_MS, 0..DAY_MS), 0..40),
        ) {
            let leases: Vec<Span> = leases.into_iter().map(|(from, length)| span(from, from + length)).collect();
            let day = span(0, DAY_MS);
            let at_once = Used::in_span(&leases, day);
            let hours = steps(3_600_000).map(|hour| Used::in_span(&leases, hour));
            prop_assert_eq!(hours.fold(Used::default(), Used::and), at_once);
        }

        #[test]
        fn a_peak_is_what_was_out_at_a_moment(
            leases in proptest::collection::vec((0..1000_i64, 0..300_i64), 0..30),
            window in (0..900_i64, 1..400_i64),
        ) {
            let leases: Vec<Span> = leases.into_iter().map(|(from, length)| span(from, from + length)).collect();
            let window = span(window.0, window.0 + window.1);
            let out = |moment: i64| leases.iter().filter(|lease| lease.contains(at(moment))).count();
            let (from, until) = (window.from.as_millisecond(), window.until.as_millisecond());
            let counts: Vec<usize> = (from..until).map(out).collect();
            let used = Used::in_span(&leases, window);
            // Moment by moment: never above what was out, and no less than that.
            prop_assert_eq!(used.peak as usize, counts.iter().copied().max().unwrap_or(0));
            prop_assert_eq!(used.leased, ms(counts.iter().sum::<usize>() as i64));
        }

        #[test]
        fn every_moment_has_one_owner(
            changes in proptest::collection::vec((0..100_i64, 0..9_u8), 0..8),
            window in (0..90_i64, 1..40_i64),
        ) {
            let mut changes: Vec<(Timestamp, u8)> = changes.into_iter().map(|(moment, who)| (at(moment), who)).collect();
            changes.sort_by_key(|(moment, _)| *moment);
            let window = span(window.0, window.0 + window.1);
            let parts = owned(window, &changes, &100);
            for moment in window.from.as_millisecond()..window.until.as_millisecond() {
                let had = changes.iter().find(|(until, _)| *until > at(moment)).map_or(100, |(_, who)| *who);
                let told: Vec<u8> = parts.iter().filter(|(part, _)| part.contains(at(moment))).map(|(_, who)| *who).collect();
                prop_assert_eq!(told, vec![had]);
            }
            let lengths = parts.iter().fold(SignedDuration::ZERO, |sum, (part, _)| sum + part.length());
            prop_assert_eq!(lengths, window.length());
            prop_assert_eq!(later(window.from, lengths), window.until);
        }
    }
}
