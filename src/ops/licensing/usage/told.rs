//! Use, for those who may know it: never a number from above.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Denied, Place},
    groups::Lineage,
    ids::{GroupId, LicenseId, TicketId, UserId},
    licensing::usage::{
        HOUR, PEOPLE_KEPT, RAW_KEPT, SETTLED_AFTER, Span, UseRefusal, UseSpan, begin_of_step,
        forecast::{Forecast, forecast},
        hour_of_week,
    },
    time::{DAY, days, earlier, later},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{OpError, actor, readers::Names},
    store::{
        self, Store, Tx,
        licensing::{
            licenses::Granted,
            usage::{
                Holder,
                people::ByPerson,
                told::{Kept, Line, OnMachine, Sum, Summed},
            },
        },
        tickets::Ticket,
        visibility::VisibilityScope,
    },
    views::licensing::usage::{
        BranchPoint, BranchUse, LicenseUse, MOST_TOLD, MachineUse, PersonUse, ProductUse, RefusedFor,
        TicketUse, UsePoint, UseQuery, WEEK,
    },
};

/// How far back the peaks go that a forecast is made of.
const LOOKED_BACK: SignedDuration = days(182);

/// What is told: which points there are, of which weeks the hours are, and what is known at all.
#[derive(Debug, Clone, Copy)]
struct Window {
    kept: Kept,
    step: SignedDuration,
    points: Span,
    /// Whole weeks before the end of the last hour.
    weeks: Span,
    /// How many of those are known, in part at least.
    known_weeks: i64,
    since: Option<Timestamp>,
    /// The end of the last day that is folded.
    last_day: Timestamp,
}

impl Window {
    async fn of(tx: &mut Tx, span: UseSpan, now: Timestamp) -> Result<Self, OpError> {
        let folded = store::licensing::usage::folded(tx).await?;
        // Where nothing was folded yet, the last hour that could have been.
        let until = folded.map_or_else(
            || begin_of_step(earlier(now, SETTLED_AFTER), HOUR),
            |folded| folded.until,
        );
        let since = folded.map(|folded| folded.from);
        let step = span.step();
        let end = begin_of_step(until, step);
        let begin = earlier(end, span.length());
        let begin = since.map_or(end, |since| begin.max(begin_of_step(since, step)));
        let back = match span {
            UseSpan::Day | UseSpan::Week => days(7),
            UseSpan::Month => days(28),
            UseSpan::Year => days(84),
        };
        let weeks = Span {
            from: earlier(until, back),
            until,
        };
        let known = since.map_or(SignedDuration::ZERO, |since| {
            until.duration_since(since.max(weeks.from))
        });
        let week = days(7).as_secs();
        Ok(Self {
            kept: if step == HOUR { Kept::Hours } else { Kept::Days },
            step,
            points: Span {
                from: begin.min(end),
                until: end,
            },
            weeks,
            known_weeks: (known.as_secs() + week - 1) / week,
            since,
            last_day: begin_of_step(until, DAY),
        })
    }

    /// The first moments of its points.
    fn begins(self) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(Some(self.points.from), move |at| Some(later(*at, self.step)))
            .take_while(move |at| *at < self.points.until)
    }

    /// The mean week of hours, each with its place and how long licences were leased in it.
    fn week(self, hours: impl IntoIterator<Item = (usize, SignedDuration)>) -> Vec<domain::time::Seconds> {
        let mut sums = vec![SignedDuration::ZERO; WEEK];
        for (place, leased) in hours {
            if let Some(sum) = sums.get_mut(place) {
                *sum = sum.saturating_add(leased);
            }
        }
        let weeks = self.known_weeks.max(1);
        sums.into_iter()
            .map(|sum| domain::time::Seconds(sum.as_secs() / weeks))
            .collect()
    }
}

