//! What amendments are judged by: a licence with all that was done to it, and what is asked for.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Denied, LicenseFacts},
    ids::{LicenseId, TicketId},
    licensing::amendments::{Amendment, timeline::Timeline},
    refusals::Refusal,
    resellers::quotas::QuotaBranch,
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, licensing::licenses::found_license, readers},
    store::{
        self, Tx,
        licensing::{amendments::Stored, licenses::Granted},
        tickets::Ticket,
    },
    views::licensing::amendments::{MAX_AMENDED, NewAmendment},
};

/// A licence that is looked at because of its amendments, with all that is judged about it.
pub(super) struct Found {
    pub(super) granted: Granted,
    pub(super) ticket: Ticket,
    branch: Option<QuotaBranch>,
    /// In the order in which they come into force.
    pub(super) stored: Vec<Stored>,
    pub(super) whole: Timeline,
    /// Now, and not before what came into force last: a clock that was set back undoes nothing.
    pub(super) now: Timestamp,
}

impl Found {
    /// A licence that the actor sees.
    pub(super) async fn of(
        tx: &mut Tx,
        actor: &Actor,
        id: LicenseId,
        now: Timestamp,
    ) -> Result<Self, OpError> {
        let (granted, ticket) = found_license(tx, id).await?;
        // Not asked further about a hidden one (R12).
        if !actor.sees_ticket(&ticket.facts) {
            return Err(Denied::Hidden.into());
        }
        let branch = branch(tx, &ticket, &granted, now).await?;
        let stored = store::licensing::amendments::of_licenses(tx, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default();
        Ok(Self::new(granted, ticket, branch, stored, now))
    }

    pub(super) fn new(
        granted: Granted,
        ticket: Ticket,
        branch: Option<QuotaBranch>,
        stored: Vec<Stored>,
        now: Timestamp,
    ) -> Self {
        let settled = stored
            .iter()
            .filter(|one| one.settled)
            .map(|one| one.recorded.from);
        Self {
            whole: store::licensing::amendments::whole(&granted, &stored),
            now: settled.max().unwrap_or(now).max(now),
            granted,
            ticket,
            branch,
            stored,
        }
    }

    pub(super) const fn facts(&self) -> LicenseFacts<'_> {
        LicenseFacts {
            id: self.granted.license.id,
            product: self.granted.product,
            ticket: &self.ticket.facts,
            branch: self.branch.as_ref(),
        }
    }

    /// How often it was amended, takings back included.
    pub(super) fn version(&self) -> u32 {
        let undone = self.stored.iter().filter(|one| one.recorded.undone.is_some());
        u32::try_from(self.stored.len() + undone.count()).unwrap_or(u32::MAX)
    }

    pub(super) const fn key(&self) -> (TicketId, LicenseId) {
        (self.ticket.facts.id, self.granted.license.id)
    }
}

/// The level of a ticket, with the filters and quotas that hold there.
pub(super) async fn branch(
    tx: &mut Tx,
    ticket: &Ticket,
    granted: &Granted,
    now: Timestamp,
) -> Result<Option<QuotaBranch>, OpError> {
    Ok(match readers::level(&ticket.facts.place) {
        Some(level) => {
            let product = Some(granted.product);
            Some(store::resellers::quotas::branch(tx, level.clone(), product, now).await?)
        }
        None => None,
    })
}

/// What is asked for, checked as far as no licence is needed for it.
pub(super) struct Asked<'a> {
    pub(super) licenses: BTreeMap<LicenseId, Option<u32>>,
    pub(super) amendment: Amendment,
    pub(super) in_force: Option<Timestamp>,
    pub(super) reason: &'a str,
}

impl<'a> Asked<'a> {
    pub(super) fn of(new: &'a NewAmendment, now: Timestamp) -> Result<Self, OpError> {
        let licenses = new.licenses.iter().map(|one| (one.license, one.version));
        let licenses: BTreeMap<LicenseId, Option<u32>> = licenses.collect();
        if licenses.is_empty() {
            return Err(Refusal::NothingSelected.into());
        }
        if licenses.len() < new.licenses.len() || licenses.len() > MAX_AMENDED {
            return Err(Refusal::Malformed.into());
        }
        Ok(Self {
            licenses,
            amendment: new.amendment().map_err(Refusal::from)?,
            in_force: new.in_force(now).map_err(Refusal::from)?,
            reason: new.why().map_err(Refusal::from)?,
        })
    }
}
