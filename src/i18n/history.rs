//! What the portal says about what happened.

use domain::history::{
    Topic,
    events::{Channel, EventKind},
};

use crate::i18n::Language;

words! {
    history_explained: "What you did, what happened to you, and what happened in the groups you administer. Times are UTC.",
        "Was Sie getan haben, was Ihnen geschehen ist und was in den Gruppen geschehen ist, die Sie verwalten. Zeiten sind UTC.";
    search_history: "Search people, groups, tickets, containers", "Personen, Gruppen, Tickets, Container suchen";
    about: "About", "Worum es geht";
    everything: "Everything", "Alles";
    from_day: "From day", "Ab Tag";
    to_day: "To day", "Bis Tag";
    show: "Show", "Anzeigen";
    when: "When", "Wann";
    what_happened: "What happened", "Was geschehen ist";
    by_whom: "By whom", "Durch wen";
    over_way: "Over", "Über";
    no_events: "Nothing that you may see has happened, or nothing of this kind.",
        "Nichts, was Sie sehen dürfen, ist geschehen, oder nichts dieser Art.";
    not_among_newest: "Nothing among the events that were looked through. There are older ones.",
        "Nichts unter den durchgesehenen Ereignissen. Es gibt ältere.";
    older: "Older", "Ältere";
    newest: "Newest", "Neueste";
    download_csv: "Download as CSV", "Als CSV herunterladen";
    show_all_events: "Show everything", "Alles anzeigen";
    event_license_bound: "Bound to a machine", "An eine Maschine gebunden";
    event_license_unbound: "Given back by a machine", "Von einer Maschine zurückgegeben";
    operator: "operator of the server", "Betreiber des Servers";
    a_machine: "a machine", "eine Maschine";
    hidden_group: "a group you cannot see", "eine für Sie nicht sichtbare Gruppe";
    hidden_container: "a container you cannot see", "ein für Sie nicht sichtbarer Container";
}