/// How the licences of a ticket were used.
///
/// # Errors
/// [`Denied::Hidden`] for who does not see the ticket.
pub async fn of_ticket(
    store: &Store,
    reader: UserId,
    ticket: TicketId,
    span: UseSpan,
) -> Result<TicketUse, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let mut found = store::tickets::seen_by_ids(&mut tx, &actor, &[ticket]).await?;
    let found = found.remove(&ticket).ok_or(Denied::Hidden)?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let now = store.sources.now();
    let window = Window::of(&mut tx, span, now).await?;
    let granted = store::licensing::licenses::of_tickets(&mut tx, &[ticket]).await?;
    let ids: Vec<LicenseId> = granted.iter().map(|granted| granted.license.id).collect();
    let hours = Span {
        from: match window.kept {
            Kept::Hours => window.points.from.min(window.weeks.from),
            Kept::Days => window.weeks.from,
        },
        until: window.weeks.until,
    };
    let mut hours = store::licensing::usage::told::lines(&mut tx, Kept::Hours, &ids, hours).await?;
    let past = Span {
        from: window.points.from.min(earlier(window.last_day, LOOKED_BACK)),
        until: window.last_day,
    };
    let mut past = store::licensing::usage::told::lines(&mut tx, Kept::Days, &ids, past).await?;
    let told = told_holders(&mut tx, &visibility, &found, hours.iter().chain(&past)).await?;
    hours.retain(|line| told.contains(&line.holder));
    past.retain(|line| told.contains(&line.holder));
    // Machines are told since the present owner has the ticket: what was leased before may have been above.
    let lately = Span {
        from: earlier(now, RAW_KEPT).max(found.since),
        until: now,
    };
    let machines =
        store::licensing::usage::told::machines(&mut tx, &visibility, &ids, lately, MOST_TOLD).await?;
    let people_since = people_since(&mut tx, window, now).await?;
    let people = match people_since {
        Some(from) => {
            let span = Span {
                from,
                until: window.points.until,
            };
            store::licensing::usage::people::of_licenses(&mut tx, &visibility, &ids, &told, span, MOST_TOLD)
                .await?
        }
        None => Vec::new(),
    };
    let licenses = granted
        .into_iter()
        .map(|granted| of_license(granted.as_of(now), window, (&hours, &past), &machines, &people))
        .collect();
    Ok(TicketUse {
        ticket,
        code: found.code,
        since: window.since,
        until: window.points.until,
        step: window.step.into(),
        people_since,
        licenses,
    })
}

/// The first day of which use by person is told, which is kept by whole days; `None` where it is not kept.
async fn people_since(tx: &mut Tx, window: Window, now: Timestamp) -> Result<Option<Timestamp>, OpError> {
    let since = store::licensing::usage::people::kept_since(tx).await?;
    let oldest = later(begin_of_step(earlier(now, PEOPLE_KEPT), DAY), DAY);
    Ok(since.map(|since| begin_of_step(since.max(window.points.from), DAY).max(oldest)))
}

/// The holders of whose time the reader is told.
async fn told_holders(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    ticket: &Ticket,
    lines: impl Iterator<Item = &Line>,
) -> Result<BTreeSet<Holder>, OpError> {
    let holders: BTreeSet<Holder> = lines.map(|line| line.holder).collect();
    let levels: BTreeSet<GroupId> = holders.iter().filter_map(|holder| holder.level).collect();
    let levels: Vec<GroupId> = levels.into_iter().collect();
    let lineages = store::groups::lineages(tx, &levels).await?;
    let lineages: BTreeMap<GroupId, Lineage> = lineages
        .into_iter()
        .map(|lineage| (lineage.group(), lineage))
        .collect();
    let place = |holder: &Holder| {
        let level = holder.level.map(|level| lineages.get(&level).cloned());
        match (level, holder.user) {
            // Of a group that is no more only those learn who stand above all.
            (Some(None), _) | (None, None) => Place::Unassigned,
            (Some(Some(group)), None) => Place::Group(group),
            (context, Some(user)) => Place::User {
                user,
                context: context.flatten(),
                groups: Vec::new(),
            },
        }
    };
    let mut told = holders;
    told.retain(|holder| visibility.actor().sees_use(&ticket.facts, &place(holder)));
    Ok(told)
}

fn of_license(
    granted: Granted,
    window: Window,
    (hours, past): (&[Line], &[Line]),
    machines: &[OnMachine],
    people: &[ByPerson],
) -> LicenseUse {
    let id = granted.license.id;
    let own = |line: &&Line| line.license == id;
    let lines = match window.kept {
        Kept::Hours => hours,
        Kept::Days => past,
    };
    let mut points: BTreeMap<Timestamp, UsePoint> =
        window.begins().map(|begin| (begin, nothing(begin))).collect();
    let mut refused = [0_u32; UseRefusal::ALL.len()];
    let mut leased: BTreeMap<Timestamp, SignedDuration> = BTreeMap::new();
    for line in lines.iter().filter(own) {
        let Some(point) = points.get_mut(&line.begins) else {
            continue;
        };
        let figures = line.figures;
        // One after the other had the ticket: the most at once is that of one of them.
        point.peak = point.peak.max(figures.used.peak);
        point.granted = point.granted.max(Some(figures.granted));
        point.refused += figures.refused.iter().sum::<u32>();
        point.waited += figures.waited;
        let sum = leased.entry(line.begins).or_default();
        *sum = sum.saturating_add(figures.used.leased);
        for (sum, more) in refused.iter_mut().zip(figures.refused) {
            *sum += more;
        }
    }
    for (begin, leased) in leased {
        if let Some(point) = points.get_mut(&begin) {
            point.leased = leased.into();
        }
    }
    let points: Vec<UsePoint> = points.into_values().collect();
    let in_weeks = hours
        .iter()
        .filter(own)
        .filter(|line| window.weeks.contains(line.begins));
    let week = window.week(in_weeks.map(|line| (hour_of_week(line.begins), line.figures.used.leased)));
    let own_machines = machines.iter().filter(|machine| machine.license == id);
    let own_people = people.iter().filter(|person| person.license == id);
    LicenseUse {
        peak: points.iter().map(|point| point.peak).max().unwrap_or_default(),
        points,
        refusals: UseRefusal::ALL
            .iter()
            .zip(refused)
            .filter(|(_, times)| *times > 0)
            .map(|(why, times)| RefusedFor { why: *why, times })
            .collect(),
        week,
        forecast: ahead(window, granted.license.quantity, past.iter().filter(own)),
        machines: own_machines.map(machine).collect(),
        people: own_people.map(person).collect(),
        article: granted.article,
        license: granted.license,
    }
}

