//! Creating licences, as tickets (S13): what is asked for, and what came of it.

use domain::{
    ids::{CreationId, GroupId, ProductId, TicketId, UserId},
    licensing::{
        licenses::{Binding, MAX_DAYS, MAX_QUANTITY, Terms, Validity},
        products::ProductName,
    },
    resellers::{
        creations::{InvalidCreation, MAX_RETURNS, MAX_SERIES},
        quotas::Period,
    },
    tickets::codes::TicketCode,
    time::{DAY, begin_of, later},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::views::{
    groups::Choice,
    licensing::products::Product,
    resellers::customers::{CustomerRow, NewCustomer},
};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Creations on one page of a list.
pub const CREATIONS_PAGE: u32 = 20;

/// How the validity is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum ValidityChoice {
    #[default]
    Perpetual,
    /// From a day to a day.
    Between,
    /// So many days from the first activation.
    Days,
}

/// Who gets the tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Recipient {
    /// Nobody yet: their codes are handed out.
    #[default]
    Codes,
    /// The group itself, in protected mode: they are assigned later.
    Stock,
    /// A customer whom there is already.
    Customer,
    /// A customer who is created.
    NewCustomer,
}

/// Tickets that are to be created, as a form has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewTickets {
    /// The group in whose branch; none for ISV admins.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Of which product.
    pub product: ProductId,
    /// Licences in each ticket.
    pub quantity: u32,
    /// How many such tickets.
    pub series: u32,
    /// How the validity is given.
    #[serde(default)]
    pub validity: ValidityChoice,
    /// The first day (UTC), as `2027-01-01`; empty for at once.
    #[serde(default)]
    pub from: String,
    /// The last day; empty for no end.
    #[serde(default)]
    pub to: String,
    /// Days from the first activation.
    #[serde(default)]
    pub days: Option<u32>,
    /// What a licence is bound to.
    pub binding: Binding,
    /// How often it may be given back; as often as one likes where it is missing.
    #[serde(default)]
    pub returns: Option<u32>,
    /// Who gets them.
    #[serde(default)]
    pub recipient: Recipient,
    /// The customer whom there is already.
    #[serde(default)]
    pub customer: Option<UserId>,
    /// The customer who is created.
    #[serde(default)]
    pub new_customer: NewCustomer,
}

impl NewTickets {
    /// The rules of the licences, at the time `now`.
    ///
    /// # Errors
    /// [`InvalidCreation`], with the first thing that is wrong.
    pub fn terms(&self, now: Timestamp) -> Result<Terms, InvalidCreation> {
        if !(1..=MAX_QUANTITY).contains(&self.quantity) {
            return Err(InvalidCreation::Quantity);
        }
        if !(1..=MAX_SERIES).contains(&self.series) {
            return Err(InvalidCreation::Series);
        }
        if self.returns.is_some_and(|returns| returns > MAX_RETURNS) {
            return Err(InvalidCreation::Returns);
        }
        let validity = match self.validity {
            ValidityChoice::Perpetual => Validity::Perpetual,
            ValidityChoice::Days => match self.days {
                Some(days @ 1..=MAX_DAYS) => Validity::Days(days),
                _ => return Err(InvalidCreation::Days),
            },
            ValidityChoice::Between => {
                let from = day(&self.from)?;
                // The end is the first moment at which it cannot be used any more.
                let until = day(&self.to)?.map(|last| later(last, DAY));
                if until.is_some_and(|until| until <= now || from.is_some_and(|from| until <= from)) {
                    return Err(InvalidCreation::Dates);
                }
                match (from, until) {
                    (None, None) => return Err(InvalidCreation::Dates),
                    (from, until) => Validity::Between(from, until),
                }
            }
        };
        Ok(Terms {
            validity,
            binding: self.binding,
            returns_left: self.returns,
        })
    }

    /// How many licences that makes together.
    #[must_use]
    pub fn licenses(&self) -> u64 {
        u64::from(self.quantity) * u64::from(self.series)
    }
}

/// A product that may be created, with what the quotas that the reader sees leave of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Creatable {
    pub product: Product,
    /// How many are left in which period.
    pub left: Vec<(Period, u64)>,
}

/// What the form for new tickets offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreationChoices {
    /// The groups in whose branches the reader creates tickets; at most 100.
    pub groups: Vec<Choice>,
    /// The one that is chosen; none for an ISV admin who creates in none.
    pub group: Option<Choice>,
    /// What may be created there.
    pub products: Vec<Creatable>,
    /// The customers there, by name; at most 100.
    pub customers: Vec<CustomerRow>,
}

