//! Saved views of the list of tickets: of a person, and of a group for all who see it.

use domain::{
    access::{self, Actor, Authorized, Denied, ViewKeeping, ViewOwner},
    groups::{Lineage, tree::Node},
    ids::{GroupId, UserId, ViewId},
    names::clean_name,
    refusals::Refusal,
};

use crate::{
    ops::{OpError, actor, readers, tickets::places::place_of, transactions::in_transaction},
    store::{self, Store, Tx, tickets::saved::StoredView, visibility::VisibilityScope},
    views::tickets::{
        MAX_SEARCH,
        saved::{MAX_VIEWS, SavedView, SavedViews, ViewQuery},
    },
};

/// The views that the reader can choose at a node: their own, and those of its group and of the groups above it that they see.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the node, or there is none.
pub async fn at(store: &Store, reader: UserId, node: Node) -> Result<SavedViews, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let place = place_of(&mut tx, &visibility, node).await?;
    let level = place.as_ref().and_then(readers::level);
    let visible = level.and_then(|level| visibility.visible(level));
    let groups = visible.as_ref().map_or(&[][..], Lineage::groups);
    let actor = visibility.actor();
    let own = Some(actor.user).filter(|user| actor.sees_views(&ViewOwner::Person(*user)));
    let found = store::tickets::saved::of(&mut tx, own, groups).await?;
    // The groups above a group stand in its own lineage.
    let lineage_of = |group: GroupId| {
        let mut upwards = level.cloned();
        while let Some(lineage) = upwards.take_if(|lineage| lineage.group() != group) {
            upwards = lineage.above();
        }
        upwards
    };
    let row = |view: StoredView| {
        let owner = match (view.user, view.group.and_then(lineage_of)) {
            (Some(user), _) => ViewOwner::Person(user),
            (None, Some(lineage)) => ViewOwner::Group(lineage),
            (None, None) => return None,
        };
        actor.sees_views(&owner).then(|| SavedView {
            id: view.id,
            name: view.name,
            group: view.group,
            query: view.query,
            may_keep: access::authorize_views(actor, &owner).is_ok(),
        })
    };
    let keeps =
        |group: &&Lineage| access::authorize_views(actor, &ViewOwner::Group((*group).clone())).is_ok();
    Ok(SavedViews {
        group: level.filter(keeps).map(Lineage::group),
        views: found.into_iter().filter_map(row).collect(),
    })
}

/// Saves a view for the actor, or for a group; one of the same name is overwritten. It yields the id.
///
/// # Errors
/// The policy's; [`Refusal::InvalidName`]; [`Refusal::TooManyViews`].
pub async fn save(
    store: &Store,
    by: UserId,
    group: Option<GroupId>,
    name: &str,
    query: ViewQuery,
) -> Result<ViewId, OpError> {
    let query = ViewQuery {
        search: query.search.chars().take(MAX_SEARCH).collect(),
        ..query
    };
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let owner = match group {
            None => ViewOwner::Person(by),
            Some(group) => {
                let lineage = store::groups::lineage(&mut tx, group).await?;
                ViewOwner::Group(lineage.ok_or(Denied::Hidden)?)
            }
        };
        let proof = access::authorize_views(&actor, &owner)?;
        let name = clean_name(name).map_err(Refusal::from)?;
        let groups: Vec<GroupId> = proof.group.into_iter().collect();
        let known = store::tickets::saved::of(&mut tx, proof.user, &groups).await?;
        let same = known.iter().find(|view| view.name == name).map(|view| view.id);
        if same.is_none() && known.len() >= MAX_VIEWS {
            Err(Refusal::TooManyViews)?;
        }
        let id = same.unwrap_or_else(|| ViewId(store.sources.fresh_id()));
        store::tickets::saved::save(&mut tx, &proof, id, (&name, &query), store.sources.now()).await?;
        Ok(id)
    })
}

/// Removes a view.
///
/// # Errors
/// The policy's; [`Denied::Hidden`] where there is no such view.
pub async fn remove(store: &Store, by: UserId, view: ViewId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let proof = kept(&mut tx, &actor, view).await?;
        store::tickets::saved::remove(&mut tx, &proof, view).await?;
        Ok(())
    })
}

/// The proof that the actor may keep the view. A hidden one takes as many statements as one that does not exist (R12).
async fn kept(tx: &mut Tx, actor: &Actor, view: ViewId) -> Result<Authorized<ViewKeeping>, OpError> {
    let view = store::tickets::saved::by_id(tx, view).await?;
    let group = view.as_ref().and_then(|view| view.group);
    let lineage = store::groups::lineage(tx, group.unwrap_or(GroupId(store::NOTHING))).await?;
    let owner = match (view.and_then(|view| view.user), lineage) {
        (Some(user), _) => ViewOwner::Person(user),
        (None, Some(lineage)) => ViewOwner::Group(lineage),
        (None, None) => return Err(Denied::Hidden.into()),
    };
    Ok(access::authorize_views(actor, &owner)?)
}
