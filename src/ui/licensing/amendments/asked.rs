//! Which licences are to be amended, and how: as forms send it, and as addresses of the page have it.

use domain::{
    ids::{LicenseId, TicketId},
    licensing::{amendments::RenewFrom, licenses::License},
    tickets::Holder,
};

use crate::{
    i18n::{Language, format},
    views::{
        addresses,
        licensing::amendments::{AmendedLicense, AmendmentKind, NewAmendment},
        tickets::TicketRow,
    },
};

/// All kinds, in the order in which they are offered: what is for good comes last.
pub const KINDS: [AmendmentKind; 6] = [
    AmendmentKind::Renew,
    AmendmentKind::Extend,
    AmendmentKind::Quantity,
    AmendmentKind::Suspend,
    AmendmentKind::Reinstate,
    AmendmentKind::Revoke,
];

/// The terms that can be chosen at a touch, in months.
pub const QUICK: [u32; 4] = [1, 12, 24, 36];

/// What a kind is called in addresses and forms.
#[must_use]
pub const fn kind_value(kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Renew => "renew",
        AmendmentKind::Extend => "extend",
        AmendmentKind::Quantity => "quantity",
        AmendmentKind::Suspend => "suspend",
        AmendmentKind::Reinstate => "reinstate",
        AmendmentKind::Revoke => "revoke",
    }
}

/// What a kind is called on a button that does it.
#[must_use]
pub const fn kind_word(lang: Language, kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Renew => lang.amend_renew(),
        AmendmentKind::Extend => lang.amend_extend(),
        AmendmentKind::Quantity => lang.amend_quantity(),
        AmendmentKind::Suspend => lang.amended_suspend(),
        AmendmentKind::Reinstate => lang.amended_reinstate(),
        AmendmentKind::Revoke => lang.amended_revoke(),
    }
}

/// What a kind is called on a button that asks about it first.
#[must_use]
pub const fn kind_dots(lang: Language, kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Renew => lang.renew_dots(),
        AmendmentKind::Extend => lang.extend_dots(),
        AmendmentKind::Quantity => lang.change_quantity_dots(),
        AmendmentKind::Suspend => lang.suspend_dots(),
        AmendmentKind::Reinstate => lang.reinstate_dots(),
        AmendmentKind::Revoke => lang.revoke_dots(),
    }
}

/// A licence that is to be amended, as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    pub ticket: TicketId,
    pub license: LicenseId,
    /// The code of its ticket.
    pub code: String,
    /// Who has that.
    pub owner: String,
    /// "10 × Studio Professional".
    pub what: String,
}

impl Subject {
    /// A licence of a ticket.
    #[must_use]
    pub fn of(lang: Language, row: &TicketRow, license: &License) -> Self {
        let path = row.path.clone();
        let holder = match &row.person {
            Some(person) => Holder::Person(person.clone(), path),
            None if path.is_empty() => Holder::Unassigned,
            None => Holder::Group(path),
        };
        Self {
            ticket: row.id(),
            license: license.id,
            code: row.code.to_string(),
            owner: format::holder(lang, &holder),
            what: format::license(lang, license),
        }
    }

    /// All licences of some tickets.
    #[must_use]
    pub fn of_tickets(lang: Language, rows: &[TicketRow]) -> Vec<Self> {
        let all = rows
            .iter()
            .flat_map(|row| row.licenses.iter().map(move |license| (row, license)));
        all.map(|(row, license)| Self::of(lang, row, license)).collect()
    }

    /// What it is called in addresses and forms.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}.{}", self.ticket, self.license)
    }
}

/// Reads [`Subject::value`].
#[must_use]
pub fn subject_of(value: &str) -> Option<(TicketId, LicenseId)> {
    let (ticket, license) = value.split_once('.')?;
    Some((ticket.parse().ok()?, license.parse().ok()?))
}

/// The licences in a few words.
#[must_use]
pub fn what(lang: Language, subjects: &[Subject]) -> String {
    match subjects {
        [one] => one.what.clone(),
        many => lang.count_items(many.len()),
    }
}

/// The page that asks about amending these and then leads to `next`.
#[must_use]
pub fn address(subjects: &[Subject], kind: AmendmentKind, next: &str) -> String {
    let licenses = subjects.iter().map(|subject| ("license", subject.value()));
    let kind = ("kind", kind_value(kind).to_owned());
    let parameters: Vec<_> = licenses.chain([kind, ("next", next.to_owned())]).collect();
    format::address(addresses::AMEND, &parameters)
}

/// How long a new term is, as it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermChoice {
    /// One of [`QUICK`].
    Months(u32),
    /// Another length, which is written.
    Other,
}

/// What a written length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Months,
    Days,
}

