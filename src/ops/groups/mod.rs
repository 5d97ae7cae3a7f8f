//! Groups by hand (S1): creating, renaming, moving, dissolving, and their members.

pub mod tree;

use domain::{
    access::{self, Actor, Denied},
    accounts::Permissions,
    groups::Lineage,
    history::{changes::Change, events::EventKind},
    ids::{GroupId, UserId},
    names::clean_name,
    refusals::Refusal,
    tickets::owners::Owner,
};

use crate::{
    ops::{OpError, actor, history::webhooks, readers::Names, transactions::in_transaction},
    store::{self, Store, Tx, history::events::Entry, visibility::VisibilityScope},
    views::groups::{Choice, GroupDetail, GroupRights, Member},
};

/// Most groups or people in a list to choose from; the search narrows it.
const SHOWN: i64 = 100;

async fn lineage(tx: &mut Tx, group: GroupId) -> Result<Lineage, OpError> {
    Ok(store::groups::lineage(tx, group).await?.ok_or(Denied::Hidden)?)
}

/// A group that the actor may know of: what else the policy asks about is read for no other, so that a hidden one takes no
/// longer than none (R12).
async fn known(tx: &mut Tx, actor: &Actor, group: GroupId) -> Result<Lineage, OpError> {
    let lineage = lineage(tx, group).await?;
    if actor.sees_group(&lineage) {
        Ok(lineage)
    } else {
        Err(Denied::Hidden.into())
    }
}

async fn known_if(tx: &mut Tx, actor: &Actor, group: Option<GroupId>) -> Result<Option<Lineage>, OpError> {
    match group {
        Some(group) => Ok(Some(known(tx, actor, group).await?)),
        None => Ok(None),
    }
}

/// A group as the reader sees it.
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn detail(store: &Store, reader: UserId, group: GroupId) -> Result<GroupDetail, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let actor = visibility.actor();
    let lineage = lineage(&mut tx, group).await?;
    let visible = visibility.visible(&lineage).ok_or(Denied::Hidden)?;
    let administer = actor.administers(&lineage);
    let members = store::groups::members(&mut tx, group).await?.into_iter();
    let members = members
        .filter(|(user, ..)| administer || *user == reader)
        .map(|(user, name, login, permissions, _)| Member {
            user,
            name,
            login,
            permissions,
        })
        .collect();
    // What a plain member cannot see is not counted for them either (S4).
    let (subgroups, tickets, tickets_in_branch) = if administer {
        let contents = store::groups::contents(&mut tx, group).await?;
        let in_branch = store::groups::tree::tickets_in_branch(&mut tx, &visibility, &lineage).await?;
        (contents.subgroups, contents.tickets, in_branch)
    } else {
        (0, 0, 0)
    };
    let relocate = access::authorize_delete_group(actor, &lineage, 0, None).is_ok();
    let grant = actor.permissions_over(&lineage);
    Ok(GroupDetail {
        path: Names::of(&mut tx, &visibility, [&lineage])
            .await?
            .path(&visibility, &lineage),
        lineage: visible,
        members,
        subgroups,
        tickets,
        tickets_in_branch,
        may: GroupRights {
            administer,
            relocate,
            grant,
        },
    })
}

/// Groups the reader administers that match the search, by name; `not_within` leaves out a branch.
///
/// # Errors
/// [`OpError`].
pub async fn administered(
    store: &Store,
    reader: UserId,
    search: &str,
    not_within: Option<GroupId>,
) -> Result<Vec<Choice>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    administered_by(&mut tx, &visibility, search, not_within).await
}

/// The same, for who reads more at the same time.
///
/// # Errors
/// [`OpError`].
pub(crate) async fn administered_by(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    search: &str,
    not_within: Option<GroupId>,
) -> Result<Vec<Choice>, OpError> {
    let search: String = search.chars().take(100).collect();
    let mut found = store::groups::tree::find_groups(tx, visibility, &search, SHOWN).await?;
    let actor = visibility.actor();
    // A branch that the reader does not administer leaves nothing out: else it would tell what stands above them (S4).
    let is_left_out = |lineage: &Lineage| {
        let branch = not_within.and_then(|branch| lineage.up_to(branch));
        branch.is_some_and(|branch| actor.administers(&branch))
    };
    found.retain(|found| actor.administers(&found.lineage) && !is_left_out(&found.lineage));
    let names = Names::of(tx, visibility, found.iter().map(|found| &found.lineage)).await?;
    let choice = |lineage: &Lineage| Choice {
        id: lineage.group().0,
        label: names.path(visibility, lineage).join(" › "),
    };
    Ok(found.iter().map(|found| choice(&found.lineage)).collect())
}

/// People within the reader's reach who are not members of the group, that match the search, by name.
///
/// # Errors
/// [`Denied`] unless the reader administers the group.
pub async fn candidates(
    store: &Store,
    reader: UserId,
    group: GroupId,
    search: &str,
) -> Result<Vec<Choice>, OpError> {
    let search: String = search.chars().take(100).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let lineage = lineage(&mut tx, group).await?;
    access::authorize_rename_group(&actor, &lineage)?;
    let members: Vec<UserId> = store::groups::members(&mut tx, group)
        .await?
        .into_iter()
        .map(|(user, ..)| user)
        .collect();
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut choices: Vec<Choice> = Vec::new();
    for found in store::groups::tree::find_people(&mut tx, &visibility, &search, SHOWN).await? {
        let Some(user) = found.owner.user().filter(|user| !members.contains(user)) else {
            continue;
        };
        if choices.last().is_none_or(|last| last.id != user.0) {
            choices.push(Choice {
                id: user.0,
                label: format!("{} ({})", found.name, found.login),
            });
        }
    }
    Ok(choices)
}

