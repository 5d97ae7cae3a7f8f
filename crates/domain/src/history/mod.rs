//! The history of what one may know of (N11): what is asked, and what is told.

pub mod addresses;
pub mod chain;
pub mod changes;
pub mod events;
pub mod webhooks;

use crate::history::events::EventKind;

crate::texts::enum_of_texts! {
    /// What events are about.
    Topic, else UnknownTopic;
    /// Tickets, and who has them.
    Tickets = "tickets",
    /// Licences: what is done to them, and where they are activated.
    Licenses = "licenses",
    /// Containers, machines and their credentials.
    Containers = "containers",
    /// Groups and memberships.
    Groups = "groups",
    /// Accounts and how people log in.
    Accounts = "accounts",
    /// The instance: its licence, its catalogue, what is demanded of all.
    Instance = "instance",
}

impl EventKind {
    /// Whether so many of a licence were amended, split off or joined, wherever they are activated (N17).
    #[must_use]
    pub const fn amends_license(self) -> bool {
        matches!(
            self,
            Self::LicenseRenewed
                | Self::LicenseExtended
                | Self::LicenseQuantityChanged
                | Self::LicenseSuspended
                | Self::LicenseReinstated
                | Self::LicenseRevoked
                | Self::LicenseAmendmentPlanned
                | Self::LicenseAmendmentUndone
                | Self::TicketSplit
                | Self::TicketSplitOff
                | Self::TicketJoined
                | Self::TicketJoinedInto
        )
    }

    /// What it is about.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Self::TicketCreated
            | Self::TicketMoved
            | Self::TicketMovedBack
            | Self::TicketRedeemed
            | Self::TicketProtection
            | Self::TicketSplit
            | Self::TicketSplitOff
            | Self::TicketJoined
            | Self::TicketJoinedInto
            | Self::TakeBackAsked
            | Self::TakeBackKept
            | Self::TakeBackCancelled
            | Self::TakeBackGiven
            | Self::TakeBackEnded
            | Self::CodesMailed
            | Self::CodesDownloaded => Topic::Tickets,
            Self::LicenseActivated
            | Self::LicenseDeactivated
            | Self::LicenseWithdrawn
            | Self::LicenseAskedBack
            | Self::LicenseRecovered
            | Self::LicenseBound
            | Self::LicenseUnbound
            | Self::LicenseRenewed
            | Self::LicenseExtended
            | Self::LicenseQuantityChanged
            | Self::LicenseSuspended
            | Self::LicenseReinstated
            | Self::LicenseRevoked
            | Self::LicenseAmendmentPlanned
            | Self::LicenseAmendmentUndone => Topic::Licenses,
            Self::ContainerCreated
            | Self::ContainerRenamed
            | Self::ContainerRemoved
            | Self::MachineUpdated
            | Self::MachineConfirmed
            | Self::MachineLost
            | Self::MachineFound
            | Self::CredentialIssued
            | Self::CredentialRotated
            | Self::CredentialDisabled
            | Self::CredentialEnabled
            | Self::CredentialRevoked
            | Self::CredentialsReset => Topic::Containers,
            Self::GroupCreated
            | Self::ProductFilterChanged
            | Self::QuotaChanged
            | Self::WebhookCreated
            | Self::WebhookChanged
            | Self::WebhookStopped
            | Self::WebhookDeleted
            | Self::GroupRenamed
            | Self::GroupMoved
            | Self::GroupDeleted
            | Self::MemberSet
            | Self::MemberRemoved => Topic::Groups,
            Self::UserCreated
            | Self::CustomerCreated
            | Self::UserChanged
            | Self::UserActivated
            | Self::UserDeactivated
            | Self::LoginEnded
            | Self::LeaverProcessed
            | Self::PasswordGenerated
            | Self::PasswordChanged
            | Self::SecondFactorAdded
            | Self::SecondFactorRemoved
            | Self::RecoveryCodesRenewed
            | Self::TokenCreated
            | Self::TokenRevoked
            | Self::IdentityLinked
            | Self::IdentityUnlinked
            | Self::ViewBegan
            | Self::ViewEnded => Topic::Accounts,
            Self::SecondFactorDemanded
            | Self::SecondFactorOptional
            | Self::UseByPersonKept
            | Self::UseByPersonDeleted
            | Self::IdentityProviderCreated
            | Self::IdentityProviderChanged
            | Self::IdentityProviderDeleted
            | Self::LicenseRequested
            | Self::LicenseRequestWithdrawn
            | Self::LicenseReplaced
            | Self::ProductCreated
            | Self::ProductChanged
            | Self::HistoryAccepted
            | Self::Restored => Topic::Instance,
        }
    }
}
