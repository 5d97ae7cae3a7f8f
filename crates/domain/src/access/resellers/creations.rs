//! The policy of resellers (S13–S15): who creates tickets and customers, where, of what, and who has the codes.

use crate::{
    access::{Actor, Authorized, Denied, Place},
    accounts::Permission,
    groups::{Lineage, MAX_DEPTH},
    ids::{GroupId, ProductId, UserId},
    refusals::Refusal,
    resellers::quotas::{OverQuota, Period, QuotaBranch},
    tickets::owners::Owner,
};

/// A customer, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFacts {
    /// The person with the account.
    pub user: UserId,
    /// The group in whose branch they were created, where it stands now.
    pub partner: Option<Lineage>,
    /// Where tickets for them go: the group that was made for them, or the person as a member of the partner's group.
    pub place: Place,
}

/// Who is to get the tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination<'a> {
    /// Nobody yet: their codes are handed out.
    Codes,
    /// The group in whose branch they are created.
    Stock,
    /// A customer whom there is already, or is not: the two are told alike where the actor does not serve them.
    Customer(Option<&'a CustomerFacts>),
    /// A customer who is created in the same transaction.
    Created(&'a Authorized<CustomerCreation>),
}

/// Tickets come into being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketCreation {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The group in whose branch; none of ISV admins, who are bound by no filter and no quota.
    pub group: Option<GroupId>,
    /// The product of every licence.
    pub product: ProductId,
    /// How many licences, in all tickets together.
    pub licenses: u64,
    /// Whose they are.
    pub owner: Owner,
    /// Protected mode: on for stock, which is not for the plain members of the group.
    pub protected: bool,
}

/// A customer comes into being: an account, switched on, and perhaps a group with it for its admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerCreation {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The person who gets an account.
    pub user: UserId,
    /// The group in whose branch.
    pub partner: Option<Lineage>,
    /// The group that is made for them, and where it will stand.
    pub own_group: Option<Lineage>,
}

impl CustomerCreation {
    /// Where tickets for the customer go.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match &self.own_group {
            Some(group) => Owner::Group(group.group()),
            None => Owner::User {
                user: self.user,
                context: self.partner.as_ref().map(Lineage::group),
            },
        }
    }
}

/// Tickets that were created together, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreationFacts {
    /// Whoever created them, and has had the codes in their hands.
    pub by: UserId,
    /// The group in whose branch, where it stands now.
    pub group: Option<Lineage>,
}

impl Actor {
    /// Whether the actor creates tickets somewhere: the page for that is for them.
    #[must_use]
    pub fn creates_tickets(&self) -> bool {
        self.isv_admin
            || self
                .memberships
                .values()
                .any(|granted| granted.has(Permission::CreateTicket))
    }

    /// Whether the actor creates tickets in the group: who has the permission in it or above it, and knows of the group. Being
    /// an admin alone is not enough; and the permission alone shows nobody what stands below.
    #[must_use]
    pub fn creates_tickets_in(&self, group: &Lineage) -> bool {
        self.sees_group(group) && self.permissions_over(group).has(Permission::CreateTicket)
    }

    /// Whether the actor creates tickets for the customer: the customers of a group are those of all who create tickets in it,
    /// whether they otherwise see them or not, for as long as the customer stands in its branch.
    #[must_use]
    pub fn serves(&self, customer: &CustomerFacts) -> bool {
        if self.isv_admin {
            return true;
        }
        let Some(partner) = &customer.partner else {
            return false;
        };
        self.creates_tickets_in(partner) && stands_within(&customer.place, partner.group())
    }
}

/// Whether tickets that go there stay in the branch of the group. Who left a group is not reached through it any more.
fn stands_within(place: &Place, group: GroupId) -> bool {
    match place {
        Place::Unassigned => false,
        Place::Group(level) => level.is_within(group),
        Place::User {
            context: Some(level),
            groups,
            ..
        } => level.is_within(group) && groups.contains(level),
        Place::User { context: None, .. } => false,
    }
}

/// May the actor create something in the group? In none, ISV admins alone.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_creating_in(actor: &Actor, group: Option<&Lineage>) -> Result<(), Denied> {
    match group {
        None if actor.isv_admin => Ok(()),
        None if actor.creates_tickets() => Err(Denied::IsvOnly),
        None => Err(Denied::Hidden),
        Some(group) if actor.creates_tickets_in(group) => Ok(()),
        Some(group) if actor.sees_group(group) => Err(Denied::CreatorsOnly),
        Some(_) => Err(Denied::Hidden),
    }
}