/// What is asked for, as far as it was entered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub kind: AmendmentKind,
    pub term: TermChoice,
    /// For [`TermChoice::Other`].
    pub length: String,
    pub unit: Unit,
    /// When a new term begins.
    pub begin: RenewFrom,
    /// The last day of an extended term.
    pub until: String,
    pub quantity: String,
    /// It takes effect on the day of `on`, not at once.
    pub planned: bool,
    pub on: String,
    pub reason: String,
}

impl Asked {
    /// Nothing was entered yet.
    #[must_use]
    pub const fn of(kind: AmendmentKind) -> Self {
        Self {
            kind,
            term: TermChoice::Months(12),
            length: String::new(),
            unit: Unit::Months,
            begin: RenewFrom::End,
            until: String::new(),
            quantity: String::new(),
            planned: false,
            on: String::new(),
            reason: String::new(),
        }
    }

    /// What a form or an address says. What it does not say, or wrongly, is as at first.
    #[must_use]
    pub fn read(said: impl Fn(&str) -> Option<String>) -> Self {
        let kind = said("kind").and_then(|kind| KINDS.into_iter().find(|known| kind_value(*known) == kind));
        let first = Self::of(kind.unwrap_or(AmendmentKind::Renew));
        let text = |name: &str| said(name).unwrap_or_default();
        let term = match text("term").as_str() {
            "other" => TermChoice::Other,
            months => {
                let quick = months.parse().ok().filter(|months| QUICK.contains(months));
                quick.map_or(first.term, TermChoice::Months)
            }
        };
        Self {
            term,
            length: text("length"),
            unit: if text("unit") == "days" {
                Unit::Days
            } else {
                Unit::Months
            },
            begin: text("begin").parse().unwrap_or(first.begin),
            until: text("until"),
            quantity: text("quantity"),
            planned: text("when") == "day",
            on: text("on"),
            reason: text("reason"),
            ..first
        }
    }

    /// What the server is asked. Without a version, a licence is taken as it is.
    #[must_use]
    pub fn new_amendment(&self, licenses: Vec<AmendedLicense>) -> NewAmendment {
        let mut new = NewAmendment {
            licenses,
            kind: self.kind,
            days: None,
            months: None,
            begin: None,
            until: String::new(),
            quantity: None,
            // A day that is not there is told of by the server, instead of being taken for today.
            on: match (self.planned, self.on.trim()) {
                (false, _) => String::new(),
                (true, "") => "-".to_owned(),
                (true, day) => day.to_owned(),
            },
            reason: self.reason.clone(),
        };
        match self.kind {
            AmendmentKind::Renew => {
                new.begin = Some(self.begin);
                let written = self.length.trim().parse().ok();
                match (self.term, self.unit) {
                    (TermChoice::Months(months), _) => new.months = Some(months),
                    (TermChoice::Other, Unit::Months) => new.months = written,
                    (TermChoice::Other, Unit::Days) => new.days = written,
                }
            }
            AmendmentKind::Extend => new.until.clone_from(&self.until),
            AmendmentKind::Quantity => new.quantity = self.quantity.trim().parse().ok(),
            AmendmentKind::Suspend | AmendmentKind::Reinstate | AmendmentKind::Revoke => {}
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &'static str) -> Asked {
        Asked::read(move |name| {
            let mut pairs = address.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn what_an_address_says_is_asked_for() {
        assert_eq!(read(""), Asked::of(AmendmentKind::Renew));
        assert_eq!(read("kind=revoke").kind, AmendmentKind::Revoke);
        for kind in KINDS {
            assert_eq!(Asked::read(|_| Some(kind_value(kind).to_owned())).kind, kind);
        }
        let asked =
            read("kind=renew&term=other&length=90&unit=days&begin=now&when=day&on=2027-01-31&reason=order");
        let new = asked.new_amendment(Vec::new());
        assert_eq!((new.days, new.months), (Some(90), None));
        assert_eq!(new.begin, Some(RenewFrom::Now));
        assert_eq!((new.on.as_str(), new.reason.as_str()), ("2027-01-31", "order"));
        let quick = read("kind=renew&term=24&length=90&unit=days&on=2027-01-31").new_amendment(Vec::new());
        assert_eq!((quick.days, quick.months), (None, Some(24)));
        assert_eq!(quick.on, "", "at once, whatever day was entered before");
    }

    #[test]
    fn what_is_missing_is_never_guessed() {
        let wrong = read("kind=renew&term=other&length=soon").new_amendment(Vec::new());
        assert!(wrong.amendment().is_err());
        let nothing = read("kind=quantity&quantity=").new_amendment(Vec::new());
        assert!(nothing.amendment().is_err());
        let no_day = read("kind=suspend&when=day&on=").new_amendment(Vec::new());
        assert!(no_day.in_force(jiff::Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn a_licence_is_named_with_its_ticket() {
        assert_eq!(subject_of("7.8"), Some((TicketId(7), LicenseId(8))));
        assert_eq!(subject_of("7"), None);
        assert_eq!(subject_of("7.x"), None);
    }
}
