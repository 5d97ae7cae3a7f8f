//! What happens: logins, leases, live updates, and what there is too little of.

use ::metrics::counter;
use domain::licensing::{leases::LeaseRefusal, licenses::Binding};

use super::{labels::labels, state::is_on, table};

labels! {
    /// What there is too little of for a request.
    Unavailable {
        /// The database does not answer.
        Database = "database",
        /// A transaction lost against others again and again.
        Conflicts = "conflicts",
        /// Reads that look at much wait already.
        HeavyReads = "heavy_reads",
        /// Computing waits already.
        Computing = "computing",
        /// As many requests of one login wait as may.
        Turns = "turns",
        /// As many pages are open as may.
        LivePages = "live_pages",
        /// As many connections are open as may.
        Connections = "connections",
        /// Whoever asks whether the portal is ready is told that it is not.
        NotReady = "not_ready",
    }
}

labels! {
    /// How somebody logs in.
    LoginWay {
        Password = "password",
        /// The second step of a login.
        Code = "code",
        /// At an identity provider.
        Provider = "provider",
    }
}

labels! {
    /// How that went.
    LoginOutcome {
        Begun = "begun",
        /// The first step is done.
        CodeNeeded = "code_needed",
        /// Login, password or code is wrong.
        Wrong = "wrong",
        /// Too many attempts.
        Limited = "limited",
        /// For any other reason that the person was told.
        Refused = "refused",
        /// The portal could not tell.
        Failed = "failed",
    }
}

/// What a machine asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// What there is; this is not counted.
    Container,
    /// A floating lease.
    Taken,
    Renewed,
    /// A node-locked lease.
    Bound,
    /// A fresh file of a node-locked lease.
    Refreshed,
    /// It gave one back; this is not counted.
    Returned,
}

const REFUSALS: [&str; 13] = [
    "unauthorized",
    "no_such_license",
    "none_free",
    "not_valid",
    "suspended",
    "revoked",
    "reduced",
    "wrong_binding",
    "key_reused",
    "no_such_lease",
    "lost",
    "no_returns_left",
    "invalid",
];

const fn refusal(why: &LeaseRefusal) -> &'static str {
    let [
        unauthorized,
        no_such_license,
        none_free,
        not_valid,
        suspended,
        revoked,
        reduced,
        wrong_binding,
        key_reused,
        no_such_lease,
        lost,
        no_returns_left,
        invalid,
    ] = REFUSALS;
    match why {
        LeaseRefusal::Unauthorized => unauthorized,
        LeaseRefusal::NoSuchLicense => no_such_license,
        LeaseRefusal::NoneFree { .. } => none_free,
        LeaseRefusal::NotValid => not_valid,
        LeaseRefusal::Suspended => suspended,
        LeaseRefusal::Revoked => revoked,
        LeaseRefusal::Reduced => reduced,
        LeaseRefusal::WrongBinding => wrong_binding,
        LeaseRefusal::KeyReused => key_reused,
        LeaseRefusal::NoSuchLease => no_such_lease,
        LeaseRefusal::Lost => lost,
        LeaseRefusal::NoReturnsLeft => no_returns_left,
        LeaseRefusal::Invalid(_) => invalid,
    }
}

const fn binding(binding: Binding) -> &'static str {
    match binding {
        Binding::Floating => "floating",
        Binding::NodeLocked => "node_locked",
    }
}

pub(super) fn begin() {
    for reason in Unavailable::ALL {
        counter!(table::UNAVAILABLE, "reason" => reason.text()).increment(0);
    }
    for way in LoginWay::ALL {
        for outcome in LoginOutcome::ALL {
            counter!(table::LOGINS, "way" => way.text(), "outcome" => outcome.text()).increment(0);
        }
    }
    for reason in REFUSALS {
        counter!(table::LEASES_REFUSED, "reason" => reason).increment(0);
    }
    for bound in [Binding::Floating, Binding::NodeLocked].map(binding) {
        counter!(table::LEASES_TAKEN, "binding" => bound).increment(0);
        counter!(table::LEASES_RENEWED, "binding" => bound).increment(0);
    }
}

/// A request has no answer but 503.
pub fn unavailable(reason: Unavailable) {
    counter!(table::UNAVAILABLE, "reason" => reason.text()).increment(1);
}

/// Somebody tried to log in.
pub fn login(way: LoginWay, outcome: LoginOutcome) {
    counter!(table::LOGINS, "way" => way.text(), "outcome" => outcome.text()).increment(1);
}

/// A machine got what it asked for.
pub fn lease_told(asked: Asked) {
    let (name, of) = match asked {
        Asked::Container | Asked::Returned => return,
        Asked::Taken => (table::LEASES_TAKEN, Binding::Floating),
        Asked::Renewed => (table::LEASES_RENEWED, Binding::Floating),
        Asked::Bound => (table::LEASES_TAKEN, Binding::NodeLocked),
        Asked::Refreshed => (table::LEASES_RENEWED, Binding::NodeLocked),
    };
    counter!(name, "binding" => binding(of)).increment(1);
}

/// A machine was refused what it asked for.
pub fn lease_refused(why: &LeaseRefusal) {
    counter!(table::LEASES_REFUSED, "reason" => refusal(why)).increment(1);
}

/// So many open pages are told that something changed.
pub fn live_events(pages: usize) {
    if is_on() {
        counter!(table::LIVE_EVENTS).increment(u64::try_from(pages).unwrap_or(u64::MAX));
    }
}