impl Language {
    /// What happened, in a word or two.
    #[must_use]
    pub const fn event(self, kind: EventKind) -> &'static str {
        match kind {
            EventKind::TicketCreated => self.event_ticket_created(),
            EventKind::TicketMoved => self.event_ticket_moved(),
            EventKind::TicketMovedBack => self.event_ticket_moved_back(),
            EventKind::TicketRedeemed => self.event_ticket_redeemed(),
            EventKind::TicketProtection => self.event_ticket_protection(),
            EventKind::CodesMailed => self.event_codes_mailed(),
            EventKind::CodesDownloaded => self.event_codes_downloaded(),
            EventKind::ProductFilterChanged => self.event_product_filter_changed(),
            EventKind::QuotaChanged => self.event_quota_changed(),
            EventKind::WebhookCreated => self.event_webhook_created(),
            EventKind::WebhookChanged => self.event_webhook_changed(),
            EventKind::WebhookStopped => self.event_webhook_stopped(),
            EventKind::WebhookDeleted => self.event_webhook_deleted(),
            EventKind::CustomerCreated => self.event_customer_created(),
            EventKind::GroupCreated => self.event_group_created(),
            EventKind::GroupRenamed => self.event_group_renamed(),
            EventKind::GroupMoved => self.event_group_moved(),
            EventKind::GroupDeleted => self.event_group_deleted(),
            EventKind::MemberSet => self.event_member_set(),
            EventKind::MemberRemoved => self.event_member_removed(),
            EventKind::UserCreated => self.event_user_created(),
            EventKind::UserChanged => self.event_user_changed(),
            EventKind::UserActivated => self.event_user_activated(),
            EventKind::UserDeactivated => self.event_user_deactivated(),
            EventKind::LoginEnded => self.event_login_ended(),
            EventKind::LeaverProcessed => self.event_leaver_processed(),
            EventKind::PasswordGenerated => self.event_password_generated(),
            EventKind::PasswordChanged => self.event_password_changed(),
            EventKind::SecondFactorAdded => self.event_second_factor_added(),
            EventKind::SecondFactorRemoved => self.event_second_factor_removed(),
            EventKind::RecoveryCodesRenewed => self.event_recovery_codes_renewed(),
            EventKind::TokenCreated => self.event_token_created(),
            EventKind::TokenRevoked => self.event_token_revoked(),
            EventKind::ViewBegan => self.event_view_began(),
            EventKind::ViewEnded => self.event_view_ended(),
            EventKind::SecondFactorDemanded => self.event_second_factor_demanded(),
            EventKind::SecondFactorOptional => self.event_second_factor_optional(),
            EventKind::LicenseRequested => self.event_license_requested(),
            EventKind::LicenseRequestWithdrawn => self.event_license_request_withdrawn(),
            EventKind::LicenseReplaced => self.event_license_replaced(),
            EventKind::ProductCreated => self.event_product_created(),
            EventKind::ProductChanged => self.event_product_changed(),
            EventKind::ContainerCreated => self.event_container_created(),
            EventKind::ContainerRenamed => self.event_container_renamed(),
            EventKind::LicenseActivated => self.event_license_activated(),
            EventKind::LicenseDeactivated => self.event_license_deactivated(),
            EventKind::LicenseWithdrawn => self.event_license_withdrawn(),
            EventKind::ContainerRemoved => self.event_container_removed(),
            EventKind::MachineUpdated => self.event_machine_updated(),
            EventKind::MachineConfirmed => self.event_machine_confirmed(),
            EventKind::MachineLost => self.event_machine_lost(),
            EventKind::MachineFound => self.event_machine_found(),
            EventKind::LicenseAskedBack => self.event_license_asked_back(),
            EventKind::LicenseRecovered => self.event_license_recovered(),
            EventKind::LicenseBound => self.event_license_bound(),
            EventKind::LicenseUnbound => self.event_license_unbound(),
            EventKind::CredentialIssued => self.event_credential_issued(),
            EventKind::CredentialRotated => self.event_credential_rotated(),
            EventKind::CredentialDisabled => self.event_credential_disabled(),
            EventKind::CredentialEnabled => self.event_credential_enabled(),
            EventKind::CredentialRevoked => self.event_credential_revoked(),
            EventKind::CredentialsReset => self.event_credentials_reset(),
        }
    }

    /// What events are about.
    #[must_use]
    pub const fn topic(self, topic: Topic) -> &'static str {
        match (self, topic) {
            (_, Topic::Tickets) => self.tickets(),
            (_, Topic::Licenses) => self.licenses(),
            (Self::En, Topic::Containers) => "Containers and machines",
            (Self::De, Topic::Containers) => "Container und Maschinen",
            (Self::En, Topic::Groups) => "Groups and members",
            (Self::De, Topic::Groups) => "Gruppen und Mitglieder",
            (Self::En, Topic::Accounts) => "Accounts",
            (Self::De, Topic::Accounts) => "Konten",
            (Self::En, Topic::Instance) => "This portal",
            (Self::De, Topic::Instance) => "Dieses Portal",
        }
    }

    /// Over which way something was done.
    #[must_use]
    pub const fn way(self, way: Channel) -> &'static str {
        match (self, way) {
            (_, Channel::Browser) => "Browser",
            (Self::En, Channel::Client) => "Headless client",
            (Self::De, Channel::Client) => "Headless-Client",
            (Self::En, Channel::Api) => "Access token",
            (Self::De, Channel::Api) => "Zugriffstoken",
            (_, Channel::Import) => "Import",
            (Self::En, Channel::CommandLine) => "Command line",
            (Self::De, Channel::CommandLine) => "Kommandozeile",
        }
    }

    /// Shows only events of that person or group.
    #[must_use]
    pub fn only_events_of(self, name: &str) -> String {
        match self {
            Self::En => format!("Only events of {name}"),
            Self::De => format!("Nur Ereignisse von {name}"),
        }
    }

    /// Only events of that person or group are shown.
    #[must_use]
    pub fn only_events_in(self, name: &str) -> String {
        match self {
            Self::En => format!("Only events in {name} and below"),
            Self::De => format!("Nur Ereignisse in {name} und darunter"),
        }
    }
}
