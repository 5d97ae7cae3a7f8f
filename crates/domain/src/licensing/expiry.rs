//! What expires soon (N15): how far ahead people are told, what a page of it shows, what a mail says.
//!
//! The end of a licence is the first moment at which it cannot be used any more.

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::time::{date_at, days, earlier, later};

/// How many days ahead, from near to far.
pub const STEPS: [u32; 6] = [1, 7, 14, 30, 60, 90];

/// Most branches that are told one by one.
pub const MAX_BRANCHES: usize = 20;
/// Most licences that a mail tells one by one.
pub const MAX_IN_DIGEST: usize = 100;
/// When a day begins for who is mailed, after midnight (UTC).
const MORNING: SignedDuration = SignedDuration::from_hours(5);

/// The day that a moment belongs to: nobody gets two mails on one of them.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    date_at(earlier(at, MORNING))
}

/// Which step a licence that ends at `end` has come to: the index in [`STEPS`]. `None` where it is further away, or over.
#[must_use]
pub fn step_of(end: Timestamp, now: Timestamp) -> Option<usize> {
    if end <= now {
        return None;
    }
    STEPS.iter().position(|step| end <= later(now, days(*step)))
}

/// Where the ends lie of all that came to one of the [`STEPS`] after `since`, until `until` inclusive, and is not over `now`:
/// ranges from (exclusive) to (inclusive), apart from each other, from near to far.
#[must_use]
pub fn crossed(since: Timestamp, until: Timestamp, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut ranges: Vec<(Timestamp, Timestamp)> = Vec::new();
    for step in STEPS.map(days) {
        let (from, to) = (later(since, step).max(now), later(until, step));
        match ranges.last_mut() {
            _ if from >= to => {}
            Some((_, last)) if from <= *last => *last = to.max(*last),
            _ => ranges.push((from, to)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, at, ms};

    #[test]
    fn a_licence_comes_to_its_steps_one_by_one() {
        let now = at(1_000);
        let ahead = |number, more| later(later(now, days(number)), ms(more));
        assert_eq!(step_of(now, now), None);
        assert_eq!(step_of(ahead(0, 1), now), Some(0));
        assert_eq!(step_of(ahead(1, 0), now), Some(0));
        assert_eq!(step_of(ahead(1, 1), now), Some(1));
        assert_eq!(step_of(ahead(90, 0), now), Some(5));
        assert_eq!(step_of(ahead(90, 1), now), None);
    }

    #[test]
    fn each_step_is_crossed_once() {
        let day = |number: u32| later(at(0), days(number));
        let end = day(1_100);
        // Looked at daily, the days on which it is told.
        let told = |first: u32| {
            let days = (first..=101).filter(|number| {
                let (since, until) = (day(999 + number), day(1_000 + number));
                let ranges = crossed(since, until, until);
                ranges.iter().any(|(from, to)| *from < end && end <= *to)
            });
            days.collect::<Vec<u32>>()
        };
        assert_eq!(told(0), [10, 40, 70, 86, 93, 99]);
        // After a week in which nothing was looked at, what was crossed meanwhile is told, once.
        let week = crossed(day(1_084), day(1_091), day(1_091));
        assert_eq!(
            week.iter().filter(|(from, to)| *from < end && end <= *to).count(),
            1
        );
    }

    #[test]
    fn the_first_time_all_that_is_near_is_told() {
        let now = later(at(0), days(1_000));
        assert_eq!(crossed(at(0), now, now), [(now, later(now, days(90)))]);
        assert_eq!(crossed(now, now, now), []);
    }

    #[test]
    fn a_day_begins_in_the_morning() {
        // Five o'clock.
        let morning = later(at(0), DAY + SignedDuration::from_hours(5));
        assert_eq!(day_of(morning), Date::constant(1970, 1, 2));
        assert_eq!(day_of(earlier(morning, ms(1))), Date::constant(1970, 1, 1));
        assert_eq!(day_of(at(0)), Date::constant(1969, 12, 31));
    }
}
