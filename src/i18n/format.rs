//! How values are written: dates, paths, contents of tickets.

use std::fmt::Display;

use domain::{
    licensing::{
        amendments::Grant,
        licenses::{License, Standing, Validity},
        products::ProductName,
    },
    tickets::Holder,
    time::earlier,
};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use leptos_router::location::Url;

use crate::i18n::Language;

fn utc(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::UTC)
}

/// A day (UTC): "20 Nov 2026", "20.11.2026".
#[must_use]
pub fn date(lang: Language, at: Timestamp) -> String {
    let at = utc(at);
    say!(lang, general::date(at.day(), at.month(), at.year()))
}

/// A month (UTC): "Nov 2026", "11.2026".
#[must_use]
pub fn month(lang: Language, at: Timestamp) -> String {
    let at = utc(at);
    say!(lang, general::month_of(at.month(), at.year()))
}

/// A year (UTC).
#[must_use]
pub fn year(at: Timestamp) -> String {
    utc(at).year().to_string()
}

/// A day and time (UTC): "20 Nov 2026, 14:05 UTC".
#[must_use]
pub fn date_time(lang: Language, at: Timestamp) -> String {
    format!("{}, {}", date(lang, at), time(at))
}

/// A time of day (UTC): "14:05 UTC".
#[must_use]
pub fn time(at: Timestamp) -> String {
    let at = utc(at);
    format!("{:02}:{:02} UTC", at.hour(), at.minute())
}

/// A day and time on a clock that is so many minutes before UTC: "20 Nov 2026, 15:05".
#[must_use]
pub fn local_date_time(lang: Language, at: Timestamp, minutes: i32) -> String {
    // Beyond the end of the calendar, UTC is as good.
    let shifted = at
        .checked_add(SignedDuration::from_mins(i64::from(minutes)))
        .unwrap_or(at);
    let clock = utc(shifted);
    format!(
        "{}, {:02}:{:02}",
        date(lang, shifted),
        clock.hour(),
        clock.minute()
    )
}

/// The machine's form of a time, for `<time datetime>`.
#[must_use]
pub fn machine_time(at: Timestamp) -> String {
    at.to_string()
}

/// The size of a file: "1.5 MB".
#[must_use]
pub fn size(lang: Language, bytes: u64) -> String {
    let (tenths, unit) = match bytes {
        0..1000 => return format!("{bytes} B"),
        1000..1_000_000 => (bytes / 100, "kB"),
        _ => (bytes / 100_000, "MB"),
    };
    let point = say!(lang, general::decimal_point());
    format!("{}{point}{} {unit}", tenths / 10, tenths % 10)
}

/// A number that is given in tenths: "1,240.5"; whole ones without a fraction.
#[must_use]
pub fn tenths(lang: Language, tenths: u64) -> String {
    let whole = lang.count(tenths / 10);
    match tenths % 10 {
        0 => whole,
        tenth => format!("{whole}{}{tenth}", say!(lang, general::decimal_point())),
    }
}

/// A number with its digits in groups of three.
pub(super) fn grouped(n: impl Display, separator: char) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Names from the top down: "Group 1 › Group 1.1".
#[must_use]
pub fn path(names: &[String]) -> String {
    names.join(" › ")
}

/// The name of a product in the language of the screen.
#[must_use]
pub fn product(lang: Language, name: &ProductName) -> &str {
    say!(lang, general::product_name(&name.en, &name.de))
}

/// One position of a ticket: "25 × Product A".
#[must_use]
pub fn license(lang: Language, license: &License) -> String {
    format!(
        "{} × {}",
        lang.count(license.quantity),
        product(lang, &license.product)
    )
}

/// What is in a ticket: "25 × Product A, 5 × Product B".
#[must_use]
pub fn licenses(lang: Language, licenses: &[License]) -> String {
    licenses
        .iter()
        .map(|one| license(lang, one))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The last moment before an end.
#[must_use]
pub fn last_moment(end: Timestamp) -> Timestamp {
    earlier(end, SignedDuration::from_millis(1))
}

/// From when until when a licence can be used.
#[must_use]
pub fn validity(lang: Language, validity: Validity) -> String {
    match validity {
        Validity::Perpetual => lang.perpetual().to_owned(),
        Validity::Between(from, until) => {
            let day = |at: Option<Timestamp>| at.map(|at| date(lang, at));
            // The end is the first moment at which it cannot be used any more.
            let last = until.map(|until| date(lang, last_moment(until)));
            lang.valid_between(day(from).as_deref(), last.as_deref())
        }
        Validity::Days(days) => lang.valid_days(days),
    }
}

/// How a licence stands: "5 licences, until 31 Dec 2026, suspended since 20 Nov 2026".
#[must_use]
pub fn grant(lang: Language, grant: &Grant) -> String {
    let since = |at: Option<Timestamp>| at.map(|at| date(lang, at));
    let parts = [
        Some(lang.granted_licenses(grant.quantity)),
        Some(validity(lang, grant.validity)),
        since(grant.suspended).map(|day| lang.suspended_since(&day)),
        since(grant.revoked).map(|day| lang.revoked_since(&day)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Whether a licence can be used now, where that is worth saying.
#[must_use]
pub fn standing(lang: Language, standing: Standing) -> Option<String> {
    match standing {
        Standing::NotYet(from) => Some(lang.valid_between(Some(&date(lang, from)), None)),
        Standing::Usable(until) => {
            until.map(|until| lang.valid_between(None, Some(&date(lang, last_moment(until)))))
        }
        Standing::Expired(_) => Some(lang.expired().to_owned()),
        Standing::Suspended(since) => Some(lang.suspended_since(&date(lang, since))),
        Standing::Revoked(since) => Some(lang.revoked_since(&date(lang, since))),
    }
}

/// An owner in words: "Group 1 › Group 1.1", "User 1.1.1 (via Group 1.1)".
#[must_use]
pub fn holder(lang: Language, holder: &Holder) -> String {
    match holder {
        Holder::Unassigned => lang.unassigned().to_owned(),
        Holder::Group(names) => path(names),
        Holder::Person(name, context) => match context.last() {
            Some(_) => format!("{name} ({})", lang.via(&path(context))),
            None => name.clone(),
        },
        Holder::Elsewhere => lang.elsewhere().to_owned(),
    }
}

/// The address of a page with these parameters.
#[must_use]
pub fn address(base: &str, parameters: &[(&'static str, String)]) -> String {
    let parameters = parameters.iter();
    let parameters: Vec<_> = parameters
        .map(|(name, text)| format!("{name}={}", Url::escape(text)))
        .collect();
    if parameters.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", parameters.join("&"))
    }
}

/// At most two characters that stand for a name: "Admin 1.1" → "A1".
#[must_use]
pub fn initials(name: &str) -> String {
    let words = name.split_whitespace();
    words
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_people_write_them() {
        let at = Timestamp::constant(1_795_183_500, 0);
        assert_eq!(date(Language::En, at), "20 Nov 2026");
        assert_eq!(date_time(Language::De, at), "20.11.2026, 14:05 UTC");
        assert_eq!(month(Language::En, at), "Nov 2026");
        assert_eq!(month(Language::De, at), "11.2026");
        assert_eq!(year(at), "2026");
    }

    #[test]
    fn initials_are_short() {
        assert_eq!(initials("Admin 1.1"), "A1");
        assert_eq!(initials("  "), "");
        assert_eq!(initials("Ümit (extern) Öz"), "ÜE");
    }
}
