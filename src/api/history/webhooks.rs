//! Webhooks: where what happens is sent to.

use domain::{
    history::Topic,
    ids::{DeliveryId, GroupId, WebhookId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::history::webhooks::{WebhookDetail, WebhookList},
};

/// The webhooks of a group, or without one, of the instance.
#[server(endpoint = "webhooks")]
pub async fn webhooks(group: Option<GroupId>) -> Result<WebhookList, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::history::webhooks::list(&portal.store, user, group).await?)
}

/// A webhook with a page of its log: the newest deliveries, or those before one.
#[server(endpoint = "webhook")]
pub async fn webhook(webhook: WebhookId, before: Option<DeliveryId>) -> Result<WebhookDetail, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::history::webhooks::detail(&portal.store, user, webhook, before).await?)
}

/// Makes a webhook for what happens in the branch of a group, or without one, in the instance. It is about these topics; about
/// everything without any.
#[server(endpoint = "create_webhook")]
pub async fn create_webhook(
    group: Option<GroupId>,
    name: String,
    url: String,
    #[server(default)] topics: Vec<Topic>,
) -> Result<WebhookId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops::{self, history::webhooks::Wanted},
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let wanted = Wanted {
        name: &name,
        url: &url,
        topics: &topics,
    };
    let id = ops::history::webhooks::create(&portal.store, user, group, wanted, portal.receivers).await?;
    auth::go_on(&addresses::webhook(id));
    Ok(id)
}

/// Changes a webhook; whoever does answers for it from now on.
#[server(endpoint = "save_webhook")]
pub async fn save_webhook(
    webhook: WebhookId,
    name: String,
    url: String,
    #[server(default)] topics: Vec<Topic>,
) -> Result<(), ApiError> {
    use crate::{
        auth::Writer,
        ops::{self, history::webhooks::Wanted},
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let wanted = Wanted {
        name: &name,
        url: &url,
        topics: &topics,
    };
    Ok(ops::history::webhooks::save(&portal.store, user, webhook, wanted, portal.receivers).await?)
}

/// Switches a webhook on, or off. It goes on where it stopped.
#[server(endpoint = "switch_webhook")]
pub async fn switch_webhook(webhook: WebhookId, on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::history::webhooks::switch(&portal.store, user, webhook, on).await?)
}

/// Deletes a webhook, with its log.
#[server(endpoint = "delete_webhook")]
pub async fn delete_webhook(webhook: WebhookId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let group = ops::history::webhooks::delete(&portal.store, user, webhook).await?;
    let list = group.map_or_else(
        || format!("{}?done=deleted", addresses::WEBHOOKS),
        |group| format!("{}?done=deleted", addresses::group_webhooks(group)),
    );
    auth::go_on(&list);
    Ok(())
}

/// Has a test sent to the receiver of a webhook.
#[server(endpoint = "test_webhook")]
pub async fn test_webhook(webhook: WebhookId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::history::webhooks::test(&portal.store, user, webhook).await?)
}

/// Has a delivery sent once more, under the same id.
#[server(endpoint = "send_again")]
pub async fn send_again(delivery: DeliveryId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::history::webhooks::send_again(&portal.store, user, delivery).await?)
}
