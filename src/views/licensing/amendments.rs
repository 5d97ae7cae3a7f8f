//! Amendments of licences (N17): what is asked for, what it would lead to, and what was done.

use domain::{
    ids::{AmendmentId, ContainerId, LicenseId, TicketId},
    licensing::{
        amendments::{Amendment, Grant, InvalidAmendment, MAX_REASON, RenewFrom, Term},
        licenses::{License, Standing},
    },
    refusals::Refusal,
    time::{DAY, begin_of, date_at, later, whole_millisecond},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Most licences that are amended at once.
pub const MAX_AMENDED: usize = 100;
/// Most machines that are named of a licence.
pub const MAX_MACHINES: u32 = 100;

/// What is done to a licence, as a form has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum AmendmentKind {
    /// It gets another term, of `days` or `months`.
    Renew,
    /// Its present term ends later: `until`.
    Extend,
    /// There are more of it, or fewer: `quantity`.
    Quantity,
    /// It cannot be used until it is reinstated.
    Suspend,
    /// It can be used again.
    Reinstate,
    /// It cannot be used any more, for good.
    Revoke,
}

/// A licence that is to be amended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AmendedLicense {
    pub license: LicenseId,
    /// How often it was amended when the actor looked. Where it was amended since, the amendment is refused; whoever gives none
    /// takes it as it is.
    #[serde(default)]
    pub version: Option<u32>,
}

/// An amendment that is to be made, of one licence or of several alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct NewAmendment {
    /// Which licences: all of them are amended, or none.
    pub licenses: Vec<AmendedLicense>,
    /// What is done.
    pub kind: AmendmentKind,
    /// A new term of so many days of 24 hours; or `months`.
    #[serde(default)]
    pub days: Option<u32>,
    /// A new term of so many months of the calendar; or `days`.
    #[serde(default)]
    pub months: Option<u32>,
    /// When a new term begins; when the old one ends, where it is missing.
    #[serde(default)]
    pub begin: Option<RenewFrom>,
    /// The last day (UTC) of an extended term, as `2027-01-31`; or the first moment after it.
    #[serde(default)]
    pub until: String,
    /// How many there are afterwards.
    #[serde(default)]
    pub quantity: Option<u32>,
    /// The day (UTC) from which it is in force, as `2027-01-31`, or the moment; empty for now.
    #[serde(default)]
    pub on: String,
    /// Why, for those who see the actor.
    #[serde(default)]
    pub reason: String,
}

/// A day or a moment that somebody wrote; `None` where nothing was.
fn written(text: &str) -> Result<Option<Result<Date, Timestamp>>, InvalidAmendment> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(Err(whole_millisecond(at))));
    }
    let day = text.parse().map_err(|_| InvalidAmendment::Day)?;
    Ok(Some(Ok(day)))
}

impl NewAmendment {
    /// What is done, in the terms of the domain.
    ///
    /// # Errors
    /// [`InvalidAmendment`], with the first thing that is wrong.
    pub fn amendment(&self) -> Result<Amendment, InvalidAmendment> {
        Ok(match self.kind {
            AmendmentKind::Renew => Amendment::Renew {
                term: match (self.days, self.months) {
                    (Some(days), None) => Term::Days(days),
                    (None, Some(months)) => Term::Months(months),
                    _ => return Err(InvalidAmendment::Term),
                },
                from: self.begin.unwrap_or(RenewFrom::End),
            },
            AmendmentKind::Extend => Amendment::Extend {
                until: match written(&self.until)?.ok_or(InvalidAmendment::Day)? {
                    // The end is the first moment at which it cannot be used any more.
                    Ok(last) => later(begin_of(last), DAY),
                    Err(until) => until,
                },
            },
            AmendmentKind::Quantity => Amendment::Quantity {
                to: self.quantity.ok_or(InvalidAmendment::Quantity)?,
            },
            AmendmentKind::Suspend => Amendment::Suspend,
            AmendmentKind::Reinstate => Amendment::Reinstate,
            AmendmentKind::Revoke => Amendment::Revoke,
        })
    }

    /// From when on it is in force; `None` for now, which is what today means, too.
    ///
    /// # Errors
    /// [`InvalidAmendment::Day`].
    pub fn in_force(&self, now: Timestamp) -> Result<Option<Timestamp>, InvalidAmendment> {
        Ok(match written(&self.on)? {
            None => None,
            Some(Ok(day)) if day == date_at(now) => None,
            Some(Ok(day)) => Some(begin_of(day)),
            Some(Err(at)) => Some(at),
        })
    }

    /// Why, without what surrounds it.
    ///
    /// # Errors
    /// [`InvalidAmendment::Reason`].
    pub fn why(&self) -> Result<&str, InvalidAmendment> {
        let reason = self.reason.trim();
        let shown = |c: char| !c.is_control() || c == '\n' || c == '\r';
        if reason.chars().count() <= MAX_REASON && reason.chars().all(shown) {
            Ok(reason)
        } else {
            Err(InvalidAmendment::Reason)
        }
    }
}

/// A container that the reader reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct InContainer {
    pub id: ContainerId,
    pub name: String,
    /// Name of the person it belongs to.
    pub person: String,
}

/// So many licences that cannot be used any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Loss {
    /// Where they are activated; `None` where the reader does not reach it.
    pub container: Option<InContainer>,
    /// How many are activated there.
    pub quantity: u32,
    /// How many of those can still be used.
    pub left: u32,
    /// Until when its machines may go on at the latest.
    pub until: Timestamp,
}

