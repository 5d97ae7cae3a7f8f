//! The policy of accounts (S17): who may make them, and who may look after them.

pub mod identity_providers;
pub mod impersonation;
pub mod offboarding;
pub mod personal_tokens;

use crate::{
    access::{Actor, Authorized, Denied, groups::check_admin},
    accounts::Permissions,
    groups::Lineage,
    ids::UserId,
};

/// An account, with the facts about it that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The person with the account.
    pub user: UserId,
    /// Stands above every group (S1): only ISV admins may change the account.
    pub isv_admin: bool,
    /// Every group the person is a member of.
    pub groups: Vec<Lineage>,
}

/// An account is made, and its person becomes a member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCreation {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The group, with the permissions in it.
    pub membership: Option<(Lineage, Permissions)>,
}

/// An account is changed: its data, its state or its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountChange {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The person with the account.
    pub user: UserId,
}

/// The mail address of an account is replaced. Whoever reads its mail may set a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmailChange {
    /// The person with the account.
    pub user: UserId,
}

impl Actor {
    /// Whether there are people the actor looks after: the list of users is for them.
    #[must_use]
    pub fn looks_after_people(&self) -> bool {
        self.isv_admin || self.memberships.values().any(|granted| granted.admin())
    }
}

/// May the actor make an account in the group? Its admins may, with no more permissions than they have; without a
/// group, ISV admins.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_create_account(
    actor: &Actor,
    membership: Option<(Lineage, Permissions)>,
) -> Result<Authorized<AccountCreation>, Denied> {
    match &membership {
        None if actor.isv_admin => {}
        None if actor.looks_after_people() => return Err(Denied::IsvOnly),
        None => return Err(Denied::Hidden),
        Some((group, permissions)) => {
            check_admin(actor, group)?;
            if !actor.permissions_over(group).covers(*permissions) {
                return Err(Denied::BeyondOwn);
            }
        }
    }
    Ok(Authorized(AccountCreation {
        by: actor.user,
        membership,
    }))
}

/// May the actor change the account? ISV admins may; of others those who administer all groups of the person, because
/// it holds in all of them. Of oneself as of anybody.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_account(actor: &Actor, subject: &Subject) -> Result<Authorized<AccountChange>, Denied> {
    if !actor.sees_user(subject.user, &subject.groups) {
        return Err(Denied::Hidden);
    }
    let administered = |group: &Lineage| actor.administers(group);
    if actor.isv_admin
        || (!subject.isv_admin && !subject.groups.is_empty() && subject.groups.iter().all(administered))
    {
        return Ok(Authorized(AccountChange {
            by: actor.user,
            user: subject.user,
        }));
    }
    if subject.groups.iter().any(administered) {
        Err(Denied::BeyondOwn)
    } else {
        Err(Denied::AdminsOnly)
    }
}

/// May the actor reset the account's credentials: generate a password, or take the second factor away? Who may change it
/// may, but not for themselves: whoever finds their browser open could take the account over.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_reset(actor: &Actor, subject: &Subject) -> Result<Authorized<AccountChange>, Denied> {
    let proof = authorize_account(actor, subject)?;
    if actor.user == subject.user {
        return Err(Denied::OwnPassword);
    }
    Ok(proof)
}

/// May the actor replace the account's mail address? Who may change it may, but not their own in passing: that takes their
/// password (ASVS 5.0, 7.5.1).
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_email(actor: &Actor, subject: &Subject) -> Result<Authorized<EmailChange>, Denied> {
    let proof = authorize_account(actor, subject)?;
    if actor.user == subject.user {
        return Err(Denied::OwnEmail);
    }
    Ok(Authorized(EmailChange { user: proof.user }))
}

/// One's own mail address everybody may replace (S12), who gave their password once more.
#[must_use]
pub fn authorize_own_email(actor: &Actor) -> Authorized<EmailChange> {
    Authorized(EmailChange { user: actor.user })
}

