//! The machines of the demo: what they were lent in a year, lease by lease in its last days.
//!
//! Of the year before, it is written what would be left of it: hours for as long as they are kept, days for longer.

use std::collections::{BTreeMap, btree_map::Entry};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    ids::{ContainerId, LeaseId, LicenseId},
    licensing::usage::{HOUR, HOURS_KEPT, SETTLED_AFTER, Span, UseRefusal, Used, begin_of_step},
    time::{DAY, days, earlier, later},
};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;

use crate::{
    ops::{
        OpError,
        instance::demo::story::{Past, Pool, Story, YEAR},
        licensing::{
            access_tokens::{self, Headless, MAX_ASSERTION, Machine, TOKEN_PATH},
            credentials::{self, Others},
            leases,
        },
        transactions::in_transaction,
    },
    store::{
        self, StoreError,
        licensing::usage::{Figures, Holder},
    },
};

/// Of so many days, the leases themselves are there.
const LEASES: SignedDuration = days(7);
/// How long a lease of the demo lasts: a working day, without being renewed.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
const URL: &str = "https://portal.example.org";

/// Whether people work on that day.
fn is_weekday(day: Timestamp) -> bool {
    let weekday = day.to_zoned(TimeZone::UTC).weekday();
    weekday.to_monday_zero_offset() < 5
}

/// A number below 100 that looks like chance, and is the same each time.
const fn scattered(day: i64, pool: i64) -> i64 {
    (day * 7919 + pool * 104_729 + day * day % 97 * 31) % 100
}

/// When a machine works on a day.
fn shift(day: Timestamp, machine: u32) -> Span {
    let machine = i64::from(machine);
    let from = later(day, SignedDuration::from_mins(6 * 60 + machine * 37 % 150));
    Span {
        from,
        until: later(from, SignedDuration::from_mins(7 * 60 + machine * 53 % 150)),
    }
}

/// How many machines of a pool there are on a day: more from month to month, few at weekends.
fn at_work(pool: &Pool, number: i64, day: Timestamp, end: Timestamp) -> u32 {
    if !is_weekday(day) {
        return 1;
    }
    let ago = end.duration_since(day).as_hours() / 24;
    let grown = 100 - ago.clamp(0, 365) * 55 / 365;
    let share = grown * (85 + scattered(ago, number) * 15 / 99) / 100;
    u32::try_from(i64::from(pool.machines) * share / 100)
        .unwrap_or(0)
        .max(1)
}

/// What became of a licence in a span of a day.
fn figures(pool: &Pool, shifts: &[Span], span: Span) -> Figures {
    let places = usize::try_from(pool.activated).unwrap_or(usize::MAX);
    let (lent, waiting) = shifts.split_at(places.min(shifts.len()));
    let refused: u32 = waiting
        .iter()
        .filter_map(|shift| shift.within(span))
        .map(|waiting| u32::try_from(waiting.length().as_mins() / 10).unwrap_or(0))
        .sum();
    let mut figures = Figures {
        used: Used::in_span(lent, span),
        granted: pool.granted,
        refused: Default::default(),
        waited: refused,
    };
    let reasons = figures.refused.iter_mut().zip(UseRefusal::ALL);
    for (count, _) in reasons.filter(|(_, why)| **why == UseRefusal::NoneFree) {
        *count = refused;
    }
    figures
}

/// What is left of the use of a year.
pub(super) async fn write_year(past: &Past, pools: &[Pool]) -> Result<(), OpError> {
    let store = &past.store;
    let end = begin_of_step(earlier(past.now, LEASES), DAY);
    past.go_to(end);
    let begin = begin_of_step(earlier(past.now, YEAR), DAY);
    in_transaction!(store, |tx| {
        let mut day = later(begin, days(14));
        while day < end {
            let whole = Span {
                from: day,
                until: later(day, DAY),
            };
            // Nobody asks for the hours of days that are long over: they are written as one.
            let step = if past.now.duration_since(day) > HOURS_KEPT {
                DAY
            } else {
                HOUR
            };
            let mut at = whole.from;
            while at < whole.until {
                let span = Span {
                    from: at,
                    until: later(at, step),
                };
                let lines: Vec<(LicenseId, Holder, Figures)> = (0..)
                    .zip(pools)
                    .map(|(number, pool)| {
                        let shifts: Vec<Span> = (0..at_work(pool, number, day, past.now))
                            .map(|machine| shift(day, machine))
                            .collect();
                        (pool.license, pool.owner.into(), figures(pool, &shifts, span))
                    })
                    .filter(|(_, _, figures)| figures.used.peak > 0)
                    .collect();
                store::licensing::usage::insert_hours(&mut tx, at, &lines).await?;
                at = span.until;
            }
            store::licensing::usage::fold_day(&mut tx, whole).await?;
            day = whole.until;
        }
        let folded = Span {
            from: begin,
            until: end,
        };
        store::licensing::usage::set_folded(&mut tx, folded).await?;
        store::licensing::usage::sweep(&mut tx, past.now).await?;
        Ok(())
    })
}

