//! The policy of identity providers: who keeps them, whom they sign in, and where people join.

use crate::{
    access::{AccountChange, AccountCreation, Actor, Authorized, Denied, Subject, authorize_administration},
    accounts::{Permissions, identity_providers::LinkedBy},
    groups::Lineage,
    ids::UserId,
};

/// Identity providers are looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderKeeping {
    /// The actor, whom the history names.
    pub by: UserId,
}

/// Somebody is signed in by a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// The person with the account.
    pub user: UserId,
}

/// May the actor look after identity providers, of the instance or of a branch? ISV admins may: who keeps one can sign in as anybody
/// whom it signs in.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_providers(actor: &Actor) -> Result<Authorized<ProviderKeeping>, Denied> {
    authorize_administration(actor)?;
    Ok(Authorized(ProviderKeeping { by: actor.user }))
}

/// May a provider, of the instance or of a branch, sign in whom that account belongs to? One of the instance signs in ISV admins only
/// who linked their account themselves; one of a branch never does, nor anybody who is a member elsewhere, whatever it asserts.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_sign_in(
    branch: Option<&Lineage>,
    subject: &Subject,
    linked_by: LinkedBy,
) -> Result<Authorized<SignIn>, Denied> {
    let permitted = match branch {
        None => !subject.isv_admin || linked_by == LinkedBy::Person,
        Some(branch) => {
            let within = |group: &Lineage| group.is_within(branch.group());
            !subject.isv_admin && !subject.groups.is_empty() && subject.groups.iter().all(within)
        }
    };
    if permitted {
        Ok(Authorized(SignIn { user: subject.user }))
    } else {
        Err(Denied::Hidden)
    }
}

/// May somebody without an account join that group, sent by a provider? As a member without permissions, and of a branch inside of it
/// alone. The account is theirs from the first moment: the history names themselves.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_joining(
    branch: Option<&Lineage>,
    group: Lineage,
    user: UserId,
) -> Result<(Authorized<AccountCreation>, Authorized<AccountChange>), Denied> {
    if branch.is_some_and(|branch| !group.is_within(branch.group())) {
        return Err(Denied::Hidden);
    }
    let creation = AccountCreation {
        by: user,
        membership: Some((group, Permissions::NONE)),
    };
    Ok((Authorized(creation), Authorized(AccountChange { by: user, user })))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::ids::GroupId;

    fn lineage(groups: &[i64]) -> Lineage {
        groups[1..]
            .iter()
            .fold(Lineage::top(GroupId(groups[0])), |above, group| {
                above.child(GroupId(*group))
            })
    }

    fn subject(isv_admin: bool, groups: &[&[i64]]) -> Subject {
        Subject {
            user: UserId(2),
            isv_admin,
            groups: groups.iter().map(|groups| lineage(groups)).collect(),
        }
    }

    #[test]
    fn providers_are_kept_by_isv_admins() {
        let actor = |isv_admin| Actor {
            user: UserId(1),
            isv_admin,
            memberships: BTreeMap::from([(GroupId(1), Permissions::ADMIN)]),
            impersonated: false,
        };
        assert_eq!(
            authorize_providers(&actor(true)).map(|keeping| keeping.by),
            Ok(UserId(1))
        );
        assert_eq!(authorize_providers(&actor(false)), Err(Denied::Hidden));
    }

    #[test]
    fn a_provider_signs_in_its_own_people_alone() {
        let branch = lineage(&[1, 2]);
        let signs_in =
            |branch: Option<&Lineage>, subject: &Subject, by| authorize_sign_in(branch, subject, by).is_ok();
        for by in [LinkedBy::Person, LinkedBy::Provider] {
            // Of the instance, everybody; ISV admins who did it themselves.
            assert!(signs_in(None, &subject(false, &[]), by));
            assert!(signs_in(None, &subject(false, &[&[1, 2], &[3]]), by));
            assert_eq!(
                signs_in(None, &subject(true, &[&[1, 2]]), by),
                by == LinkedBy::Person
            );
            // Of a branch, those who are members in it and nowhere else.
            assert!(signs_in(Some(&branch), &subject(false, &[&[1, 2]]), by));
            assert!(signs_in(
                Some(&branch),
                &subject(false, &[&[1, 2, 5], &[1, 2]]),
                by
            ));
            for groups in [
                &[][..],
                &[&[1][..]],
                &[&[1, 2], &[1]],
                &[&[1, 2], &[3]],
                &[&[1, 4]],
            ] {
                assert!(
                    !signs_in(Some(&branch), &subject(false, groups), by),
                    "{groups:?}"
                );
            }
            assert!(!signs_in(Some(&branch), &subject(true, &[&[1, 2]]), by));
            assert!(!signs_in(Some(&branch), &subject(true, &[]), by));
        }
    }

    #[test]
    fn who_joins_gets_no_permissions_and_stays_in_the_branch() {
        let branch = lineage(&[1, 2]);
        for (branch, group, permitted) in [
            (None, lineage(&[3]), true),
            (Some(&branch), lineage(&[1, 2]), true),
            (Some(&branch), lineage(&[1, 2, 5]), true),
            (Some(&branch), lineage(&[1]), false),
            (Some(&branch), lineage(&[3]), false),
        ] {
            let joins = authorize_joining(branch, group.clone(), UserId(9));
            assert_eq!(joins.is_ok(), permitted, "{group:?}");
            if let Ok((creation, change)) = joins {
                assert_eq!(creation.membership, Some((group, Permissions::NONE)));
                assert_eq!(
                    (creation.by, change.by, change.user),
                    (UserId(9), UserId(9), UserId(9))
                );
            }
        }
    }
}
