//! What happened, and webhooks.

use domain::{
    accounts::Permissions,
    history::{
        Topic,
        changes::WebhookState,
        events::{Channel, EventKind},
        webhooks::{DeliveryState, Failure, InvalidWebhook, MAX_URL, MAX_WEBHOOKS, Stopped},
    },
    licensing::products::ProductName,
};

use crate::{
    i18n::{Language, format},
    views::history::{
        Changed,
        webhooks::{DeliveryRow, Outcome},
    },
};

// What happened

index! { history:
    history_explained, search_history, about, everything, from_day, to_day, show, when,
    what_happened, by_whom, over_channel, no_events, not_among_newest, older, newest, download_csv,
    show_all_events, operator, a_machine, hidden_group, hidden_container,

    history, history_empty;

    /// Shows only events of that person or group.
    fn only_events_of(name: &str);

    /// Only events of that person or group are shown.
    fn only_events_in(name: &str);

    /// From a backup that was made then.
    fn from_backup_of(made_at: &str);
}

impl Language {
    /// What events are about.
    #[must_use]
    pub const fn topic(self, topic: Topic) -> &'static str {
        match topic {
            Topic::Tickets => self.tickets(),
            Topic::Licenses => self.licenses(),
            Topic::Containers => say!(self, history::topic_containers()),
            Topic::Groups => say!(self, history::topic_groups()),
            Topic::Accounts => say!(self, history::topic_accounts()),
            Topic::Instance => say!(self, history::topic_instance()),
        }
    }

    /// Over which channel something was done.
    #[must_use]
    pub const fn channel(self, channel: Channel) -> &'static str {
        match channel {
            Channel::Browser => say!(self, history::channel_browser()),
            Channel::Client => say!(self, history::channel_client()),
            Channel::Api => say!(self, history::channel_api()),
            Channel::Import => say!(self, history::channel_import()),
            Channel::CommandLine => say!(self, history::channel_command_line()),
        }
    }
}

// Changes

index! { history:
    no_quota, no_filter, nothing_through, no_member, plain_member, a_former_product;

    /// So many events.
    fn count_events(n: u32);
}

impl Language {
    /// From what to what something was changed.
    #[must_use]
    pub fn changed(self, change: &Changed) -> String {
        let route = |before: String, after: String| {
            if before == after {
                after
            } else {
                format!("{before} → {after}")
            }
        };
        match change {
            Changed::Quota {
                product,
                period,
                before,
                after,
            } => {
                let product = product
                    .as_ref()
                    .map_or(self.a_former_product(), |name| format::product(self, name));
                let quota = |quota: &Option<u64>| {
                    quota.map_or_else(|| self.no_quota().to_owned(), |quota| self.count(quota))
                };
                format!(
                    "{product}, {}: {}",
                    self.per(*period),
                    route(quota(before), quota(after))
                )
            }
            Changed::Filter { before, after } => {
                let filter = |filter: &Option<Vec<ProductName>>| match filter.as_deref() {
                    None => self.no_filter().to_owned(),
                    Some([]) => self.nothing_through().to_owned(),
                    Some(products) => {
                        let names = products.iter().map(|name| format::product(self, name));
                        names.collect::<Vec<_>>().join(", ")
                    }
                };
                route(filter(before), filter(after))
            }
            Changed::Permissions { before, after } => {
                let member = |permissions: &Option<Permissions>| match permissions {
                    None => self.no_member().to_owned(),
                    Some(Permissions::NONE) => self.plain_member().to_owned(),
                    Some(permissions) => {
                        let names = permissions.iter().map(|permission| self.permission(permission));
                        names.collect::<Vec<_>>().join(", ")
                    }
                };
                route(member(before), member(after))
            }
            Changed::Name { before, after } => route(before.clone(), after.clone()),
            Changed::Product { product } => product
                .as_ref()
                .map_or(self.a_former_product(), |name| format::product(self, name))
                .to_owned(),
            Changed::Webhook { before, after } => {
                let kept = |kept: &Option<WebhookState>| kept.as_ref().map(|kept| self.webhook_kept(kept));
                match (kept(before), kept(after)) {
                    (Some(before), Some(after)) => route(before, after),
                    (before, after) => before.or(after).unwrap_or_default(),
                }
            }
            Changed::Amendment {
                what, before, after, ..
            } => format!(
                "{}: {}",
                self.amendment(*what),
                route(format::grant(self, before), format::grant(self, after))
            ),
            Changed::TakeBack { due_at, state, .. } => {
                self.take_back_state(*state, &format::date(self, *due_at))
            }
            Changed::Accepted { events } => self.count_events(*events),
            Changed::Restored { made_at } => self.from_backup_of(&format::date_time(self, *made_at)),
        }
    }