/// Tickets that were created together, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreationRow {
    pub id: CreationId,
    /// When.
    pub at: Timestamp,
    /// Of which product.
    pub product: ProductName,
    /// Licences in each ticket.
    pub quantity: u32,
    /// How many tickets.
    pub tickets: u32,
    /// How many of them are nobody's yet.
    pub free: u32,
}

/// A page of what somebody created, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreationPage {
    /// At most [`CREATIONS_PAGE`].
    pub rows: Vec<CreationRow>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// A ticket that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreatedTicket {
    pub code: TicketCode,
    /// Whether it is nobody's yet.
    pub free: bool,
    /// Which, where the reader sees it.
    pub seen: Option<TicketId>,
}

/// Tickets that were created together, as those see them who may have their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CreationDetail {
    /// What they are.
    pub row: CreationRow,
    /// The rules of the licences in them.
    pub terms: Terms,
    /// The tickets.
    pub tickets: Vec<CreatedTicket>,
    /// The customers of the reader who have some of them.
    pub customers: Vec<CustomerRow>,
}

impl CreationDetail {
    /// The codes that can still be handed out.
    pub fn free_codes(&self) -> impl Iterator<Item = &TicketCode> {
        let free = self.tickets.iter().filter(|ticket| ticket.free);
        free.map(|ticket| &ticket.code)
    }
}

/// The beginning of a day that is written as `2027-01-01`; none where nothing is written.
fn day(text: &str) -> Result<Option<Timestamp>, InvalidCreation> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day: Date = text.parse().map_err(|_| InvalidCreation::Dates)?;
    if (1970..=9998).contains(&day.year()) {
        Ok(Some(begin_of(day)))
    } else {
        Err(InvalidCreation::Dates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20, 14:05.
    const NOW: Timestamp = Timestamp::constant(1_795_183_500, 0);

    fn new(change: impl FnOnce(&mut NewTickets)) -> Result<Terms, InvalidCreation> {
        let mut new = NewTickets {
            group: None,
            product: ProductId(1),
            quantity: 1,
            series: 1,
            validity: ValidityChoice::Perpetual,
            from: String::new(),
            to: String::new(),
            days: None,
            binding: Binding::Floating,
            returns: None,
            recipient: Recipient::Codes,
            customer: None,
            new_customer: NewCustomer::default(),
        };
        change(&mut new);
        new.terms(NOW)
    }

    fn between(from: &str, to: &str) -> Result<Terms, InvalidCreation> {
        new(|new| {
            new.validity = ValidityChoice::Between;
            new.from = from.to_owned();
            new.to = to.to_owned();
        })
    }

    #[test]
    fn the_last_day_counts() {
        let validity = |from, to| between(from, to).map(|terms| terms.validity);
        assert_eq!(
            validity("2026-11-20", "2026-11-20"),
            Ok(Validity::Between(
                Some(Timestamp::constant(1_795_132_800, 0)),
                Some(Timestamp::constant(1_795_219_200, 0))
            ))
        );
        assert_eq!(
            validity("", " 2026-11-20 "),
            Ok(Validity::Between(
                None,
                Some(Timestamp::constant(1_795_219_200, 0))
            ))
        );
        for (from, to) in [
            ("", ""),
            ("2026-11-22", "2026-11-21"),
            ("", "2026-11-19"),
            ("tomorrow", ""),
            ("", "2026-02-30"),
            ("9999-12-31", ""),
        ] {
            assert_eq!(validity(from, to), Err(InvalidCreation::Dates), "{from:?} {to:?}");
        }
    }

    #[test]
    fn numbers_are_bounded() {
        assert_eq!(new(|new| new.quantity = 0), Err(InvalidCreation::Quantity));
        assert_eq!(new(|new| new.quantity = u32::MAX), Err(InvalidCreation::Quantity));
        assert_eq!(new(|new| new.series = 501), Err(InvalidCreation::Series));
        assert_eq!(
            new(|new| new.returns = Some(u32::MAX)),
            Err(InvalidCreation::Returns)
        );
        let days = |days| new(|new| (new.validity, new.days) = (ValidityChoice::Days, days));
        assert_eq!(days(None), Err(InvalidCreation::Days));
        assert_eq!(days(Some(0)), Err(InvalidCreation::Days));
        assert_eq!(days(Some(30)).map(|terms| terms.validity), Ok(Validity::Days(30)));
    }
}