/// Of one's own account everybody may change the data (S12).
#[must_use]
pub fn authorize_own_account(actor: &Actor) -> Authorized<AccountChange> {
    Authorized(AccountChange {
        by: actor.user,
        user: actor.user,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{accounts::Permission, ids::GroupId};

    fn lineage(groups: &[i64]) -> Lineage {
        groups[1..]
            .iter()
            .fold(Lineage::top(GroupId(groups[0])), |above, group| {
                above.child(GroupId(*group))
            })
    }

    fn admin_of(group: i64) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin: false,
            memberships: BTreeMap::from([(GroupId(group), Permissions::ADMIN)]),
            impersonated: false,
        }
    }

    fn subject(groups: &[&[i64]]) -> Subject {
        Subject {
            user: UserId(2),
            isv_admin: false,
            groups: groups.iter().map(|groups| lineage(groups)).collect(),
        }
    }

    #[test]
    fn an_account_is_changed_by_who_administers_all_its_groups() {
        let may = |actor: &Actor, subject: &Subject| authorize_account(actor, subject).map(|_| ());
        let admin = admin_of(1);
        assert_eq!(may(&admin, &subject(&[&[1, 2]])), Ok(()));
        assert_eq!(may(&admin, &subject(&[&[1], &[1, 2]])), Ok(()));
        assert_eq!(may(&admin, &subject(&[&[1], &[3]])), Err(Denied::BeyondOwn));
        assert_eq!(may(&admin, &subject(&[&[3]])), Err(Denied::Hidden));
        assert_eq!(may(&admin, &subject(&[])), Err(Denied::Hidden));
        assert_eq!(may(&admin_of(2), &subject(&[&[1]])), Err(Denied::Hidden));
        let isv = Actor {
            isv_admin: true,
            ..admin_of(9)
        };
        assert_eq!(may(&isv, &subject(&[])), Ok(()));
        let other_isv = Subject {
            isv_admin: true,
            ..subject(&[&[1]])
        };
        assert_eq!(may(&admin, &other_isv), Err(Denied::BeyondOwn));
        let oneself = Subject {
            user: UserId(1),
            ..subject(&[&[5]])
        };
        assert_eq!(may(&admin, &oneself), Err(Denied::AdminsOnly));
    }

    #[test]
    fn ones_own_password_and_mail_address_are_not_replaced_in_passing() {
        let isv = Actor {
            isv_admin: true,
            ..admin_of(9)
        };
        let oneself = Subject {
            user: UserId(1),
            ..subject(&[&[1, 2]])
        };
        for actor in [&isv, &admin_of(1)] {
            assert!(authorize_account(actor, &oneself).is_ok());
            assert_eq!(authorize_reset(actor, &oneself), Err(Denied::OwnPassword));
            assert_eq!(authorize_email(actor, &oneself), Err(Denied::OwnEmail));
            let other = subject(&[&[1, 2]]);
            assert!(authorize_reset(actor, &other).is_ok());
            assert_eq!(
                authorize_email(actor, &other).map(|proof| proof.user),
                Ok(UserId(2))
            );
        }
        let stranger = subject(&[&[3]]);
        assert_eq!(authorize_email(&admin_of(1), &stranger), Err(Denied::Hidden));
        assert_eq!(authorize_own_email(&admin_of(1)).user, UserId(1));
    }

    #[test]
    fn an_account_is_made_in_a_group_one_administers() {
        let make = |actor: &Actor, group: Option<&[i64]>, permissions| {
            authorize_create_account(actor, group.map(|group| (lineage(group), permissions))).map(|_| ())
        };
        let creator = Permissions::NONE.with(Permission::CreateTicket);
        assert_eq!(make(&admin_of(1), Some(&[1, 2]), Permissions::ADMIN), Ok(()));
        assert_eq!(make(&admin_of(1), Some(&[1]), creator), Err(Denied::BeyondOwn));
        assert_eq!(
            make(&admin_of(1), Some(&[3]), Permissions::NONE),
            Err(Denied::Hidden)
        );
        assert_eq!(make(&admin_of(1), None, Permissions::NONE), Err(Denied::IsvOnly));
        let member = Actor {
            memberships: BTreeMap::from([(GroupId(1), Permissions::NONE)]),
            ..admin_of(1)
        };
        assert_eq!(
            make(&member, Some(&[1]), Permissions::NONE),
            Err(Denied::AdminsOnly)
        );
        assert_eq!(make(&member, None, Permissions::NONE), Err(Denied::Hidden));
    }
}