/// What an amendment of a licence would lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Foreseen {
    /// The first moment at which it is in force.
    pub in_force_at: Timestamp,
    /// How the licence stands before.
    pub before: Grant,
    /// How it stands after.
    pub after: Grant,
    /// Who loses how many, the eldest activation first.
    pub losses: Vec<Loss>,
}

/// A licence in a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AmendmentPreview {
    pub ticket: TicketId,
    /// The licence as it stands now.
    pub license: License,
    /// How often it was amended: what the amendment is made with.
    pub version: u32,
    /// What would come of it, or why nothing.
    #[cfg_attr(feature = "ssr", schema(value_type = Either<Foreseen, RefusalSchema>))]
    pub outcome: Result<Foreseen, Refusal>,
}

/// Where an amendment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum AmendmentState {
    /// It comes into force later.
    Planned,
    /// It is in force.
    InForce,
    /// It was taken back.
    Undone,
}

/// An amendment of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AmendmentRow {
    pub id: AmendmentId,
    /// Which of the amendments of its licence, from 1.
    pub number: u32,
    /// What is done.
    pub what: Amendment,
    /// How the licence stood before, or is going to.
    pub before: Grant,
    /// How it stands because of it.
    pub after: Grant,
    /// Why; `None` where the reader does not see who made it.
    pub reason: Option<String>,
    /// Name of who made it, if the reader sees them.
    pub by: Option<String>,
    pub made_at: Timestamp,
    /// The first moment at which it is in force.
    pub in_force_at: Timestamp,
    pub state: AmendmentState,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// Name of who took it back, if the reader sees them.
    pub undone_by: Option<String>,
    /// Whether the reader may take it back, as far as permissions go.
    pub may_undo: bool,
}

/// A machine that holds some of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MachineKnowledge {
    /// Its container; `None` where the reader does not reach it.
    pub container: Option<InContainer>,
    /// What it calls itself, if the reader reaches its container; nothing for one without a network.
    pub holder: Option<String>,
    pub quantity: u32,
    /// Whether what it holds was signed since the licence was amended last.
    pub knows: bool,
    /// Until when it may go on with what it holds: it knows by then at the latest.
    pub until: Timestamp,
}

/// A licence of a ticket over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseAmendments {
    /// The licence as it stands now.
    pub license: License,
    /// How often it was amended, takings back included: what the next amendment is made with.
    pub version: u32,
    /// How it stands now.
    pub grant: Grant,
    /// Whether it can be used now.
    pub standing: Standing,
    /// Whether the reader renews and extends it.
    pub may_renew: bool,
    /// Whether the reader changes its quantity, suspends and reinstates it.
    pub may_change: bool,
    /// Whether the reader revokes it.
    pub may_revoke: bool,
    /// What was done to it and is planned, the newest first.
    pub amendments: Vec<AmendmentRow>,
    /// The machines that hold some of it, those first that do not know; at most [`MAX_MACHINES`]. None where it was never
    /// amended.
    pub machines: Vec<MachineKnowledge>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn new(kind: AmendmentKind) -> NewAmendment {
        NewAmendment {
            licenses: Vec::new(),
            kind,
            days: None,
            months: None,
            begin: None,
            until: String::new(),
            quantity: None,
            on: String::new(),
            reason: String::new(),
        }
    }

    #[test]
    fn what_a_form_says_is_an_amendment() {
        let renew = NewAmendment {
            months: Some(12),
            ..new(AmendmentKind::Renew)
        };
        let term = Term::Months(12);
        let from = RenewFrom::End;
        assert_eq!(renew.amendment(), Ok(Amendment::Renew { term, from }));
        let both = NewAmendment {
            days: Some(1),
            ..renew
        };
        assert_eq!(both.amendment(), Err(InvalidAmendment::Term));
        assert_eq!(new(AmendmentKind::Extend).amendment(), Err(InvalidAmendment::Day));
        let extend = |until: &str| {
            let new = NewAmendment {
                until: until.to_owned(),
                ..new(AmendmentKind::Extend)
            };
            new.amendment()
        };
        let until = "2027-02-01T00:00:00Z".parse().unwrap();
        for written in [
            "2027-01-31",
            "2027-02-01T00:00:00Z",
            " 2027-02-01T01:00:00+01:00 ",
        ] {
            assert_eq!(extend(written), Ok(Amendment::Extend { until }), "{written}");
        }
        assert_eq!(extend("tomorrow"), Err(InvalidAmendment::Day));
        let none = new(AmendmentKind::Quantity);
        assert_eq!(none.amendment(), Err(InvalidAmendment::Quantity));
    }

    #[test]
    fn today_is_now() {
        let on = |day: &str| {
            let new = NewAmendment {
                on: day.to_owned(),
                ..new(AmendmentKind::Suspend)
            };
            new.in_force(at(3_600))
        };
        assert_eq!(on(""), Ok(None));
        assert_eq!(on("1970-01-01"), Ok(None));
        assert_eq!(on("1970-01-02"), Ok(Some(at(86_400))));
        assert_eq!(on("1970-01-01T00:00:00Z"), Ok(Some(at(0))));
        assert_eq!(on("1970"), Err(InvalidAmendment::Day));
    }

    #[test]
    fn a_reason_has_a_length() {
        let why = |reason: &str| {
            let new = NewAmendment {
                reason: reason.to_owned(),
                ..new(AmendmentKind::Suspend)
            };
            new.why().map(str::to_owned)
        };
        assert_eq!(why("  not paid\n"), Ok("not paid".to_owned()));
        assert_eq!(why(&"x".repeat(MAX_REASON + 1)), Err(InvalidAmendment::Reason));
        assert_eq!(why("a\u{7}"), Err(InvalidAmendment::Reason));
    }
}