    fn webhook_kept(self, kept: &WebhookState) -> String {
        let topics = match &*kept.topics {
            [] => self.everything().to_owned(),
            topics => {
                let names = topics.iter().map(|topic| self.topic(*topic));
                names.collect::<Vec<_>>().join(", ")
            }
        };
        let on = if kept.on {
            self.webhook_on()
        } else {
            self.webhook_off()
        };
        let name = &kept.name;
        match &kept.origin {
            Some(origin) => format!("{name} ({origin}, {topics}, {on})"),
            None => format!("{name} ({topics}, {on})"),
        }
    }
}

// Kinds of events

impl Language {
    /// What happened, in a word or two.
    #[must_use]
    pub const fn event(self, kind: EventKind) -> &'static str {
        match kind {
            EventKind::TicketCreated => say!(self, history::event_ticket_created()),
            EventKind::TicketMoved => say!(self, history::event_ticket_moved()),
            EventKind::TicketMovedBack => say!(self, history::event_ticket_moved_back()),
            EventKind::TicketRedeemed => say!(self, history::event_ticket_redeemed()),
            EventKind::TicketProtection => say!(self, history::event_ticket_protection()),
            EventKind::TakeBackAsked => say!(self, history::event_take_back_asked()),
            EventKind::TakeBackKept => say!(self, history::event_take_back_kept()),
            EventKind::TakeBackCancelled => say!(self, history::event_take_back_cancelled()),
            EventKind::TakeBackGiven => say!(self, history::event_take_back_given()),
            EventKind::TakeBackEnded => say!(self, history::event_take_back_ended()),
            EventKind::CodesMailed => say!(self, history::event_codes_mailed()),
            EventKind::CodesDownloaded => say!(self, history::event_codes_downloaded()),
            EventKind::ProductFilterChanged => say!(self, history::event_product_filter_changed()),
            EventKind::QuotaChanged => say!(self, history::event_quota_changed()),
            EventKind::WebhookCreated => say!(self, history::event_webhook_created()),
            EventKind::WebhookChanged => say!(self, history::event_webhook_changed()),
            EventKind::WebhookStopped => say!(self, history::event_webhook_stopped()),
            EventKind::WebhookDeleted => say!(self, history::event_webhook_deleted()),
            EventKind::CustomerCreated => say!(self, history::event_customer_created()),
            EventKind::GroupCreated => say!(self, history::event_group_created()),
            EventKind::GroupRenamed => say!(self, history::event_group_renamed()),
            EventKind::GroupMoved => say!(self, history::event_group_moved()),
            EventKind::GroupDeleted => say!(self, history::event_group_deleted()),
            EventKind::MemberSet => say!(self, history::event_member_set()),
            EventKind::MemberRemoved => say!(self, history::event_member_removed()),
            EventKind::UserCreated => say!(self, history::event_user_created()),
            EventKind::UserChanged => say!(self, history::event_user_changed()),
            EventKind::UserActivated => say!(self, history::event_user_activated()),
            EventKind::UserDeactivated => say!(self, history::event_user_deactivated()),
            EventKind::LoginEnded => say!(self, history::event_login_ended()),
            EventKind::LeaverProcessed => say!(self, history::event_leaver_processed()),
            EventKind::PasswordGenerated => say!(self, history::event_password_generated()),
            EventKind::PasswordChanged => say!(self, history::event_password_changed()),
            EventKind::SecondFactorAdded => say!(self, history::event_second_factor_added()),
            EventKind::SecondFactorRemoved => say!(self, history::event_second_factor_removed()),
            EventKind::RecoveryCodesRenewed => say!(self, history::event_recovery_codes_renewed()),
            EventKind::TokenCreated => say!(self, history::event_token_created()),
            EventKind::TokenRevoked => say!(self, history::event_token_revoked()),
            EventKind::IdentityLinked => say!(self, history::event_identity_linked()),
            EventKind::IdentityUnlinked => say!(self, history::event_identity_unlinked()),
            EventKind::IdentityProviderCreated => say!(self, history::event_identity_provider_created()),
            EventKind::IdentityProviderChanged => say!(self, history::event_identity_provider_changed()),
            EventKind::IdentityProviderDeleted => say!(self, history::event_identity_provider_deleted()),
            EventKind::ViewBegan => say!(self, history::event_view_began()),
            EventKind::ViewEnded => say!(self, history::event_view_ended()),
            EventKind::SecondFactorDemanded => say!(self, history::event_second_factor_demanded()),
            EventKind::SecondFactorOptional => say!(self, history::event_second_factor_optional()),
            EventKind::UseByPersonKept => say!(self, history::event_use_by_person_kept()),
            EventKind::UseByPersonDeleted => say!(self, history::event_use_by_person_deleted()),
            EventKind::LicenseRequested => say!(self, history::event_license_requested()),
            EventKind::LicenseRequestWithdrawn => say!(self, history::event_license_request_withdrawn()),
            EventKind::LicenseReplaced => say!(self, history::event_license_replaced()),
            EventKind::ProductCreated => say!(self, history::event_product_created()),
            EventKind::ProductChanged => say!(self, history::event_product_changed()),
            EventKind::HistoryAccepted => say!(self, history::event_history_accepted()),
            EventKind::Restored => say!(self, history::event_restored()),
            EventKind::ContainerCreated => say!(self, history::event_container_created()),
            EventKind::ContainerRenamed => say!(self, history::event_container_renamed()),
            EventKind::LicenseActivated => say!(self, history::event_license_activated()),
            EventKind::LicenseDeactivated => say!(self, history::event_license_deactivated()),
            EventKind::LicenseWithdrawn => say!(self, history::event_license_withdrawn()),
            EventKind::ContainerRemoved => say!(self, history::event_container_removed()),
            EventKind::MachineUpdated => say!(self, history::event_machine_updated()),
            EventKind::MachineConfirmed => say!(self, history::event_machine_confirmed()),
            EventKind::MachineLost => say!(self, history::event_machine_lost()),
            EventKind::MachineFound => say!(self, history::event_machine_found()),
            EventKind::LicenseAskedBack => say!(self, history::event_license_asked_back()),
            EventKind::LicenseRecovered => say!(self, history::event_license_recovered()),
            EventKind::LicenseBound => say!(self, history::event_license_bound()),
            EventKind::LicenseUnbound => say!(self, history::event_license_unbound()),
            EventKind::LicenseRenewed => say!(self, history::event_license_renewed()),
            EventKind::LicenseExtended => say!(self, history::event_license_extended()),
            EventKind::LicenseQuantityChanged => say!(self, history::event_license_quantity_changed()),
            EventKind::LicenseSuspended => say!(self, history::event_license_suspended()),
            EventKind::LicenseReinstated => say!(self, history::event_license_reinstated()),
            EventKind::LicenseRevoked => say!(self, history::event_license_revoked()),
            EventKind::LicenseAmendmentPlanned => say!(self, history::event_license_amendment_planned()),
            EventKind::LicenseAmendmentUndone => say!(self, history::event_license_amendment_undone()),
            EventKind::TicketSplit => say!(self, history::event_ticket_split()),
            EventKind::TicketSplitOff => say!(self, history::event_ticket_split_off()),
            EventKind::TicketJoined => say!(self, history::event_ticket_joined()),
            EventKind::TicketJoinedInto => say!(self, history::event_ticket_joined_into()),
            EventKind::CredentialIssued => say!(self, history::event_credential_issued()),
            EventKind::CredentialRotated => say!(self, history::event_credential_rotated()),
            EventKind::CredentialDisabled => say!(self, history::event_credential_disabled()),
            EventKind::CredentialEnabled => say!(self, history::event_credential_enabled()),
            EventKind::CredentialRevoked => say!(self, history::event_credential_revoked()),
            EventKind::CredentialsReset => say!(self, history::event_credentials_reset()),
        }
    }
}

