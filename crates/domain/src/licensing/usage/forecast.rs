//! When the last free licence is gone, if use goes on as it did (N18): the slope of the weekly peaks by Theil and Sen, which a few
//! odd weeks do not bend, with the interval of about 95 % that Gilbert gives for it. Weeks, because days differ by their weekday.

use serde::{Deserialize, Serialize};

/// Fewest whole weeks that say anything about the next.
pub const MIN_WEEKS: usize = 6;
/// Beyond so many days nobody plans.
pub const MAX_AHEAD: u32 = 730;
/// Most weeks that are looked at, the newest: pairs of them are compared.
pub const MAX_WEEKS: usize = 26;

/// What the peaks of the past days say about the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Forecast {
    /// There are too few weeks.
    Unknown,
    /// They do not say that it runs out within [`MAX_AHEAD`] days.
    Enough,
    /// All were in use in the last week.
    Full,
    /// The last one is gone after so many days.
    Gone {
        /// At the earliest; at 95 %.
        earliest: u32,
        /// Most likely.
        likely: u32,
        /// At the latest; `None` where it may as well not run out within [`MAX_AHEAD`] days.
        latest: Option<u32>,
    },
}

/// The value in the middle of sorted ones.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get((sorted.len() / 2).checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}

/// A number of days from now on that is not beyond [`MAX_AHEAD`].
fn ahead(days: f64) -> Option<u32> {
    if !days.is_finite() || days > f64::from(MAX_AHEAD) {
        return None;
    }
    // The day by which it is gone.
    let days = days.ceil().max(0.0);
    (0..=MAX_AHEAD).find(|day| f64::from(*day) >= days)
}

/// The peaks of the last whole weeks, each with the number of its last day, the oldest first.
fn weeks(daily: &[u32]) -> Vec<(u32, u32)> {
    let mut weeks: Vec<(u32, u32)> = (0_u32..)
        .zip(daily.rchunks_exact(7).take(MAX_WEEKS))
        .map(|(before, week)| {
            let last = u32::try_from(daily.len()).unwrap_or(u32::MAX);
            let peak = week.iter().copied().max().unwrap_or_default();
            (last.saturating_sub(before.saturating_mul(7)), peak)
        })
        .collect();
    weeks.reverse();
    weeks
}

/// When so many licences are all in use, by the peaks of the past days without a gap, the oldest first.
#[must_use]
pub fn forecast(daily: &[u32], granted: u32) -> Forecast {
    let peaks = weeks(daily);
    let Some(&(last, latest_peak)) = peaks.last().filter(|_| peaks.len() >= MIN_WEEKS) else {
        return Forecast::Unknown;
    };
    if latest_peak >= granted {
        return Forecast::Full;
    }
    let points = peaks
        .iter()
        .map(|(day, peak)| (f64::from(*day), f64::from(*peak)));
    let points: Vec<(f64, f64)> = points.collect();
    let mut slopes = Vec::new();
    for (at, (day, peak)) in points.iter().enumerate() {
        let later = points.iter().skip(at + 1).filter(|(later, _)| later > day);
        slopes.extend(later.map(|(later, then)| (then - peak) / (later - day)));
    }
    slopes.sort_by(f64::total_cmp);
    let Some(slope) = median(&slopes) else {
        return Forecast::Unknown;
    };
    // From the day in the middle, and the peak in the middle.
    let mut sides: [Vec<f64>; 2] = [
        points.iter().map(|(day, _)| *day).collect(),
        points.iter().map(|(_, peak)| *peak).collect(),
    ];
    sides.iter_mut().for_each(|side| side.sort_by(f64::total_cmp));
    let (Some(day), Some(peak)) = (median(&sides[0]), median(&sides[1])) else {
        return Forecast::Unknown;
    };
    let gone = |slope: f64| {
        if slope <= 0.0 {
            return None;
        }
        ahead(day + (f64::from(granted) - peak) / slope - f64::from(last))
    };
    let Some(likely) = gone(slope) else {
        return Forecast::Enough;
    };
    let (lower, upper) = interval(&slopes, points.len());
    Forecast::Gone {
        earliest: gone(upper).unwrap_or(likely).min(likely),
        likely,
        latest: gone(lower).map(|latest| latest.max(likely)),
    }
}

