//! The policy of amendments (N17): who renews, changes and revokes what a ticket grants.

use crate::{
    access::{Actor, Authorized, Denied, TicketFacts, resellers::creations::check_quotas},
    accounts::Permission,
    ids::{GroupId, LicenseId, ProductId, TicketId, UserId},
    licensing::amendments::{Amendment, Grant, InvalidAmendment},
    refusals::Refusal,
    resellers::quotas::QuotaBranch,
};

/// A licence of a ticket, with the facts that decisions rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseFacts<'a> {
    /// Goes into the proof, so that it permits an amendment of this licence and of no other.
    pub id: LicenseId,
    /// What it is of.
    pub product: ProductId,
    /// The ticket that grants it.
    pub ticket: &'a TicketFacts,
    /// The level of the ticket, with the filters and quotas that hold there; none of a ticket without a level.
    pub branch: Option<&'a QuotaBranch>,
}

/// A licence is amended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseAmendment {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket that grants the licence.
    pub ticket: TicketId,
    /// The licence that is amended.
    pub license: LicenseId,
    /// What is done to it.
    pub amendment: Amendment,
    /// The group in whose branch it counts for quotas; none of ISV admins, who are bound by none.
    pub group: Option<GroupId>,
}

/// What a membership has to permit for it. What only moves an end needs another permission than what says how many there
/// are and whether they can be used; and what is for good, a third. What two tickets share is no amendment that anybody makes by
/// itself: of it, see [`splits`](crate::access::tickets::splits).
#[must_use]
pub const fn needed(amendment: Amendment) -> Permission {
    match amendment {
        Amendment::Renew { .. } | Amendment::Extend { .. } => Permission::RenewTicket,
        Amendment::Quantity { .. }
        | Amendment::Suspend
        | Amendment::Reinstate
        | Amendment::Split { .. }
        | Amendment::Join { .. } => Permission::ChangeTicket,
        Amendment::Revoke => Permission::RevokeTicket,
    }
}

impl Actor {
    /// Whether the actor has that permission somewhere: pages offer then what it permits.
    #[must_use]
    pub fn amends_somewhere(&self, permission: Permission) -> bool {
        let mut granted = self.memberships.values();
        self.isv_admin || granted.any(|granted| granted.has(permission))
    }

    /// Whether the actor amends licences like that where the ticket is: who has the permission at its level or above. What has
    /// no level is the ISV admins' alone to amend.
    fn amends(&self, license: &LicenseFacts<'_>, amendment: Amendment) -> Result<(), Denied> {
        if !self.sees_ticket(license.ticket) {
            return Err(Denied::Hidden);
        }
        if self.isv_admin {
            return Ok(());
        }
        let level = license.ticket.place.owner().level();
        let branch = license
            .branch
            .filter(|branch| level == Some(branch.lineage.group()));
        let permission = needed(amendment);
        let permitted = |branch: &&QuotaBranch| self.permissions_over(&branch.lineage).has(permission);
        let Some(branch) = branch.filter(permitted) else {
            return Err(match permission {
                Permission::RevokeTicket => Denied::RevokersOnly,
                Permission::RenewTicket => Denied::RenewersOnly,
                _ => Denied::ChangersOnly,
            });
        };
        if branch.allows(license.product) {
            Ok(())
        } else {
            Err(Denied::NotInFilter)
        }
    }
}

/// May the actor amend the licence, which stands as in `before` when that comes into force? Who sees its ticket and has the
/// permission at the ticket's level or above; of what all product filters along the path let through, so that nobody amends
/// what they could not have sold; and within all quotas along the path. ISV admins are bound by neither, and what they do
/// counts for no quota.
///
/// # Errors
/// [`Refusal::Denied`], with the first reason against it; [`Refusal::OverQuota`]; [`InvalidAmendment::OfTwoTickets`].
pub fn authorize_amend(
    actor: &Actor,
    license: &LicenseFacts<'_>,
    amendment: Amendment,
    before: &Grant,
) -> Result<Authorized<LicenseAmendment>, Refusal> {
    let authorized = authorize_undo_amendment(actor, license, amendment)?;
    if amendment.is_of_two_tickets() {
        return Err(InvalidAmendment::OfTwoTickets.into());
    }
    if let Some(branch) = license.branch.filter(|_| !actor.isv_admin) {
        check_quotas(actor, branch, |period| amendment.counts(before, period))?;
    }
    Ok(authorized)
}

/// May the actor take that amendment of the licence back? Who may make one like it. What it counted for quotas counts no more.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_undo_amendment(
    actor: &Actor,
    license: &LicenseFacts<'_>,
    amendment: Amendment,
) -> Result<Authorized<LicenseAmendment>, Denied> {
    actor.amends(license, amendment)?;
    let branch = license.branch.filter(|_| !actor.isv_admin);
    Ok(Authorized(LicenseAmendment {
        by: actor.user,
        ticket: license.ticket.id,
        license: license.id,
        amendment,
        group: branch.map(|branch| branch.lineage.group()),
    }))
}
