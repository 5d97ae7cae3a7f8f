//! What is in the tickets, by programs (S8–S11): licences, containers, credentials; and what is taken back (N18).

use domain::{
    ids::{ActivationId, AmendmentId, ContainerId, CredentialId, LicenseId, TakeBackId, TicketId},
    licensing::{containers::ContainerKind, targets::LicenseSource},
    tickets::owners::Owner,
};

use crate::{
    api::licensing::{amendments, containers, credentials, licenses as api, take_backs},
    server::rest::administration::wire::OwnerObject,
    views::licensing::{
        amendments::{AmendmentPreview, LicenseAmendments, NewAmendment},
        containers::{ContainerDetail, ContainerPage, ContainerQuery},
        credentials::CredentialRow,
        licenses::LicenseDetail,
        take_backs::{NewTakeBack, TakeBackPage, TakeBackQuery},
        targets::LicenseTargets,
    },
};

crate::server::rest::administration::routes::routes! {
    "Licences";
    /// The licences in a ticket
    get "/tickets/{ticket}/licenses" Licenses:Read => api::Licenses { ticket: TicketId } -> Vec<LicenseDetail>;
    /// Containers for a licence
    ///
    /// `source` is `free:LICENCE` or `activated:ACTIVATION`.
    get "/license-targets" Licenses:Read => api::ContainersFor { source: LicenseSource, search: String = default } -> LicenseTargets;
    /// Activate licences in a container
    post "/licenses/{license}/activations" Licenses:Write => api::Activate { license: LicenseId, container: ContainerId, quantity: u32, key: String => Key } -> ();
    /// Give licences back
    ///
    /// So many of an activation; without `quantity` all of it.
    delete "/activations/{activation}" Licenses:Write => api::Deactivate { activation: ActivationId, quantity: Option<u32> } -> ();
    /// Withdraw licences
    post "/activations/{activation}/withdraw" Licenses:Write => api::WithdrawLicense { activation: ActivationId } -> ();
    /// Transfer activations to another container
    ///
    /// All of them or none.
    post "/activations/transfer" Licenses:Write => api::Transfer { activations: Vec<ActivationId> = default, to: ContainerId } -> ();
    /// The licences in a ticket over time
    ///
    /// Their amendments, the newest first, and which machines know of the last one.
    get "/tickets/{ticket}/amendments" Licenses:Read => amendments::Amendments { ticket: TicketId } -> Vec<LicenseAmendments>;
    /// Preview an amendment of licences
    ///
    /// Of each licence how it would stand, and who would lose it; or why not. Nothing is changed.
    post "/amendments/preview" Licenses:Read => amendments::PreviewAmendment { new: NewAmendment => Members } -> Vec<AmendmentPreview>;
    /// Amend licences
    ///
    /// Renew, extend, change the quantity of, suspend, reinstate or revoke them, now or on a day: all of them or none. With
    /// `version`, an amendment is refused where somebody amended the licence since.
    post "/amendments" Licenses:Write => amendments::AmendLicenses { new: NewAmendment => Members, key: String => Key } -> Vec<AmendmentId>;
    /// Take amendments back
    ///
    /// While nothing followed from them: all of them or none.
    post "/amendments/undo" Licenses:Write => amendments::UndoAmendments { amendments: Vec<AmendmentId> = default } -> ();
    /// Requests to take tickets back
    ///
    /// Those that wait for your answer, and your own. With `ticket`, the open one of that ticket.
    get "/take-backs" Tickets:Read => take_backs::ReadTakeBacks { query: TakeBackQuery = default => Members } -> TakeBackPage;
    /// Take tickets back that nobody uses
    ///
    /// All of them or none: whoever has them is asked, and they move to the group `to` after `days` days (1 to 60, or 14), if they
    /// are neither kept nor used until then, and you may still move them. Without `to`, each goes to the group that it came through.
    post "/take-backs" Tickets:Write => take_backs::AskTakeBack { new: NewTakeBack = default => Members } -> Vec<TakeBackId>;
    /// Keep a ticket that is asked back
    post "/take-backs/{take_back}/keep" Tickets:Write => take_backs::KeepTakeBack { take_back: TakeBackId } -> ();
    /// Give a ticket back at once
    post "/take-backs/{take_back}/give" Tickets:Write => take_backs::GiveTakeBack { take_back: TakeBackId } -> ();
    /// Cancel your request to take a ticket back
    post "/take-backs/{take_back}/cancel" Tickets:Write => take_backs::CancelTakeBack { take_back: TakeBackId } -> ();
    /// Containers
    get "/containers" Licenses:Read => containers::Containers { query: ContainerQuery = default => Members } -> ContainerPage;
    /// A container
    get "/containers/{container}" Licenses:Read => containers::Container { container: ContainerId } -> ContainerDetail;
    /// Create a container
    ///
    /// `of` is a person, or a person in a group.
    post "/containers" Licenses:Write => containers::CreateContainer { of: OwnerObject as Owner, name: String, kind: ContainerKind, serial: String = default, key: String => Key } -> ContainerId, creates "/containers";
    /// Rename a container
    patch "/containers/{container}" Licenses:Write => containers::RenameContainer { container: ContainerId, name: String } -> ();
    /// Remove a container that is empty
    delete "/containers/{container}" Licenses:Write => containers::RemoveContainer { container: ContainerId } -> ();
    /// Report a machine lost, or found again
    put "/containers/{container}/lost" Licenses:Write => containers::SetMachineLost { container: ContainerId, lost: bool } -> ();
    /// The credentials of a container
    get "/containers/{container}/credentials" Licenses:Read => credentials::Credentials { container: ContainerId } -> Vec<CredentialRow>;
    /// Reset the credentials of a container
    ///
    /// All of them stop working at once, and what their machines use ends.
    delete "/containers/{container}/credentials" Licenses:Write => credentials::ResetCredentials { container: ContainerId } -> ();
    /// Disable a credential, or enable it again
    put "/credentials/{credential}/enabled" Licenses:Write => credentials::SwitchCredential { credential: CredentialId, on: bool } -> ();
    /// Revoke a credential that is disabled
    delete "/credentials/{credential}" Licenses:Write => credentials::RevokeCredential { credential: CredentialId } -> ();
}