/// The slopes between which the true one lies at 95 %: by the variance of Kendall's S.
fn interval(slopes: &[f64], points: usize) -> (f64, f64) {
    let n = u32::try_from(points).map_or(0.0, f64::from);
    let pairs = u32::try_from(slopes.len()).map_or(0.0, f64::from);
    let reach = 1.96 * (n * (n - 1.0) * 2.0_f64.mul_add(n, 5.0) / 18.0).sqrt();
    let at = |rank: f64| {
        let place = (0..slopes.len()).find(|place| u32::try_from(*place).map_or(0.0, f64::from) >= rank);
        place.unwrap_or(slopes.len().saturating_sub(1))
    };
    let of = |rank: f64| slopes.get(at(rank)).copied().unwrap_or_default();
    (of((pairs - reach) / 2.0 - 1.0), of(f64::midpoint(pairs, reach)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(days: u32, peak: impl Fn(u32) -> u32) -> Vec<u32> {
        (0..days).map(peak).collect()
    }

    #[test]
    fn a_line_goes_on_as_it_is() {
        let peaks = line(60, |day| 10 + day);
        // 69 on the last day, one more each day.
        let gone = Forecast::Gone {
            earliest: 11,
            likely: 11,
            latest: Some(11),
        };
        assert_eq!(forecast(&peaks, 80), gone);
        assert_eq!(forecast(&peaks, 69), Forecast::Full);
        assert_eq!(forecast(&peaks, 5000), Forecast::Enough);
    }

    #[test]
    fn too_few_weeks_and_steady_use_say_nothing_of_an_end() {
        assert_eq!(forecast(&line(41, |day| day), 50), Forecast::Unknown);
        assert_eq!(forecast(&[], 0), Forecast::Unknown);
        assert_eq!(forecast(&line(60, |_| 7), 50), Forecast::Enough);
        assert_eq!(forecast(&line(60, |day| 60 - day), 100), Forecast::Enough);
        // Weekends are no decline.
        let working = line(61, |day| if day % 7 < 5 { 40 } else { 5 });
        assert_eq!(forecast(&working, 50), Forecast::Enough);
    }

    #[test]
    fn an_odd_week_does_not_bend_it() {
        let mut peaks = line(84, |day| 10 + day / 2);
        let likely = |peaks: &[u32]| match forecast(peaks, 80) {
            Forecast::Gone { likely, .. } => likely,
            other => panic!("it runs out, and not {other:?}"),
        };
        let plain = likely(&peaks);
        peaks[30] = 79;
        let bent = likely(&peaks);
        // By a week, and not by the many that a mean would.
        assert!(plain.abs_diff(bent) <= 7, "{plain} {bent}");
    }

    #[test]
    fn what_swings_is_told_with_doubt() {
        let peaks = line(84, |day| 40 + day / 5 + day / 7 * 5 % 9);
        let Forecast::Gone {
            earliest,
            likely,
            latest,
        } = forecast(&peaks, 90)
        else {
            panic!("it runs out")
        };
        assert!(earliest < likely && latest.is_none_or(|latest| latest > likely));
    }

    proptest! {
        #[test]
        fn moments_are_in_order_and_never_too_far(
            peaks in proptest::collection::vec(0..100_u32, 0..120), granted in 0..200_u32,
        ) {
            match forecast(&peaks, granted) {
                Forecast::Unknown => prop_assert!(peaks.len() < 7 * MIN_WEEKS),
                Forecast::Full => prop_assert!(peaks.iter().rev().take(7).any(|peak| *peak >= granted)),
                Forecast::Enough => {}
                Forecast::Gone { earliest, likely, latest } => {
                    prop_assert!(earliest <= likely && likely <= MAX_AHEAD);
                    prop_assert!(latest.is_none_or(|latest| latest >= likely && latest <= MAX_AHEAD));
                }
            }
        }

        #[test]
        fn days_before_the_first_week_say_nothing(before in 0..7_usize, granted in 75..90_u32) {
            let peaks = line(63, |day| 10 + day);
            let longer: Vec<u32> = std::iter::repeat_n(70, before).chain(peaks.iter().copied()).collect();
            prop_assert_eq!(forecast(&peaks, granted), forecast(&longer[..], granted));
        }
    }
}
