//! From what to what something was changed, where the other columns of its event do not say it (N11).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::permissions::Permissions,
    history::Topic,
    ids::{AmendmentId, ProductId, TakeBackId, WebhookId},
    licensing::{
        amendments::{Amendment, Grant},
        take_backs::TakeBackState,
    },
    resellers::quotas::Period,
};

/// From what to what. `None` where there was nothing before, or is nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "before and after mean the same in all of them, the others their types"
)]
pub enum Change {
    /// A quota of a group, in licences in each period.
    Quota {
        product: ProductId,
        period: Period,
        before: Option<u64>,
        after: Option<u64>,
    },
    /// The product filter of a group.
    Filter {
        before: Option<BTreeSet<ProductId>>,
        after: Option<BTreeSet<ProductId>>,
    },
    /// What a person may do in a group; `None` for who is no member.
    Permissions {
        before: Option<Permissions>,
        after: Option<Permissions>,
    },
    /// The name of a group.
    Name { before: String, after: String },
    /// A product of the catalogue was made, or written over.
    Product { product: ProductId },
    /// A webhook: which, and how it was kept.
    Webhook {
        webhook: WebhookId,
        before: Option<WebhookState>,
        after: Option<WebhookState>,
    },
    /// What is done to a licence, from which moment on, and how it stands before and after; taken back, the other way round.
    Amendment {
        amendment: AmendmentId,
        what: Amendment,
        in_force_at: Timestamp,
        before: Grant,
        after: Grant,
    },
    /// A ticket is to be taken back: on which day, and how far that has come.
    TakeBack {
        take_back: TakeBackId,
        due_at: Timestamp,
        state: TakeBackState,
    },
    /// The operator had so many events sealed whose time runs backwards or ahead.
    Accepted { events: u32 },
    /// The portal is as it was when the backup was made.
    Restored { made_at: Timestamp },
}

/// How a webhook is kept, without what may be secret in its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookState {
    /// What people call it.
    pub name: String,
    /// Where it sends to: scheme, host and port. Not known of one that was given up because the key of its address was lost.
    pub origin: Option<String>,
    /// What it is told; everything where there are none.
    pub topics: Vec<Topic>,
    /// Whether it is switched on.
    pub on: bool,
}