// Webhooks

index! { history:
    webhooks, webhooks_explained, webhooks_of_instance_explained, no_webhooks, new_webhook,
    create_webhook, webhook_name_help, webhook_url, webhook_url_help, webhook_topics,
    webhook_topics_help, webhook_signed, webhook_on, webhook_off, webhook_stopped_short, switch_on,
    switch_off, switch_on_help, made_by, answers_for_it, send_test, test_asked_for, delete_webhook,
    webhook_is_deleted, delete_webhook_help, delivery_log, delivery_log_help, no_deliveries, a_test,
    send_again, outcome, attempts, webhook_settings;

    /// It waits until then, in short.
    fn webhook_waits_until(at: &str);

    /// Sends a delivery again, for who does not see its row.
    fn send_again_of(what: &str, at: &str);

    /// It failed, and is tried again then.
    fn webhook_waits(at: &str);
}

impl Language {
    /// Why a webhook cannot be kept like that.
    #[must_use]
    pub fn invalid_webhook(self, why: InvalidWebhook) -> String {
        match why {
            InvalidWebhook::Address => say!(self, history::invalid_webhook_address(MAX_URL)),
            InvalidWebhook::Insecure => say!(self, history::invalid_webhook_insecure()).to_owned(),
            InvalidWebhook::UserInfo => say!(self, history::invalid_webhook_user_info()).to_owned(),
            InvalidWebhook::TooMany => say!(self, history::invalid_webhook_too_many(MAX_WEBHOOKS)),
        }
    }

