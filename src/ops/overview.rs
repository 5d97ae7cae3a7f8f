//! The overview of one reader: figures, what ends, what waits, what happened.

use domain::{
    groups::tree::Node,
    ids::UserId,
    time::{days, later},
};

use crate::{
    ops::{OpError, actor, history, licensing::expiry},
    store::{self, Store, Tx, licensing::expiry::Expiries, overview::OfProduct, visibility::VisibilityScope},
    views::{
        overview::{DAYS, Figures, LicenseFigures, OverviewPage, PRODUCTS, ProductFigures, TOLD, Waiting},
        tickets::{COUNTED, TicketQuery},
    },
};

/// What the reader is shown of all that they may know of.
///
/// # Errors
/// [`OpError`].
pub async fn page(store: &Store, reader: UserId) -> Result<OverviewPage, OpError> {
    let now = store.sources.now();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let tickets = count(&mut tx, &visibility, Node::All).await?;
    let licenses = if tickets > u64::from(COUNTED) {
        None
    } else {
        let by_product = store::overview::licenses(&mut tx, &visibility, now).await?;
        Some(added_up(by_product))
    };
    let unassigned = if visibility.actor().isv_admin {
        Some(count(&mut tx, &visibility, Node::Unassigned).await?)
    } else {
        None
    };
    let expiries = Expiries {
        visibility: &visibility,
        ends: (now, later(now, days(DAYS))),
        branch: None,
    };
    let ending = expiries.counts(&mut tx, now).await?;
    let mut endings = expiries.page(&mut tx, None, 0).await?;
    endings.truncate(TOLD);
    let limit = i64::try_from(TOLD).unwrap_or(i64::MAX);
    Ok(OverviewPage {
        tickets,
        mine: count(&mut tx, &visibility, Node::Mine).await?,
        unassigned,
        licenses,
        containers: store::licensing::containers::count(&mut tx, &visibility).await?,
        ending: ending.iter().map(|counted| counted.licenses).sum(),
        ends: expiry::rows(&mut tx, &visibility, endings, now).await?,
        waits: Waiting {
            own_free: store::overview::own_free(&mut tx, &visibility, now).await?,
            webhooks: store::overview::stopped_webhooks(&mut tx, &visibility, limit).await?,
            take_backs: store::licensing::take_backs::waiting(&mut tx, &visibility, limit).await?,
        },
        lately: history::lately(&mut tx, &visibility, TOLD).await?,
    })
}

async fn count(tx: &mut Tx, visibility: &VisibilityScope, node: Node) -> Result<u64, OpError> {
    Ok(store::tickets::listing::count(tx, visibility, &TicketQuery::of(node), None).await?)
}

fn added_up(by_product: Vec<OfProduct>) -> LicenseFigures {
    let mut all = Figures::default();
    let mut products = Vec::new();
    for OfProduct {
        product,
        name,
        counts: [granted, activated, in_use],
    } in by_product
    {
        all.granted += granted;
        all.activated += activated;
        all.in_use += in_use;
        products.push(ProductFigures {
            product,
            name,
            figures: Figures {
                granted,
                activated,
                in_use,
            },
        });
    }
    let more = products.len().saturating_sub(PRODUCTS);
    products.truncate(PRODUCTS);
    LicenseFigures {
        all,
        products,
        more: u32::try_from(more).unwrap_or(u32::MAX),
    }
}
