//! What happened: the kinds of entries of the history (N11).

use crate::ids::UserId;

/// Who did what nobody did with an account: the operator of the server, or a machine. No account has this id.
pub const OPERATOR: UserId = UserId(0);

crate::texts::enum_of_texts! {
    /// The kind of an entry of the history.
    EventKind, else UnknownKind;
    /// A ticket came into being.
    TicketCreated = "ticket_created",
    /// A ticket changed hands.
    TicketMoved = "ticket_moved",
    /// A move was taken back.
    TicketMovedBack = "ticket_moved_back",
    /// Whoever held the code took the ticket.
    TicketRedeemed = "ticket_redeemed",
    /// Protected mode was switched on or off.
    TicketProtection = "ticket_protection",
    /// A part of a ticket became a ticket of its own.
    TicketSplit = "ticket_split",
    /// A ticket came into being, as a part of another one.
    TicketSplitOff = "ticket_split_off",
    /// Another ticket became a part of the ticket.
    TicketJoined = "ticket_joined",
    /// The ticket became a part of another one, and is no more.
    TicketJoinedInto = "ticket_joined_into",
    /// Who has a ticket that nobody uses was told that it will be taken back.
    TakeBackAsked = "take_back_asked",
    /// Who has the ticket keeps it.
    TakeBackKept = "take_back_kept",
    /// Who asked for the ticket no longer wants it.
    TakeBackCancelled = "take_back_cancelled",
    /// Who has the ticket gives it back at once.
    TakeBackGiven = "take_back_given",
    /// The ticket was not taken back: it was used, had moved, or might no longer be moved.
    TakeBackEnded = "take_back_ended",
    /// The codes of tickets that were created were sent by mail.
    CodesMailed = "codes_mailed",
    /// The codes of tickets created together were downloaded.
    CodesDownloaded = "codes_downloaded",
    /// The product filter of a group was changed.
    ProductFilterChanged = "product_filter_changed",
    /// A quota of a group was changed.
    QuotaChanged = "quota_changed",
    /// A webhook was made.
    WebhookCreated = "webhook_created",
    /// A webhook was changed, or switched on or off.
    WebhookChanged = "webhook_changed",
    /// A webhook switched itself off.
    WebhookStopped = "webhook_stopped",
    /// A webhook was deleted.
    WebhookDeleted = "webhook_deleted",
    /// A customer of a partner was created: the account, switched on, and perhaps a group for it.
    CustomerCreated = "customer_created",
    /// A group came into being.
    GroupCreated = "group_created",
    /// A group got another name.
    GroupRenamed = "group_renamed",
    /// A group got another parent.
    GroupMoved = "group_moved",
    /// A group was dissolved; what it held went to its heir.
    GroupDeleted = "group_deleted",
    /// A person joined a group, or got other permissions in it.
    MemberSet = "member_set",
    /// A person left a group.
    MemberRemoved = "member_removed",
    /// An account was made.
    UserCreated = "user_created",
    /// The data of an account were changed.
    UserChanged = "user_changed",
    /// An account was switched on.
    UserActivated = "user_activated",
    /// An account was switched off.
    UserDeactivated = "user_deactivated",
    /// An administrator ended a running login.
    LoginEnded = "login_ended",
    /// Somebody left: what they had went where it was to go. What happened in detail belongs to the same request.
    LeaverProcessed = "leaver_processed",
    /// A password was generated for an account.
    PasswordGenerated = "password_generated",
    /// A person chose a new password.
    PasswordChanged = "password_changed",
    /// A person added a second factor to their login.
    SecondFactorAdded = "second_factor_added",
    /// A second factor was taken away, by its person or by an admin.
    SecondFactorRemoved = "second_factor_removed",
    /// A person made new recovery codes.
    RecoveryCodesRenewed = "recovery_codes_renewed",
    /// Of admins, a second factor is demanded from now on.
    SecondFactorDemanded = "second_factor_demanded",
    /// A second factor is everybody's own choice again.
    SecondFactorOptional = "second_factor_optional",
    /// Use is kept by person from now on.
    UseByPersonKept = "use_by_person_kept",
    /// Use is no longer kept by person, and what was kept is deleted.
    UseByPersonDeleted = "use_by_person_deleted",
    /// A person made an access token for a program.
    TokenCreated = "token_created",
    /// An access token was taken back, by its person or by an admin.
    TokenRevoked = "token_revoked",
    /// An account was linked to an identity of a provider.
    IdentityLinked = "identity_linked",
    /// An account is no longer linked to an identity of a provider.
    IdentityUnlinked = "identity_unlinked",
    /// An identity provider was added.
    IdentityProviderCreated = "identity_provider_created",
    /// An identity provider was changed, or switched on or off.
    IdentityProviderChanged = "identity_provider_changed",
    /// An identity provider was removed, and with it the links of accounts to it.
    IdentityProviderDeleted = "identity_provider_deleted",
    /// Somebody began to look at the portal as a person.
    ViewBegan = "view_began",
    /// Somebody no longer looks at the portal as a person.
    ViewEnded = "view_ended",
    /// The vendor of the portal was asked for more seats, or another variant.
    LicenseRequested = "license_requested",
    /// Such a request was withdrawn.
    LicenseRequestWithdrawn = "license_request_withdrawn",
    /// The licence of the instance was replaced.
    LicenseReplaced = "license_replaced",
    /// A product came into the catalogue.
    ProductCreated = "product_created",
    /// A product of the catalogue was changed.
    ProductChanged = "product_changed",
    /// The operator had events sealed whose time runs backwards or ahead.
    HistoryAccepted = "history_accepted",
    /// The operator restored the portal from a backup.
    Restored = "restored",
    /// A container was made for a person.
    ContainerCreated = "container_created",
    /// A container got another name.
    ContainerRenamed = "container_renamed",
    /// A container was removed, with its credentials.
    ContainerRemoved = "container_removed",
    /// An update was signed for a machine.
    MachineUpdated = "machine_updated",
    /// A machine confirmed its update.
    MachineConfirmed = "machine_confirmed",
    /// A machine was reported lost.
    MachineLost = "machine_lost",
    /// A machine that was reported lost was found again.
    MachineFound = "machine_found",
    /// Licences were activated in a container.
    LicenseActivated = "license_activated",
    /// Licences were given back from a container.
    LicenseDeactivated = "license_deactivated",
    /// Licences were taken back by who administers the ticket.
    LicenseWithdrawn = "license_withdrawn",
    /// Licences are to come back from a machine, which has yet to confirm it.
    LicenseAskedBack = "license_asked_back",
    /// Licences were recovered from a lost machine.
    LicenseRecovered = "license_recovered",
    /// A machine bound a node-locked licence to itself.
    LicenseBound = "license_bound",
    /// A machine gave a node-locked licence back.
    LicenseUnbound = "license_unbound",
    /// A licence got another term.
    LicenseRenewed = "license_renewed",
    /// The term of a licence ends later.
    LicenseExtended = "license_extended",
    /// There are more of a licence, or fewer.
    LicenseQuantityChanged = "license_quantity_changed",
    /// A licence cannot be used until it is reinstated.
    LicenseSuspended = "license_suspended",
    /// A licence can be used again.
    LicenseReinstated = "license_reinstated",
    /// A licence cannot be used any more, for good.
    LicenseRevoked = "license_revoked",
    /// A change of a licence was planned for later.
    LicenseAmendmentPlanned = "license_amendment_planned",
    /// A change of a licence was taken back, planned or in force.
    LicenseAmendmentUndone = "license_amendment_undone",
    /// A credential of a container was issued.
    CredentialIssued = "credential_issued",
    /// A credential was replaced by a new one.
    CredentialRotated = "credential_rotated",
    /// A credential was switched off.
    CredentialDisabled = "credential_disabled",
    /// A credential was switched on again.
    CredentialEnabled = "credential_enabled",
    /// A credential was taken back for good.
    CredentialRevoked = "credential_revoked",
    /// All credentials of a container were taken back for good.
    CredentialsReset = "credentials_reset",
}

crate::texts::enum_of_texts! {
    /// The channel over which whoever did it came.
    Channel, else UnknownChannel;
    /// The pages of the portal.
    Browser = "browser",
    /// The interface for machines.
    Client = "client",
    /// The interface for programs of people.
    Api = "api",
    /// A file that was loaded.
    Import = "import",
    /// The command line of the server.
    CommandLine = "command_line",
}
