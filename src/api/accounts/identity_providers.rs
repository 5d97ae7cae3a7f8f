//! Identity providers: what the login page offers, one's own links, and what ISV admins look after.

use domain::ids::IdentityProviderId;
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::accounts::identity_providers::{LinkedSignIns, Offered, ProviderForm, ProviderRow, TestRun},
};

/// The providers that the login page offers.
#[server(endpoint = "offered_sign_ins")]
pub async fn offered_sign_ins() -> Result<Vec<Offered>, ApiError> {
    use crate::{auth::Visitor, ops};
    let portal = Visitor::of_request()?.portal;
    Ok(ops::accounts::identity_providers::offered(&portal.store).await?)
}

/// One's own identities at providers.
#[server(endpoint = "own_sign_ins")]
pub async fn own_sign_ins() -> Result<LinkedSignIns, ApiError> {
    use crate::{auth::OwnLogin, ops};
    let OwnLogin { portal, session } = OwnLogin::of_request().await?;
    Ok(ops::accounts::identity_providers::links::own(&portal.store, session.user).await?)
}

/// Permits this browser to have one's account linked to a provider; the present password is asked for.
#[server(endpoint = "link_sign_in")]
pub async fn link_sign_in(provider: IdentityProviderId, present: String) -> Result<(), ApiError> {
    use crate::{auth, views::addresses};
    auth::provider_sign_in::allow_linking(provider, present).await?;
    auth::go_on(&addresses::go_on_to_provider(provider));
    Ok(())
}

/// Takes one's own link to a provider away; the present password is asked for.
#[server(endpoint = "unlink_sign_in")]
pub async fn unlink_sign_in(provider: IdentityProviderId, present: String) -> Result<(), ApiError> {
    use crate::{auth::Reauthenticated, ops};
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    Ok(ops::accounts::identity_providers::links::remove(&portal.store, &by, provider).await?)
}

/// All providers, for ISV admins.
#[server(endpoint = "identity_providers")]
pub async fn identity_providers() -> Result<Vec<ProviderRow>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::accounts::identity_providers::list(&portal.store, &portal.headless.url, user).await?)
}

/// A provider, for ISV admins.
#[server(endpoint = "identity_provider")]
pub async fn identity_provider(provider: IdentityProviderId) -> Result<ProviderRow, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    let url = &portal.headless.url;
    Ok(ops::accounts::identity_providers::detail(&portal.store, url, user, provider).await?)
}

/// Adds a provider, switched off.
#[server(endpoint = "create_identity_provider")]
pub async fn create_identity_provider(form: ProviderForm) -> Result<IdentityProviderId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let reach = portal.providers.reach();
    let id = ops::accounts::identity_providers::create(&portal.store, user, &form, reach).await?;
    auth::go_on(&addresses::identity_provider(id));
    Ok(id)
}

/// Changes a provider.
#[server(endpoint = "save_identity_provider")]
pub async fn save_identity_provider(
    provider: IdentityProviderId,
    form: ProviderForm,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    let reach = portal.providers.reach();
    Ok(ops::accounts::identity_providers::save(&portal.store, user, provider, &form, reach).await?)
}

/// Switches a provider on or off.
#[server(endpoint = "switch_identity_provider")]
pub async fn switch_identity_provider(provider: IdentityProviderId, on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::accounts::identity_providers::switch(&portal.store, user, provider, on).await?)
}

/// Removes a provider, with the links to it.
#[server(endpoint = "delete_identity_provider")]
pub async fn delete_identity_provider(provider: IdentityProviderId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    ops::accounts::identity_providers::delete(&portal.store, user, provider).await?;
    auth::go_on(&format!("{}?done=removed", addresses::IDENTITY_PROVIDERS));
    Ok(())
}

/// Asks a provider what it publishes, as a sign-in would.
#[server(endpoint = "test_identity_provider")]
pub async fn test_identity_provider(provider: IdentityProviderId) -> Result<TestRun, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::accounts::identity_providers::test(&portal.store, &portal.providers, user, provider).await?)
}
