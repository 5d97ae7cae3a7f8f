//! The policy of webhooks: who keeps them, and what they tell.

use std::collections::BTreeMap;

use crate::{
    access::{Actor, Authorized, Denied, groups::check_admin},
    accounts::Permissions,
    groups::Lineage,
    ids::{GroupId, UserId},
};

/// Nobody at all: what a webhook tells is not told to a person, who would be told what they did elsewhere, too.
const NOBODY: UserId = UserId(-1);

/// The webhooks of a group, or of the instance, are looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookKeeping {
    /// The actor, whom the history names.
    pub by: UserId,
    /// Of which group; none for the instance.
    pub group: Option<GroupId>,
}

/// May the actor look after the webhooks of the group, or (`None`) of the instance? Its admins may: they read the history that is
/// sent. Of the instance, only ISV admins know that there are such.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_webhooks(
    actor: &Actor,
    group: Option<&Lineage>,
) -> Result<Authorized<WebhookKeeping>, Denied> {
    match group {
        Some(group) => check_admin(actor, group)?,
        None if actor.isv_admin => {}
        None => return Err(Denied::Hidden),
    }
    Ok(Authorized(WebhookKeeping {
        by: actor.user,
        group: group.map(Lineage::group),
    }))
}

/// As whom a webhook reads, as long as its keeper may look after it: an admin of its group and of nothing else, whatever the
/// keeper reads besides; of the instance, an ISV admin.
///
/// # Errors
/// [`Denied`], when the keeper no longer may.
pub fn webhook_reader(keeper: &Actor, group: Option<&Lineage>) -> Result<Actor, Denied> {
    let keeping = authorize_webhooks(keeper, group)?;
    let memberships = keeping.group.map(|group| (group, Permissions::ADMIN));
    Ok(Actor {
        user: NOBODY,
        isv_admin: keeping.group.is_none(),
        memberships: BTreeMap::from_iter(memberships),
        impersonated: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::EventFacts, history::events::OPERATOR};

    fn admin_of(group: Option<i64>) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin: group.is_none(),
            impersonated: false,
            memberships: group
                .map(|group| (GroupId(group), Permissions::ADMIN))
                .into_iter()
                .collect(),
        }
    }

    #[test]
    fn webhooks_are_kept_by_the_admins_of_their_group() {
        let above = Lineage::top(GroupId(1));
        let group = above.child(GroupId(2));
        let keep = |actor: &Actor, group: Option<&Lineage>| authorize_webhooks(actor, group).map(|_| ());
        assert_eq!(keep(&admin_of(None), None), Ok(()));
        assert_eq!(keep(&admin_of(None), Some(&group)), Ok(()));
        assert_eq!(keep(&admin_of(Some(1)), Some(&group)), Ok(()));
        assert_eq!(keep(&admin_of(Some(2)), Some(&group)), Ok(()));
        assert_eq!(keep(&admin_of(Some(2)), Some(&above)), Err(Denied::Hidden));
        assert_eq!(keep(&admin_of(Some(3)), Some(&group)), Err(Denied::Hidden));
        assert_eq!(keep(&admin_of(Some(1)), None), Err(Denied::Hidden));
        let mut member = admin_of(Some(2));
        member.memberships = BTreeMap::from([(GroupId(2), Permissions::NONE)]);
        assert_eq!(keep(&member, Some(&group)), Err(Denied::AdminsOnly));
    }

    #[test]
    fn a_webhook_reads_its_branch_and_nothing_else() {
        let above = Lineage::top(GroupId(1));
        let group = above.child(GroupId(2));
        let event = |actor: UserId, groups: &[&Lineage]| EventFacts {
            actor,
            people: vec![actor],
            groups: groups.iter().map(|group| (*group).clone()).collect(),
        };
        // Whoever keeps it, however much they see themselves.
        for keeper in [admin_of(None), admin_of(Some(1)), admin_of(Some(2))] {
            let reader = webhook_reader(&keeper, Some(&group)).unwrap();
            assert!(reader.sees_event(&event(UserId(9), &[&group])));
            assert!(reader.sees_event(&event(UserId(9), &[&above, &group.child(GroupId(3))])));
            for actor in [UserId(1), UserId(9), OPERATOR] {
                assert!(!reader.sees_event(&event(actor, &[&above])));
                assert!(!reader.sees_event(&event(actor, &[])));
            }
            assert!(reader.sees_group(&group) && !reader.sees_group(&above));
        }
        assert!(webhook_reader(&admin_of(Some(3)), Some(&group)).is_err());
        assert!(webhook_reader(&admin_of(Some(1)), None).is_err());
        let reader = webhook_reader(&admin_of(None), None).unwrap();
        assert!(reader.sees_event(&event(OPERATOR, &[])));
    }
}