#[derive(Deserialize)]
struct Credential {
    key_id: String,
    private_key: String,
}

/// A machine that shows the credential, as any would.
async fn machine(past: &Past, headless: &Headless, file: &str) -> Result<Machine, OpError> {
    let broken = || OpError::from(StoreError::Inconsistent("demo"));
    let credential: Credential = serde_json::from_str(file).map_err(|_| broken())?;
    let der = credential
        .private_key
        .lines()
        .nth(1)
        .and_then(|line| STANDARD.decode(line).ok());
    let key = der
        .and_then(|der| der.last_chunk().map(SigningKey::from_bytes))
        .ok_or_else(broken)?;
    let now = past.store.sources.now();
    let claims = json!({
        "iss": credential.key_id, "sub": credential.key_id, "aud": format!("{URL}{TOKEN_PATH}"),
        "iat": now.as_second(), "exp": later(now, MAX_ASSERTION).as_second(), "jti": credential.key_id,
    });
    let assertion = jose::sign("JWT", credential.key_id.as_str(), &claims, &key).map_err(|_| broken())?;
    let token = access_tokens::issue(&past.store, headless, &assertion)
        .await?
        .ok_or_else(broken)?;
    access_tokens::machine(&past.store, headless, &token)
        .await?
        .ok_or_else(broken)
}

/// The leases of the last days; what was lent today is held still.
pub(super) async fn lend(story: &mut Story<'_>, pools: &[Pool]) -> Result<(), OpError> {
    let past = story.past.clone();
    let headless = Headless {
        url: URL.to_owned(),
        lifetime: LIFETIME,
    };
    // Before the first of them begins to work.
    past.go_to(begin_of_step(earlier(past.now, LEASES), DAY));
    let mut machines: BTreeMap<ContainerId, Machine> = BTreeMap::new();
    for pool in pools {
        if let Entry::Vacant(place) = machines.entry(pool.container) {
            let label = ("machines", None);
            let by = story.person(pool.by)?;
            let file = credentials::issue(&past.store, URL, by, pool.container, label, Others::Stay).await?;
            place.insert(machine(&past, &headless, &file.text).await?);
        }
    }
    let mut shifts = Vec::new();
    let mut day = begin_of_step(earlier(past.now, LEASES), DAY);
    let latest = earlier(past.now, SETTLED_AFTER);
    while day < latest {
        for (number, pool) in (0..).zip(pools) {
            for machine in 0..at_work(pool, number, day, past.now) {
                shifts.push((shift(day, machine), number, machine));
            }
        }
        day = later(day, DAY);
    }
    // Something is always in use, whatever the time of day.
    let last = Span {
        from: earlier(past.now, SignedDuration::from_mins(40)),
        until: later(past.now, DAY),
    };
    shifts.extend((0..).zip(pools).map(|(number, _)| (last, number, u32::MAX)));
    let mut acts: Vec<(Timestamp, bool, i64, u32)> = shifts
        .iter()
        .flat_map(|(span, pool, machine)| {
            [
                (span.from, true, *pool, *machine),
                (span.until, false, *pool, *machine),
            ]
        })
        .filter(|(at, ..)| *at < past.now)
        .collect();
    acts.sort_unstable();
    let mut held: BTreeMap<(i64, u32), LeaseId> = BTreeMap::new();
    for (at, takes, number, of) in acts {
        let pool = usize::try_from(number).ok().and_then(|number| pools.get(number));
        let Some((pool, machine)) = pool.and_then(|pool| Some((pool, machines.get(&pool.container)?))) else {
            continue;
        };
        past.go_to(at);
        if takes {
            let name = match of {
                u32::MAX => format!("{}-ci", pool.name),
                of => format!("{}-{:02}", pool.name, of + 1),
            };
            let key = story.key();
            let lent = leases::acquire(&past.store, &headless, machine, pool.article, &name, &key).await?;
            if let Ok(lent) = lent {
                held.insert((number, of), lent.stored.id);
            }
        } else if let Some(lease) = held.remove(&(number, of)) {
            // Whether it had ended by itself is all the same.
            let _answer = leases::release(&past.store, machine, lease).await?;
        }
    }
    Ok(())
}