fn nothing(begin: Timestamp) -> UsePoint {
    UsePoint {
        begin,
        leased: SignedDuration::ZERO.into(),
        peak: 0,
        granted: None,
        refused: 0,
        waited: 0,
    }
}

fn machine(machine: &OnMachine) -> MachineUse {
    MachineUse {
        container: machine.container,
        name: machine.name.clone(),
        person: machine.person.clone(),
        machine: machine.machine.clone(),
        leases: machine.leases,
        leased: machine.leased.into(),
        last: machine.last,
    }
}

fn person(found: &ByPerson) -> PersonUse {
    PersonUse {
        person: found.person,
        name: found.name.clone(),
        leased: found.used.leased.into(),
        refused: found.used.refused,
        waited: found.used.waited,
    }
}

/// What the peaks of the past days say: from the first on that is told, those without use among them.
fn ahead<'a>(window: Window, granted: u32, past: impl Iterator<Item = &'a Line>) -> Forecast {
    let mut peaks: BTreeMap<Timestamp, u32> = BTreeMap::new();
    for line in past {
        let peak = peaks.entry(line.begins).or_default();
        *peak = (*peak).max(line.figures.used.peak);
    }
    let first = peaks.keys().next().copied().unwrap_or(window.last_day);
    let begins = std::iter::successors(Some(first), |at| Some(later(*at, DAY)));
    let daily: Vec<u32> = begins
        .take_while(|at| *at < window.last_day)
        .map(|at| peaks.get(&at).copied().unwrap_or_default())
        .collect();
    forecast(&daily, granted)
}

/// How the licences of a branch were used.
///
/// # Errors
/// [`Denied::Hidden`] for who may know none, or not those of that group.
pub async fn of_branch(store: &Store, reader: UserId, query: &UseQuery) -> Result<BranchUse, OpError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = actor(&mut tx, reader).await?;
    if !actor.has_use() {
        return Err(Denied::Hidden.into());
    }
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let actor = visibility.actor();
    let (branches, path) = match query.group {
        Some(group) => {
            let found = store::groups::lineage(&mut tx, group).await?;
            let found = found
                .filter(|lineage| actor.reads_use(lineage))
                .ok_or(Denied::Hidden)?;
            let names = Names::of(&mut tx, &visibility, [&found]).await?;
            let path = names.path(&visibility, &found);
            (Some(vec![found]), path)
        }
        None if actor.isv_admin => (None, Vec::new()),
        None => {
            let lineages = visibility.lineages().iter();
            let read = lineages.filter(|lineage| actor.reads_use(lineage));
            (Some(read.cloned().collect()), Vec::new())
        }
    };
    let window = Window::of(&mut tx, query.span, store.sources.now()).await?;
    let summed = Summed {
        branches: branches.as_deref(),
        product: query.product,
        span: window.points,
    };
    let sums = summed.steps(&mut tx, window.kept).await?;
    let sums: BTreeMap<Timestamp, Sum> = sums.into_iter().map(|sum| (sum.begins, sum)).collect();
    let point = |begin| {
        let sum = sums.get(&begin);
        BranchPoint {
            begin,
            leased: sum.map_or(SignedDuration::ZERO, |sum| sum.leased).into(),
            refused: sum.map_or(0, |sum| sum.refused),
            waited: sum.map_or(0, |sum| sum.waited),
        }
    };
    let week = summed.week(&mut tx, window.weeks).await?;
    // All of them, so that another one can be chosen.
    let all = Summed {
        product: None,
        ..summed
    };
    let products = all.products(&mut tx, window.kept, MOST_TOLD).await?;
    let products = products.into_iter().map(|found| ProductUse {
        id: found.id,
        product: found.name,
        article: found.article,
        granted: found.granted,
        leased: found.leased.into(),
        refused: found.refused,
        waited: found.waited,
    });
    Ok(BranchUse {
        path,
        since: window.since,
        until: window.points.until,
        step: window.step.into(),
        points: window.begins().map(point).collect(),
        week: window.week(week),
        products: products.collect(),
    })
}
