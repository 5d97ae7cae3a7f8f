//! The policy of what is kept on partners' groups (S14, N13): product filters and quotas, changed from above only.

use crate::{
    access::{Actor, Authorized, Denied, resellers::creations::sees_quota_of},
    groups::Lineage,
    ids::{GroupId, ProductId, UserId},
    resellers::quotas::{Quota, QuotaBranch},
};

/// The product filter, or a quota, of a group is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerRules {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The group whose branch they bind.
    pub group: GroupId,
}

impl Actor {
    /// Whether the actor may name the product where they set a filter or quota below: ISV admins know the catalogue, and of
    /// it all others what may be created where they stand.
    #[must_use]
    pub fn passes_on(&self, above: Option<&QuotaBranch>, product: ProductId) -> bool {
        self.isv_admin || above.is_some_and(|above| above.allows(product))
    }

    /// Whether the actor is told the numbers of a quota along the path.
    #[must_use]
    pub fn sees_quota(&self, path: &Lineage, quota: &Quota) -> bool {
        sees_quota_of(self, path, quota.group)
    }
}

/// May the actor see what is kept on the group? Its admins, and who creates tickets there.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_see_partner_rules(actor: &Actor, group: &Lineage) -> Result<(), Denied> {
    if actor.administers(group) || actor.creates_tickets_in(group) {
        Ok(())
    } else if actor.sees_group(group) {
        Err(Denied::AdminsOnly)
    } else {
        Err(Denied::Hidden)
    }
}

/// May the actor change what is kept on the group? Only from above: the admins of a group above it, and ISV admins. A partner
/// does not widen its own filter.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_partner_rules(actor: &Actor, group: &Lineage) -> Result<Authorized<PartnerRules>, Denied> {
    authorize_see_partner_rules(actor, group)?;
    let above = group.above().is_some_and(|above| actor.administers(&above));
    if actor.isv_admin || above {
        Ok(Authorized(PartnerRules {
            by: actor.user,
            group: group.group(),
        }))
    } else {
        Err(Denied::FromAbove)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::accounts::{Permission, Permissions};

    #[test]
    fn what_binds_a_partner_is_changed_from_above() {
        let partner = Lineage::top(GroupId(1)).child(GroupId(2));
        let change = |group: i64, permissions| {
            let actor = Actor {
                user: UserId(1),
                isv_admin: group == 0,
                impersonated: false,
                memberships: BTreeMap::from([(GroupId(group), permissions)]),
            };
            authorize_partner_rules(&actor, &partner).map(|_| ())
        };
        let creator = Permissions::NONE.with(Permission::CreateTicket);
        assert_eq!(change(0, Permissions::NONE), Ok(()));
        assert_eq!(change(1, Permissions::ADMIN), Ok(()));
        assert_eq!(change(2, Permissions::ADMIN), Err(Denied::FromAbove));
        assert_eq!(change(2, creator), Err(Denied::FromAbove));
        assert_eq!(
            change(1, creator),
            Err(Denied::Hidden),
            "what stands below is not theirs to know"
        );
        assert_eq!(change(2, Permissions::NONE), Err(Denied::AdminsOnly));
        assert_eq!(change(3, Permissions::ADMIN), Err(Denied::Hidden));
    }
}