/// May the actor create so many licences of the product, as tickets for that destination? Who has the permission in the
/// group or above it; of what all product filters along the path let through, and within all quotas along the path. ISV admins
/// are bound by neither, and what they create counts for no quota.
///
/// # Errors
/// [`Refusal::Denied`], with the first reason against it; [`Refusal::OverQuota`].
pub fn authorize_create_tickets(
    actor: &Actor,
    branch: Option<&QuotaBranch>,
    product: ProductId,
    licenses: u64,
    to: Destination<'_>,
) -> Result<Authorized<TicketCreation>, Refusal> {
    let group = branch.map(|branch| &branch.lineage);
    authorize_creating_in(actor, group)?;
    if let Some(branch) = branch.filter(|_| !actor.isv_admin) {
        if !branch.allows(product) {
            return Err(Denied::NotInFilter.into());
        }
        check_quotas(actor, branch, |_| licenses)?;
    }
    let owner = match to {
        Destination::Codes => Owner::Unassigned,
        Destination::Stock => Owner::Group(group.ok_or(Denied::Hidden)?.group()),
        Destination::Customer(customer) => {
            let customer = customer.ok_or(Denied::Hidden)?;
            let here = group.is_none_or(|group| stands_within(&customer.place, group.group()));
            if !actor.serves(customer) || !here {
                return Err(Denied::Hidden.into());
            }
            customer.place.owner()
        }
        Destination::Created(customer) => customer.owner(),
    };
    Ok(Authorized(TicketCreation {
        by: actor.user,
        group: group.filter(|_| !actor.isv_admin).map(Lineage::group),
        product,
        licenses,
        owner,
        // What waits for its customer is not for the plain members of the partner's group: customers may be among them.
        protected: matches!(to, Destination::Stock),
    }))
}

/// All of them must have room. Of a quota that is kept above what the actor sees, nothing is told but that it is exhausted.
/// `wanted` says how many it is for the quotas of a period.
pub(crate) fn check_quotas(
    actor: &Actor,
    branch: &QuotaBranch,
    wanted: impl Fn(Period) -> u64,
) -> Result<(), OverQuota> {
    for quota in &branch.quotas {
        let wanted = wanted(quota.period);
        let left = quota.quantity.saturating_sub(quota.used);
        if wanted > left {
            return Err(OverQuota {
                wanted,
                period: quota.period,
                left: Some(left).filter(|_| sees_quota_of(actor, &branch.lineage, quota.group)),
            });
        }
    }
    Ok(())
}

/// Whether the actor knows the quotas of a group on the path: those of the groups they see.
#[must_use]
pub(crate) fn sees_quota_of(actor: &Actor, path: &Lineage, group: GroupId) -> bool {
    let mut upwards = Some(path.clone());
    while let Some(lineage) = upwards {
        if lineage.group() == group {
            return actor.sees_group(&lineage);
        }
        upwards = lineage.above();
    }
    false
}

/// May the actor create a customer in the branch of the group: the person, and with an id for it, a group below with the
/// person for its admin?
///
/// Accounts and groups are otherwise made by admins. Who creates tickets makes them for customers without administering
/// anything, because a sale must not wait for an admin (S15). That stays harmless: it happens only in the branch where they
/// have the permission; the person becomes a plain member of the partner's group, or admin of a new group in which there is
/// nothing yet; nothing that was there before is reached through it, by them or by the customer; and afterwards the account
/// and the group are the admins' alone to look after.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_create_customer(
    actor: &Actor,
    partner: Option<&Lineage>,
    user: UserId,
    own_group: Option<GroupId>,
) -> Result<Authorized<CustomerCreation>, Denied> {
    authorize_creating_in(actor, partner)?;
    if own_group.is_some() && partner.is_some_and(|partner| partner.groups().len() >= MAX_DEPTH) {
        return Err(Denied::TooDeep);
    }
    let own_group =
        own_group.map(|group| partner.map_or_else(|| Lineage::top(group), |partner| partner.child(group)));
    Ok(Authorized(CustomerCreation {
        by: actor.user,
        user,
        partner: partner.cloned(),
        own_group,
    }))
}

