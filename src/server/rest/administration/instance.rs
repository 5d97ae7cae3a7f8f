//! The instance by programs: seats (S16), logins (S18, S19), files in and out (N1).

use domain::{
    ids::{IdentityProviderId, ImportId, RequestId, SessionId},
    instance::imports::Verdict,
};

use crate::{
    api::{
        accounts::{identity_providers, sessions},
        instance::{self as api, imports},
        licensing::usage,
    },
    views::{
        accounts::{
            identity_providers::{ProviderForm, ProviderRow, TestRun},
            sessions::{ActiveSession, EndedSession, SessionPage},
        },
        instance::{
            Overview,
            imports::{Import, ImportDetail},
        },
    },
};

crate::server::rest::administration::routes::routes! {
    "Instance";
    /// The licence of the instance, its seats, and requests for more
    get "/instance" Instance:Read => api::Instance { } -> Overview;
    /// Ask the vendor for more seats, or another variant
    post "/instance/requests" Instance:Write => api::RequestLicense { seats: u32, variant: String = default, note: String = default } -> ();
    /// Withdraw such a request
    delete "/instance/requests/{request}" Instance:Write => api::WithdrawRequest { request: RequestId } -> ();
    /// Demand a second factor of all admins, or leave it to them
    put "/instance/second-factor" Instance:Write => api::DemandSecondFactor { on: bool } -> ();
    /// Keep use by person from now on, or no longer
    ///
    /// Off at first. Switched off, all that was kept is deleted at once.
    put "/instance/use-by-person" Instance:Write => usage::KeepUseByPerson { on: bool } -> ();
    /// Replace the licence of the instance
    put "/instance/license" Instance:Write => api::ReplaceLicense { license: String } -> ();
    /// Running logins
    get "/sessions" Instance:Read => sessions::ActiveSessions { search: String = default, page: u32 = default } -> SessionPage<ActiveSession>;
    /// Logins that have ended
    get "/sessions/ended" Instance:Read => sessions::EndedSessions { search: String = default, page: u32 = default } -> SessionPage<EndedSession>;
    /// Close a login whose tab is gone
    delete "/sessions/{session}" Instance:Write => sessions::CloseSession { session: SessionId } -> ();
    /// End a login although its tab is open
    ///
    /// The reason is recorded.
    post "/sessions/{session}/end" Instance:Write => sessions::EndSession { session: SessionId, reason: String } -> ();
    /// Identity providers
    get "/identity-providers" Instance:Read => identity_providers::IdentityProviders { } -> Vec<ProviderRow>;
    /// An identity provider
    get "/identity-providers/{provider}" Instance:Read => identity_providers::IdentityProvider { provider: IdentityProviderId } -> ProviderRow;
    /// Add an identity provider
    ///
    /// It is switched off. `client_secret` is told by nobody afterwards.
    post "/identity-providers" Instance:Write => identity_providers::CreateIdentityProvider { form: ProviderForm => Members } -> IdentityProviderId, creates "/identity-providers";
    /// Change an identity provider
    ///
    /// `version` is the one that was read. Without `client_secret`, it keeps the one that it has.
    put "/identity-providers/{provider}" Instance:Write => identity_providers::SaveIdentityProvider { provider: IdentityProviderId, form: ProviderForm => Members } -> ();
    /// Switch an identity provider on or off
    put "/identity-providers/{provider}/active" Instance:Write => identity_providers::SwitchIdentityProvider { provider: IdentityProviderId, on: bool } -> ();
    /// Remove an identity provider
    ///
    /// With the links of accounts to it.
    delete "/identity-providers/{provider}" Instance:Write => identity_providers::DeleteIdentityProvider { provider: IdentityProviderId } -> ();
    /// Ask an identity provider what it publishes
    post "/identity-providers/{provider}/test" Instance:Write => identity_providers::TestIdentityProvider { provider: IdentityProviderId } -> TestRun;
    /// Imports
    get "/imports" Instance:Read => imports::Imports { } -> Vec<Import>;
    /// An import, with a page of its report
    get "/imports/{import}" Instance:Read => imports::ImportOf { import: ImportId, verdict: Option<Verdict>, page: u32 = default } -> ImportDetail;
    /// Do what the report says
    post "/imports/{import}/confirm" Instance:Write => imports::ConfirmImport { import: ImportId } -> ();
    /// Discard an import
    delete "/imports/{import}" Instance:Write => imports::DiscardImport { import: ImportId } -> ();
}
