//! What expires soon (N15): how far ahead people are told, what a page of it shows, what a mail says.
//!
//! Times are milliseconds since 1970 (UTC). The end of a licence is the first moment at which it cannot be used any more.

use crate::licensing::licenses::DAY;

/// How many days ahead, from near to far.
pub const STEPS: [u32; 6] = [1, 7, 14, 30, 60, 90];

/// Most branches that are told one by one.
pub const MAX_BRANCHES: usize = 20;
/// Most licences that a mail tells one by one.
pub const MAX_IN_DIGEST: usize = 100;
/// When a day begins for who is mailed, after midnight (UTC).
const MORNING: i64 = 5 * 60 * 60 * 1000;

/// The day that a moment belongs to: nobody gets two mails on one of them.
#[must_use]
pub const fn day_of(at: i64) -> i64 {
    (at - MORNING).div_euclid(DAY)
}

/// Which step a licence that ends at `end` has come to: the index in [`STEPS`]. `None` where it is further away, or over.
#[must_use]
pub fn step_of(end: i64, now: i64) -> Option<usize> {
    if end <= now {
        return None;
    }
    STEPS.iter().position(|days| end <= ahead(now, *days))
}

/// So many days later.
#[must_use]
pub fn ahead(now: i64, days: u32) -> i64 {
    now.saturating_add(i64::from(days) * DAY)
}

/// Where the ends lie of all that came to one of the [`STEPS`] after `since`, until `until` inclusive, and is not over `now`:
/// ranges from (exclusive) to (inclusive), apart from each other, from near to far.
#[must_use]
pub fn crossed(since: i64, until: i64, now: i64) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for days in STEPS {
        let (from, to) = (ahead(since, days).max(now), ahead(until, days));
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

    #[test]
    fn a_licence_comes_to_its_steps_one_by_one() {
        let now = 1_000;
        assert_eq!(step_of(now, now), None);
        assert_eq!(step_of(now + 1, now), Some(0));
        assert_eq!(step_of(now + DAY, now), Some(0));
        assert_eq!(step_of(now + DAY + 1, now), Some(1));
        assert_eq!(step_of(now + 90 * DAY, now), Some(5));
        assert_eq!(step_of(now + 90 * DAY + 1, now), None);
    }

    #[test]
    fn each_step_is_crossed_once() {
        let begin = 1_000 * DAY;
        let end = begin + 100 * DAY;
        // Looked at daily, the days on which it is told.
        let told = |first: i64| {
            let days = (first..=101).filter(|day| {
                let (since, until) = (begin + (day - 1) * DAY, begin + day * DAY);
                let ranges = crossed(since, until, until);
                ranges.iter().any(|(from, to)| *from < end && end <= *to)
            });
            days.collect::<Vec<i64>>()
        };
        assert_eq!(told(0), [10, 40, 70, 86, 93, 99]);
        // After a week in which nothing was looked at, what was crossed meanwhile is told, once.
        let week = crossed(begin + 84 * DAY, begin + 91 * DAY, begin + 91 * DAY);
        assert_eq!(
            week.iter().filter(|(from, to)| *from < end && end <= *to).count(),
            1
        );
    }

    #[test]
    fn the_first_time_all_that_is_near_is_told() {
        let now = 1_000 * DAY;
        assert_eq!(crossed(0, now, now), [(now, now + 90 * DAY)]);
        assert_eq!(crossed(now, now, now), []);
    }

    #[test]
    fn a_day_begins_in_the_morning() {
        // Five o'clock.
        let morning = 20_000 * DAY + 5 * 3_600_000;
        assert_eq!(day_of(morning), 20_000);
        assert_eq!(day_of(morning - 1), 19_999);
        assert_eq!(day_of(0), -1);
    }
}
