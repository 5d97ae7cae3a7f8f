//! What binds partners (S14, N13): product filters and quotas, kept on their groups and changed from above.

use std::collections::BTreeSet;

use domain::{
    access::{self, Actor, Denied},
    groups::Lineage,
    history::{changes::Change, events::EventKind},
    ids::{GroupId, ProductId, UserId},
    refusals::Refusal,
    resellers::quotas::{InvalidQuota, MAX_QUOTA, Period, QuotaBranch},
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, readers::Names, transactions::in_transaction},
    store::{self, Store, Tx, history::events::Entry, visibility::VisibilityScope},
    views::{
        licensing::products::Product,
        resellers::quotas::{PartnerDetail, QuotaRow},
    },
};

async fn lineage(tx: &mut Tx, group: GroupId) -> Result<Lineage, OpError> {
    Ok(store::groups::lineage(tx, group).await?.ok_or(Denied::Hidden)?)
}

/// Where the group above stands, with its filters.
async fn above(tx: &mut Tx, group: &Lineage) -> Result<Option<QuotaBranch>, OpError> {
    Ok(match group.above() {
        Some(above) => Some(store::resellers::quotas::branch(tx, above, None, Timestamp::UNIX_EPOCH).await?),
        None => None,
    })
}

/// The products that the actor may name there.
async fn nameable(tx: &mut Tx, actor: &Actor, group: &Lineage) -> Result<Vec<Product>, OpError> {
    let above = above(tx, group).await?;
    let mut products = store::licensing::products::all(tx).await?;
    products.retain(|product| actor.passes_on(above.as_ref(), product.id));
    Ok(products)
}

/// What is kept on the group.
///
/// # Errors
/// The policy's.
pub async fn detail(store: &Store, reader: UserId, group: GroupId) -> Result<PartnerDetail, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let lineage = lineage(&mut tx, group).await?;
    access::authorize_see_partner_rules(&actor, &lineage)?;
    let may_change = access::authorize_partner_rules(&actor, &lineage).is_ok();
    let now = store.sources.now();
    let own = store::resellers::quotas::filters(&mut tx, &[group])
        .await?
        .remove(&group);
    let branch = store::resellers::quotas::branch(&mut tx, lineage.clone(), None, now).await?;
    let catalogue = store::licensing::products::all(&mut tx).await?;
    let choices = if may_change {
        nameable(&mut tx, &actor, &lineage).await?
    } else {
        Vec::new()
    };
    let let_through = |product: &Product| own.as_ref().is_some_and(|own| own.contains(&product.id));
    let mut quotas = Vec::new();
    let on = std::slice::from_ref(&lineage);
    for (product, quota) in store::resellers::quotas::quotas(&mut tx, on, None, now).await? {
        let product = catalogue.iter().find(|known| known.id == product);
        quotas.extend(product.map(|product| QuotaRow {
            product: product.clone(),
            period: quota.period,
            quantity: quota.quantity,
            used: quota.used,
        }));
    }
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    Ok(PartnerDetail {
        group,
        path: Names::of(&mut tx, &visibility, [&lineage])
            .await?
            .path(&visibility, &lineage),
        may_change,
        filtered: own.is_some(),
        choices: choices
            .into_iter()
            .map(|product| {
                let through = let_through(&product);
                (product, through)
            })
            .collect(),
        allowed: catalogue
            .into_iter()
            .filter(|product| branch.allows(product.id))
            .collect(),
        quotas,
    })
}

async fn record(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    by: UserId,
    group: GroupId,
    change: Change,
) -> Result<(), OpError> {
    let entry = Entry {
        group: Some(group),
        change: Some(change),
        ..Entry::new(kind, by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Sets the product filter of a group; without one, it has none of its own.
///
/// # Errors
/// The policy's; [`Denied::NotInFilter`] for a product that the actor may not name.
pub async fn set_filter(
    store: &Store,
    by: UserId,
    group: GroupId,
    products: Option<&BTreeSet<ProductId>>,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        tx.hold_creations().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = lineage(&mut tx, group).await?;
        let proof = access::authorize_partner_rules(&actor, &lineage)?;
        let known = nameable(&mut tx, &actor, &lineage).await?;
        let known: BTreeSet<ProductId> = known.into_iter().map(|product| product.id).collect();
        if products.is_some_and(|products| !products.is_subset(&known)) {
            Err(Denied::NotInFilter)?;
        }
        let before = store::resellers::quotas::filters(&mut tx, &[group])
            .await?
            .remove(&group);
        store::resellers::quotas::set_filter(&mut tx, &proof, products).await?;
        let change = Change::Filter {
            before,
            after: products.cloned(),
        };
        record(&mut tx, store, EventKind::ProductFilterChanged, by, group, change).await
    })
}

/// Sets a quota of a group, or takes it away.
///
/// # Errors
/// The policy's; [`Denied::NotInFilter`] for a product that the actor may not name; [`Refusal::InvalidQuota`].
pub async fn set_quota(
    store: &Store,
    by: UserId,
    group: GroupId,
    product: ProductId,
    period: Period,
    quantity: Option<u64>,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        tx.hold_creations().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = lineage(&mut tx, group).await?;
        let proof = access::authorize_partner_rules(&actor, &lineage)?;
        let known = nameable(&mut tx, &actor, &lineage).await?;
        if !known.iter().any(|known| known.id == product) {
            Err(Denied::NotInFilter)?;
        }
        if quantity.is_some_and(|quantity| quantity > MAX_QUOTA) {
            Err(Refusal::from(InvalidQuota))?;
        }
        let before = store::resellers::quotas::quantity(&mut tx, group, product, period).await?;
        store::resellers::quotas::set_quota(&mut tx, &proof, product, period, quantity).await?;
        let change = Change::Quota {
            product,
            period,
            before,
            after: quantity,
        };
        record(&mut tx, store, EventKind::QuotaChanged, by, group, change).await
    })
}