    /// Why a webhook switched itself off; `keeper` answers for it.
    #[must_use]
    pub fn webhook_stopped(self, why: Stopped, keeper: &str, at: &str) -> String {
        match why {
            Stopped::Keeper => say!(self, history::webhook_stopped_keeper(keeper, at)),
            Stopped::Gone => say!(self, history::webhook_stopped_gone(at)),
            Stopped::Failing => say!(self, history::webhook_stopped_failing(at)),
        }
    }

    /// What became of a delivery, in plain words.
    #[must_use]
    pub fn delivery_outcome(self, row: &DeliveryRow) -> String {
        let why = row.outcome.map(|outcome| self.attempt_outcome(outcome));
        let because = why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        match (row.state, row.due_at.filter(|_| row.attempts > 0)) {
            (DeliveryState::Waiting, Some(due)) => {
                let waits = say!(self, history::delivery_waits_until(&format::date_time(self, due)));
                format!("{waits}{because}")
            }
            (DeliveryState::Waiting, None) => say!(self, history::delivery_waits()).to_owned(),
            (DeliveryState::Delivered, _) => format!("{}{because}", say!(self, history::delivery_done())),
            (DeliveryState::Failed, _) => format!("{}{because}", say!(self, history::delivery_failed())),
            (DeliveryState::Withheld, _) => say!(self, history::delivery_withheld()).to_owned(),
        }
    }

    fn attempt_outcome(self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Status(status @ 300..=399) => say!(self, history::answer_redirects(status)),
            Outcome::Status(status) => say!(self, history::answer_status(status)),
            Outcome::Failure(failure) => self.failure(failure).to_owned(),
        }
    }

    const fn failure(self, failure: Failure) -> &'static str {
        match failure {
            Failure::Timeout => say!(self, history::failure_timeout()),
            Failure::NoHost => say!(self, history::failure_no_host()),
            Failure::Unreachable => say!(self, history::failure_unreachable()),
            Failure::Tls => say!(self, history::failure_tls()),
            Failure::Protocol => say!(self, history::failure_protocol()),
        }
    }
}