/// May the actor have the codes of these tickets? What is nobody's is seen by ISV admins alone (S3); but whoever created it
/// has had the codes in their hands, and gets them again for as long as they create tickets in that branch. Of each they are
/// told whether somebody took it, and not who.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_codes(actor: &Actor, creation: &CreationFacts) -> Result<(), Denied> {
    let still = || {
        creation
            .group
            .as_ref()
            .is_some_and(|group| actor.creates_tickets_in(group))
    };
    if actor.isv_admin || (actor.user == creation.by && still()) {
        Ok(())
    } else {
        Err(Denied::Hidden)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{accounts::Permissions, resellers::quotas::Quota};

    const CREATOR: Permissions = Permissions::NONE.with(Permission::CreateTicket);
    const PRODUCT: ProductId = ProductId(5);

    fn lineage(groups: &[i64]) -> Lineage {
        Lineage::new(groups.iter().map(|group| GroupId(*group)).collect()).unwrap()
    }

    fn actor(memberships: &[(i64, Permissions)]) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin: false,
            impersonated: false,
            memberships: memberships
                .iter()
                .map(|(group, permissions)| (GroupId(*group), *permissions))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    fn branch(groups: &[i64], filters: &[&[i64]], quotas: &[(i64, u64, u64)]) -> QuotaBranch {
        let filter = |ids: &&[i64]| ids.iter().map(|id| ProductId(*id)).collect::<BTreeSet<_>>();
        let quota = |(group, quantity, used): &(i64, u64, u64)| Quota {
            group: GroupId(*group),
            period: Period::Month,
            quantity: *quantity,
            used: *used,
        };
        QuotaBranch {
            lineage: lineage(groups),
            filters: filters.iter().map(filter).collect(),
            quotas: quotas.iter().map(quota).collect(),
        }
    }

    fn create(actor: &Actor, branch: Option<&QuotaBranch>, licenses: u64) -> Result<Owner, Refusal> {
        authorize_create_tickets(actor, branch, PRODUCT, licenses, Destination::Stock)
            .map(|creation| creation.owner)
    }

    #[test]
    fn tickets_are_created_where_the_permission_holds() {
        let open = |groups: &[i64]| branch(groups, &[&[5]], &[]);
        let holder = actor(&[(2, CREATOR)]);
        assert_eq!(
            create(&holder, Some(&open(&[1, 2])), 1),
            Ok(Owner::Group(GroupId(2)))
        );
        let above = actor(&[(1, CREATOR), (3, Permissions::NONE)]);
        assert_eq!(
            create(&above, Some(&open(&[1, 2, 3])), 1),
            Ok(Owner::Group(GroupId(3)))
        );
        let denied = |actor: &Actor, branch: Option<&QuotaBranch>| create(actor, branch, 1).unwrap_err();
        assert_eq!(denied(&holder, Some(&open(&[1]))), Denied::Hidden.into());
        assert_eq!(denied(&holder, Some(&open(&[1, 4]))), Denied::Hidden.into());
        assert_eq!(
            denied(&holder, Some(&open(&[1, 2, 3]))),
            Denied::Hidden.into(),
            "it is not theirs to know"
        );
        let both = actor(&[(2, CREATOR.with(Permission::Admin))]);
        assert_eq!(
            create(&both, Some(&open(&[1, 2, 3])), 1),
            Ok(Owner::Group(GroupId(3)))
        );
        assert_eq!(denied(&holder, None), Denied::IsvOnly.into());
        let admin = actor(&[(1, Permissions::ADMIN)]);
        assert_eq!(denied(&admin, Some(&open(&[1, 2]))), Denied::CreatorsOnly.into());
        assert_eq!(denied(&admin, None), Denied::Hidden.into());
        let reader = actor(&[(2, Permissions::NONE.with(Permission::ViewReports))]);
        assert_eq!(denied(&reader, Some(&open(&[1, 2]))), Denied::CreatorsOnly.into());
    }

    #[test]
    fn filters_and_quotas_bind_all_but_isv_admins() {
        let holder = actor(&[(2, CREATOR)]);
        let narrowed = branch(&[1, 2], &[&[5], &[6]], &[]);
        assert_eq!(
            create(&holder, Some(&narrowed), 1),
            Err(Denied::NotInFilter.into())
        );
        let unnamed = branch(&[1, 2], &[], &[]);
        assert_eq!(
            create(&holder, Some(&unnamed), 1),
            Err(Denied::NotInFilter.into())
        );
        let own = branch(&[1, 2], &[&[5]], &[(2, 10, 8)]);
        assert!(create(&holder, Some(&own), 2).is_ok());
        let over = |left| OverQuota {
            wanted: 3,
            period: Period::Month,
            left,
        };
        assert_eq!(create(&holder, Some(&own), 3), Err(over(Some(2)).into()));
        // Of what is kept above, no number is told.
        let above = branch(&[1, 2], &[&[5]], &[(2, 10, 0), (1, 10, 8)]);
        assert_eq!(create(&holder, Some(&above), 3), Err(over(None).into()));
        // A quota that was lowered below what there is.
        let lowered = branch(&[1, 2], &[&[5]], &[(2, 1, 8)]);
        assert!(create(&holder, Some(&lowered), 1).is_err());
        let isv = Actor {
            isv_admin: true,
            ..actor(&[])
        };
        assert!(create(&isv, Some(&lowered), 100).is_ok());
        assert!(create(&isv, Some(&unnamed), 100).is_ok());
        let made = authorize_create_tickets(&isv, Some(&lowered), PRODUCT, 9, Destination::Codes).unwrap();
        assert_eq!(
            (made.group, made.owner),
            (None, Owner::Unassigned),
            "counts for nobody's quota"
        );
    }

    #[test]
    fn a_foreign_customer_is_hidden() {
        let holder = actor(&[(2, CREATOR)]);
        let here = branch(&[1, 2], &[&[5]], &[]);
        let customer = |partner: &[i64], level: &[i64], groups: &[&[i64]]| CustomerFacts {
            user: UserId(9),
            partner: Some(lineage(partner)),
            place: Place::User {
                user: UserId(9),
                context: Some(lineage(level)),
                groups: groups.iter().map(|groups| lineage(groups)).collect(),
            },
        };
        let give = |customer: &CustomerFacts| {
            let to = Destination::Customer(Some(customer));
            authorize_create_tickets(&holder, Some(&here), PRODUCT, 1, to).map(|creation| creation.owner)
        };
        let own = customer(&[1, 2], &[1, 2], &[&[1, 2]]);
        assert_eq!(give(&own), Ok(own.place.owner()));
        let hidden = Err(Denied::Hidden.into());
        assert_eq!(give(&customer(&[1, 3], &[1, 3], &[&[1, 3]])), hidden);
        assert_eq!(give(&customer(&[1, 2], &[1, 2], &[])), hidden, "left the group");
        // The group that was made for them hangs somewhere else now.
        let moved = CustomerFacts {
            place: Place::Group(lineage(&[1, 3, 8])),
            ..own
        };
        assert_eq!(give(&moved), hidden);
    }

    #[test]
    fn customers_are_created_below() {
        let make = |actor: &Actor, partner: Option<&[i64]>, group: Option<i64>| {
            let partner = partner.map(lineage);
            authorize_create_customer(actor, partner.as_ref(), UserId(9), group.map(GroupId))
                .map(|made| (made.owner(), made.own_group.clone()))
        };
        let holder = actor(&[(2, CREATOR)]);
        let person = Owner::User {
            user: UserId(9),
            context: Some(GroupId(2)),
        };
        assert_eq!(make(&holder, Some(&[1, 2]), None), Ok((person, None)));
        assert_eq!(
            make(&holder, Some(&[1, 2]), Some(7)),
            Ok((Owner::Group(GroupId(7)), Some(lineage(&[1, 2, 7]))))
        );
        assert_eq!(make(&holder, Some(&[1]), None), Err(Denied::Hidden));
        assert_eq!(make(&holder, None, Some(7)), Err(Denied::IsvOnly));
        let deep: Vec<i64> = (0..64).map(|n| if n == 63 { 2 } else { 100 + n }).collect();
        assert_eq!(make(&holder, Some(&deep), Some(70)), Err(Denied::TooDeep));
    }

    #[test]
    fn codes_are_their_creators() {
        let creation = CreationFacts {
            by: UserId(1),
            group: Some(lineage(&[1, 2])),
        };
        assert_eq!(authorize_codes(&actor(&[(2, CREATOR)]), &creation), Ok(()));
        assert_eq!(
            authorize_codes(&actor(&[(2, Permissions::ADMIN)]), &creation),
            Err(Denied::Hidden),
            "the permission is gone"
        );
        let colleague = Actor {
            user: UserId(2),
            ..actor(&[(2, CREATOR)])
        };
        assert_eq!(authorize_codes(&colleague, &creation), Err(Denied::Hidden));
    }
}
