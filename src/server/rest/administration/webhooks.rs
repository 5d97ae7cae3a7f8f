//! Webhooks by programs: where what happens is sent to.

use domain::{
    history::Topic,
    ids::{DeliveryId, GroupId, WebhookId},
};

use crate::{
    api::history::webhooks as api,
    views::history::webhooks::{WebhookDetail, WebhookList},
};

crate::server::rest::administration::routes::routes! {
    "Webhooks";
    /// The webhooks of a group
    ///
    /// Without one, those of the instance, which are for ISV admins.
    get "/webhooks" Webhooks:Read => api::Webhooks { group: Option<GroupId> } -> WebhookList;
    /// A webhook, with a page of its log
    ///
    /// The newest deliveries, or those before one.
    get "/webhooks/{webhook}" Webhooks:Read => api::Webhook { webhook: WebhookId, before: Option<DeliveryId> } -> WebhookDetail;
    /// Create a webhook
    ///
    /// For what happens in the branch of a group, or without one, in the instance; about these topics, or about everything.
    post "/webhooks" Webhooks:Write => api::CreateWebhook { group: Option<GroupId>, name: String, url: String, topics: Vec<Topic> = default } -> WebhookId, creates "/webhooks";
    /// Change a webhook
    ///
    /// Whoever does answers for it from now on.
    put "/webhooks/{webhook}" Webhooks:Write => api::SaveWebhook { webhook: WebhookId, name: String, url: String, topics: Vec<Topic> = default } -> ();
    /// Switch a webhook on or off
    ///
    /// It goes on where it stopped.
    put "/webhooks/{webhook}/active" Webhooks:Write => api::SwitchWebhook { webhook: WebhookId, on: bool } -> ();
    /// Delete a webhook, with its log
    delete "/webhooks/{webhook}" Webhooks:Write => api::DeleteWebhook { webhook: WebhookId } -> ();
    /// Have a test sent
    post "/webhooks/{webhook}/test" Webhooks:Write => api::TestWebhook { webhook: WebhookId } -> ();
    /// Have a delivery sent once more
    ///
    /// Under the same id.
    post "/deliveries/{delivery}/again" Webhooks:Write => api::SendAgain { delivery: DeliveryId } -> ();
}