/// Creates a group below `parent`, or at the top level.
///
/// # Errors
/// [`Refusal::InvalidName`]; [`Refusal::Denied`].
pub async fn create(
    store: &Store,
    by: UserId,
    parent: Option<GroupId>,
    name: &str,
) -> Result<GroupId, OpError> {
    let name = clean_name(name).map_err(Refusal::from)?;
    in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let parent = known_if(&mut tx, &actor, parent).await?;
        let creation = access::authorize_create_group(&actor, parent)?;
        let group = GroupId(store.sources.fresh_id());
        store::groups::create(&mut tx, group, &creation, &name, store.sources.now()).await?;
        let entry = Entry {
            group: Some(group),
            ..Entry::new(EventKind::GroupCreated, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(group)
    })
}

/// Renames a group.
///
/// # Errors
/// [`Refusal::InvalidName`]; [`Refusal::Denied`].
pub async fn rename(store: &Store, by: UserId, group: GroupId, name: &str) -> Result<(), OpError> {
    let name = clean_name(name).map_err(Refusal::from)?;
    in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = lineage(&mut tx, group).await?;
        let renaming = access::authorize_rename_group(&actor, &lineage)?;
        let before = store::groups::name(&mut tx, group).await?;
        store::groups::rename(&mut tx, &renaming, &name).await?;
        let entry = Entry {
            group: Some(group),
            change: Some(Change::Name {
                before,
                after: name.clone(),
            }),
            ..Entry::new(EventKind::GroupRenamed, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}

/// Hangs a group, with all below it, under another parent, or at the top level.
///
/// # Errors
/// [`Refusal::Denied`].
pub async fn reparent(
    store: &Store,
    by: UserId,
    group: GroupId,
    parent: Option<GroupId>,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = known(&mut tx, &actor, group).await?;
        let parent = known_if(&mut tx, &actor, parent).await?;
        let height = store::groups::height(&mut tx, &lineage).await?;
        let moving = access::authorize_move_group(&actor, &lineage, height - 1, parent.as_ref())?;
        store::groups::relocate(&mut tx, &moving).await?;
        let entry = Entry {
            group: Some(group),
            from: moving.from.parent().map(Owner::Group),
            to: moving.to.parent().map(Owner::Group),
            ..Entry::new(EventKind::GroupMoved, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}

/// Dissolves a group. What it holds goes to the heir; its people too if wished, as plain members.
///
/// # Errors
/// [`Refusal::NotEmpty`] when it holds something and there is no heir; [`Refusal::Denied`].
pub async fn delete(
    store: &Store,
    by: UserId,
    group: GroupId,
    heir: Option<GroupId>,
    people_follow: bool,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = known(&mut tx, &actor, group).await?;
        let heir = known_if(&mut tx, &actor, heir).await?;
        let height = store::groups::height(&mut tx, &lineage).await?;
        let deletion = access::authorize_delete_group(&actor, &lineage, height - 1, heir.as_ref())?;
        let contents = store::groups::contents(&mut tx, group).await?;
        if heir.is_none() && (contents.subgroups > 0 || contents.tickets > 0 || contents.containers > 0) {
            Err(Refusal::NotEmpty)?;
        }
        let members = store::groups::members(&mut tx, group).await?;
        webhooks::end_with(&mut tx, store, by, group).await?;
        let inherited =
            store::groups::dissolve(&mut tx, &deletion, people_follow, store.sources.now()).await?;
        for ticket in &inherited {
            store::history::events::record_inheritance(&mut tx, &store.sources, by, ticket).await?;
        }
        // Each of them is told, though the group is gone.
        for (member, _, _, before, _) in members {
            let entry = Entry {
                group: Some(group),
                user: Some(member),
                change: Some(Change::Permissions {
                    before: Some(before),
                    after: None,
                }),
                ..Entry::new(EventKind::MemberRemoved, by)
            };
            store::history::events::record(&mut tx, &store.sources, entry).await?;
        }
        let entry = Entry {
            group: Some(group),
            from: lineage.parent().map(Owner::Group),
            ..Entry::new(EventKind::GroupDeleted, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        if let Some(above) = lineage.parent() {
            store::history::events::inherit_history(&mut tx, group, above).await?;
        }
        Ok(())
    })
}

/// Makes a person a member with these permissions, changes them, or (`None`) ends the membership.
///
/// # Errors
/// [`Refusal::Denied`].
pub async fn set_member(
    store: &Store,
    by: UserId,
    group: GroupId,
    user: UserId,
    permissions: Option<Permissions>,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        change_member(store, &mut tx, &actor, group, user, permissions).await
    })
}

/// The same, in a transaction that does more.
///
/// # Errors
/// [`Refusal::Denied`].
pub(crate) async fn change_member(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    group: GroupId,
    user: UserId,
    permissions: Option<Permissions>,
) -> Result<(), OpError> {
    let lineage = known(tx, actor, group).await?;
    let now = store::groups::membership(tx, group, user).await?;
    let groups = store::groups::of_known_user(tx, user)
        .await?
        .ok_or(Denied::Hidden)?;
    let change = access::authorize_membership(actor, &lineage, user, &groups, now, permissions)?;
    store::groups::set_membership(tx, &change).await?;
    let kind = if permissions.is_some() {
        EventKind::MemberSet
    } else {
        EventKind::MemberRemoved
    };
    let entry = Entry {
        group: Some(group),
        user: Some(user),
        change: Some(Change::Permissions {
            before: now,
            after: permissions,
        }),
        ..Entry::new(kind, actor.user)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}
