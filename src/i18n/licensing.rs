//! Products, licences and containers.

use domain::licensing::{
    amendments::{Amendment, InvalidAmendment, MAX_AMENDMENTS, MAX_MONTHS, MAX_OF_SPLIT, MAX_REASON, Term},
    containers::ContainerKind,
    credentials::{CredentialState, InvalidCredential, MAX_CREDENTIALS, MAX_DAYS, MAX_OVERLAP},
    devices::{InvalidExchange, InvalidTransition},
    expiry::STEPS,
    licenses::{Binding, MAX_DAYS as MAX_TERM_DAYS, MAX_QUANTITY},
    usage::{UseRefusal, UseSpan},
};

use crate::i18n::{Language, format};

// Products

index! { licensing:
    products, product, new_product, no_products, article, name_english, name_german,
    name_german_help, features, features_help, article_taken, invalid_article, invalid_features;
}

// Licences

index! { licensing:
    licenses, no_licenses, quantity, validity, perpetual, binding, floating, node_locked, returns,
    returns_unlimited, activate, deactivate, withdraw_license, transfer, transfer_to, activate_in,
    not_activated, in_hidden_container, license_expired, no_returns_left, still_activated,
    keep_activated, deactivate_first, activated_licenses, do_not_move, expired;

    /// How many of the licences in a container are leased.
    fn leased_of(used: u64, all: u64);

    /// Behind how many of them are taken.
    fn of_total(total: &str);

    /// Until when the first of several licences can be used.
    fn first_ends(day: &str);

    /// The person has as many containers as anybody may.
    fn too_many_containers(most: u32);

    /// So many of how many are activated.
    fn activated_of(activated: u32, quantity: u32);

    /// Not so many are free.
    fn not_enough(free: u32);

    /// So many days from the first activation.
    fn valid_days(days: u32);

    /// How often it may still be given back.
    fn returns_left(left: u32);
}

impl Language {
    /// From when until when.
    #[must_use]
    pub fn valid_between(self, from: Option<&str>, until: Option<&str>) -> String {
        match (from, until) {
            (Some(from), Some(until)) => say!(self, licensing::valid_between(from, until)),
            (Some(from), None) => say!(self, licensing::valid_from(from)),
            (None, Some(until)) => say!(self, licensing::valid_to(until)),
            (None, None) => self.perpetual().to_owned(),
        }
    }

    /// What a licence is bound to.
    #[must_use]
    pub const fn binding_name(self, binding: Binding) -> &'static str {
        match binding {
            Binding::Floating => self.floating(),
            Binding::NodeLocked => self.node_locked(),
        }
    }
}

// Bringing licences into containers

index! { licensing:
    activate_in_dots, transfer_to_dots, drop_to_activate, drop_to_transfer, no_container_permits;

    /// So many are in use by machines.
    fn count_in_use(n: u32);

    /// So many are not activated.
    fn count_free(n: u32);

    /// Asks where licences are to be activated.
    fn activate_what_in(what: &str);

    /// Asks where licences are to be brought.
    fn transfer_what_to(what: &str);

    /// Asks how many licences are to be activated there.
    fn activate_how_many(what: &str, container: &str);

    /// So many licences were activated there.
    fn activated_in(n: u32, what: &str, container: &str);

    /// So many licences were transferred there.
    fn transferred_to(n: u32, what: &str, container: &str);

    /// Licences that were not activated.
    fn not_activated_because(what: &str, why: &str);

    /// Licences that were not transferred.
    fn not_transferred_because(what: &str, why: &str);
}

// What is used

index! { licensing:
    usage, usage_explained, use_period, use_day, use_hour, use_most_at_once, use_on_average, use_hours_leased, use_granted,
    use_refused, use_waited, use_by_weekday, use_by_machine, use_by_product, use_leases, use_forecast, use_not_counted, as_table,
    no_use_yet, nothing_used, last_used, never_used, forecast_unknown, forecast_enough, forecast_full, unused_licenses,
    unused_explained, unused_for_days, nothing_unused;

    /// The title of the page about a ticket.
    fn use_of(what: &str);

    /// So many at once of how many there are.
    fn use_of_granted(peak: u32, granted: u32);

    /// Since when use is known, and until when.
    fn use_known(since: &str, until: &str);

    /// A chart in words.
    fn use_described(from: &str, until: &str, most: &str, at: &str, refused: &str);

    /// The hours of a week in words.
    fn use_week_described(most: &str, day: &str, hour: &str);

    /// When the last free licence is gone.
    fn forecast_gone(likely: &str, earliest: &str, latest: &str);

    /// The same, where it may as well never be.
    fn forecast_gone_perhaps(likely: &str, earliest: &str);

    /// For a shorter time than is asked for.
    fn unused_known_since(since: &str);
}

impl Language {
    /// How far back use is shown.
    #[must_use]
    pub const fn use_span(self, span: UseSpan) -> &'static str {
        match span {
            UseSpan::Day => say!(self, licensing::use_last_day()),
            UseSpan::Week => say!(self, licensing::use_last_week()),
            UseSpan::Month => say!(self, licensing::use_last_month()),
            UseSpan::Year => say!(self, licensing::use_last_year()),
        }
    }

    /// Why a machine did not get a licence.
    #[must_use]
    pub const fn use_refusal(self, why: UseRefusal) -> &'static str {
        match why {
            UseRefusal::NoneFree => say!(self, licensing::refused_none_free()),
            UseRefusal::NotValid => say!(self, licensing::refused_not_valid()),
            UseRefusal::Suspended => say!(self, licensing::refused_suspended()),
            UseRefusal::Revoked => say!(self, licensing::refused_revoked()),
            UseRefusal::Reduced => say!(self, licensing::refused_reduced()),
        }
    }

    /// The short name of a day of the week, from 0 for Monday.
    #[must_use]
    pub const fn weekday(self, day: usize) -> &'static str {
        match day {
            0 => say!(self, licensing::monday()),
            1 => say!(self, licensing::tuesday()),
            2 => say!(self, licensing::wednesday()),
            3 => say!(self, licensing::thursday()),
            4 => say!(self, licensing::friday()),
            5 => say!(self, licensing::saturday()),
            _ => say!(self, licensing::sunday()),
        }
    }
}

// What expires

index! { licensing:
    expiring, expiring_explained, nothing_expires, within, by_branch, in_all, ends, all_products,
    people_without_group, only_here, all_branches, licenses_by_time, mail_what_expires, mails;

    /// So many branches that are not told one by one.
    fn other_branches(count: u32);
}

impl Language {
    /// The days between one step and the one before: "8–14 days".
    #[must_use]
    pub fn days_of_step(self, step: usize) -> String {
        let to = STEPS.get(step).copied().unwrap_or_default();
        let from = step.checked_sub(1).and_then(|before| STEPS.get(before));
        match from {
            Some(from) => say!(self, licensing::days_of_step(from + 1, to)),
            None => say!(self, licensing::one_day()).to_owned(),
        }
    }
}

// Containers

index! { licensing:
    containers, container, new_container, create_container, cloud_container, no_containers, search_containers,
    container_help, container_empty, no_container_to_choose, no_license_selected, narrow_containers,
    group_context, whose;

    /// The containers of somebody.
    fn containers_of(person: &str);

    /// The container of somebody.
    fn container_of(name: &str, person: &str);
}

// Machines

index! { licensing:
    kind_cloud, kind_device, kind_dongle, serial_number, serial_number_help, invalid_serial, device,
    dongle, machine, machine_help, machine_unknown, reported_lost, state_assigned, offline_exchange,
    set_up_machine, download_setup, write_request, take_update, bring_receipt, on_machine,
    file_or_photo, exchange_text, upload, download_update, update_too_long, update_needed,
    not_confirmed, exchanged_update, exchanged_receipt, not_done, not_permitted, report_lost,
    report_lost_help, report_found, report_found_help, recover, recover_now, remove_container,
    remove_container_help, container_not_empty, other_kind, refused_on_machine, whole_only,
    activation_over, asked_back_already, exchange_unreadable, exchange_no_code, exchange_too_large,
    exchange_altered, exchange_foreign, exchange_replayed, exchange_not_expected, exchange_lost,
    exchange_restored;

    /// What becomes of a container that is removed.
    fn removal_of_container(name: &str);

    /// It is in an update that the machine has yet to confirm.
    fn state_collected(until: &str);

    /// The machine has it.
    fn state_confirmed(until: &str);

    /// Its time on the machine is over.
    fn state_run_out(until: &str);

    /// It is on a machine that is lost.
    fn state_lost(until: &str);

    /// When a machine came first.
    fn bound_since(date: &str);

    /// When an update was signed.
    fn update_of(date: &str);

    /// When the machine confirmed it.
    fn confirmed_on(date: &str);
}

impl Language {
    /// What a container is.
    #[must_use]
    pub const fn container_kind(self, kind: ContainerKind) -> &'static str {
        match kind {
            ContainerKind::Cloud => self.cloud_container(),
            ContainerKind::Device => self.device(),
            ContainerKind::Dongle => self.dongle(),
        }
    }

    /// It was given back, and the machine has yet to confirm that.
    #[must_use]
    pub fn state_leaving(self, withdrawn: bool, until: &str) -> String {
        if withdrawn {
            say!(self, licensing::state_withdrawn(until))
        } else {
            say!(self, licensing::state_given_back(until))
        }
    }

    /// Why a text of a machine does not count.
    #[must_use]
    pub const fn invalid_exchange(self, why: InvalidExchange) -> &'static str {
        match why {
            InvalidExchange::Unreadable => self.exchange_unreadable(),
            InvalidExchange::NoCode => self.exchange_no_code(),
            InvalidExchange::TooLarge => self.exchange_too_large(),
            InvalidExchange::Altered => self.exchange_altered(),
            InvalidExchange::Foreign => self.exchange_foreign(),
            InvalidExchange::Replayed => self.exchange_replayed(),
            InvalidExchange::NotExpected => self.exchange_not_expected(),
            InvalidExchange::Lost => self.exchange_lost(),
            InvalidExchange::Restored => self.exchange_restored(),
        }
    }

    /// Why an activation cannot be given or taken back; `until` is the day of [`InvalidTransition::Held`].
    #[must_use]
    pub fn invalid_transition(self, why: InvalidTransition, until: &str) -> String {
        match why {
            InvalidTransition::Over => self.activation_over().to_owned(),
            InvalidTransition::AskedAlready => self.asked_back_already().to_owned(),
            InvalidTransition::Held(_) => say!(self, licensing::lost_machine_may_use_it(until)),
        }
    }
}

// Amendments

index! { licensing:
    license_suspended, license_revoked, amendment_no_end, amendment_not_begun, amendment_not_later,
    amendment_over_already, amendment_same_quantity, amendment_suspended, amendment_not_suspended,
    amendment_revoked, amendment_in_the_past, amendment_day, amendment_overtaken, amendment_gone,
    amendment_followed, amendment_of_two_tickets, amended_suspend, amended_reinstate, amended_revoke;

    /// The licence cannot be used until it is reinstated.
    fn suspended_since(day: &str);
    /// The licence cannot be used any more.
    fn revoked_since(day: &str);
    /// So many licences.
    fn granted_licenses(n: u32);
}

impl Language {
    /// What is done to a licence.
    #[must_use]
    pub fn amendment(self, amendment: Amendment) -> String {
        match amendment {
            Amendment::Renew {
                term: Term::Days(days),
                ..
            } => say!(self, licensing::amended_renew_days(days)),
            Amendment::Renew {
                term: Term::Months(months),
                ..
            } => say!(self, licensing::amended_renew_months(months)),
            Amendment::Extend { until } => {
                let last = format::date(self, format::last_moment(until));
                say!(self, licensing::amended_extend(&last))
            }
            Amendment::Quantity { to } => say!(self, licensing::amended_quantity(to)),
            Amendment::Split { off } => say!(self, licensing::amended_split(off)),
            Amendment::Join { more } => say!(self, licensing::amended_join(more)),
            Amendment::Suspend => self.amended_suspend().to_owned(),
            Amendment::Reinstate => self.amended_reinstate().to_owned(),
            Amendment::Revoke => self.amended_revoke().to_owned(),
        }
    }

    /// Why a licence cannot be amended like that, or an amendment not be taken back.
    #[must_use]
    pub fn invalid_amendment(self, why: InvalidAmendment) -> String {
        let text = match why {
            InvalidAmendment::NoEnd => self.amendment_no_end(),
            InvalidAmendment::NotBegun => self.amendment_not_begun(),
            InvalidAmendment::NotLater => self.amendment_not_later(),
            InvalidAmendment::OverAlready => self.amendment_over_already(),
            InvalidAmendment::Term => {
                return say!(self, licensing::amendment_term(MAX_TERM_DAYS, MAX_MONTHS));
            }
            InvalidAmendment::Quantity => return say!(self, licensing::amendment_quantity(MAX_QUANTITY)),
            InvalidAmendment::SameQuantity => self.amendment_same_quantity(),
            InvalidAmendment::Suspended => self.amendment_suspended(),
            InvalidAmendment::NotSuspended => self.amendment_not_suspended(),
            InvalidAmendment::Revoked => self.amendment_revoked(),
            InvalidAmendment::InThePast => self.amendment_in_the_past(),
            InvalidAmendment::Day => self.amendment_day(),
            InvalidAmendment::Reason => return say!(self, licensing::amendment_reason(MAX_REASON)),
            InvalidAmendment::Overtaken => self.amendment_overtaken(),
            InvalidAmendment::TooMany => return say!(self, licensing::amendment_too_many(MAX_AMENDMENTS)),
            InvalidAmendment::TooOften => return say!(self, licensing::amendment_too_often(MAX_OF_SPLIT)),
            InvalidAmendment::Conflict { with } => return say!(self, licensing::amendment_conflict(with)),
            InvalidAmendment::Gone => self.amendment_gone(),
            InvalidAmendment::Followed => self.amendment_followed(),
            InvalidAmendment::OfTwoTickets => self.amendment_of_two_tickets(),
        };
        text.to_owned()
    }
}

// Credentials

index! { licensing:
    credentials, credentials_help, no_credentials, remove_container_dots, issue_credential, issue_and_download,
    credential_shown_once, credential_label, credential_label_help, credential_days,
    credential_days_help, credential_issued, credential_expires, credential_never,
    credential_last_used, credential_active, credential_disabled, credential_expired,
    credential_revoked, disable_credential, enable_credential, revoke_credential,
    revoke_credential_help, rotate_credential, credential_overlap, replace_and_download,
    reset_credentials, reset_credentials_help, reset_with_new, more_about_credential, reset_ends_nothing,
    disable_before_revoking,
    credential_not_disabled, credential_over;

    /// By whom a credential was issued.
    fn issued_by(name: &str);
}

/// Most credentials that are named before they end.
const NAMED: usize = 5;

impl Language {
    /// What ends when the credentials of a container are reset.
    #[must_use]
    pub fn reset_ends(self, labels: &[&str]) -> String {
        if labels.is_empty() {
            return self.reset_ends_nothing().to_owned();
        }
        let (named, more) = labels.split_at(labels.len().min(NAMED));
        let named = named.join(", ");
        let named = match more.len() {
            0 => named,
            more => say!(self, licensing::labels_and_more(&named, more)),
        };
        say!(self, licensing::reset_ends(&named))
    }

    /// The state of a credential.
    #[must_use]
    pub const fn credential_state(self, state: CredentialState) -> &'static str {
        match state {
            CredentialState::Active => self.credential_active(),
            CredentialState::Disabled => self.credential_disabled(),
            CredentialState::Expired => self.credential_expired(),
            CredentialState::Revoked => self.credential_revoked(),
        }
    }

    /// Why a credential cannot be had, or changed, like that.
    #[must_use]
    pub fn invalid_credential(self, why: InvalidCredential) -> String {
        match why {
            InvalidCredential::TooMany => say!(self, licensing::invalid_credential_too_many(MAX_CREDENTIALS)),
            InvalidCredential::Days => say!(self, licensing::invalid_credential_days(MAX_DAYS)),
            InvalidCredential::Overlap => say!(self, licensing::invalid_credential_overlap(MAX_OVERLAP)),
            InvalidCredential::NotDisabled => self.credential_not_disabled().to_owned(),
            InvalidCredential::Over => self.credential_over().to_owned(),
        }
    }
}

// Pages of amendments

index! { licensing:
    term_and_quantity, amend_title, amend_dots, renew_dots, extend_dots, change_quantity_dots, suspend_dots,
    reinstate_dots, revoke_dots, amend_renew, amend_extend, amend_quantity, what_to_do, new_term,
    another_length, length, unit, months, term_begins, begins_at_end, begins_now, begins_now_if_ended,
    new_quantity, takes_effect, at_once, on_a_day, day_of_effect, reason_help,
    stands_before, stands_after, who_loses, nobody_loses, suspend_explained, revoke_explained,
    revoke_for_good, revoke_asked, all_items_or_none, leave_refused_ones_out, nothing_left_to_amend,
    amendments_made, amendment_taken_back, no_amendments, amendments, plans, can_be_used,
    not_usable_yet, who_knows_yet, knows_yet, knows_it, no_machine_holds, planned_word, in_force_word, undone_word,
    licenses_to_amend, nothing_to_amend;

    /// So many months as a choice.
    fn months_long(n: u32);

    /// So many positions of tickets.
    fn count_items(n: usize);

    /// So many amendments, which stand behind a line that opens.
    fn earlier_amendments(n: usize);

    /// Too many to be amended at once.
    fn amend_too_many(most: usize);

    /// Amends all licences that a page lists.
    fn amend_all_listed(n: usize);

    /// Some of what is activated cannot be used any more; what machines hold, until then.
    fn loses_until(place: &str, lost: u32, quantity: u32, until: &str);

    /// Some of what is activated cannot be used any more, from then on.
    fn loses_from(place: &str, lost: u32, quantity: u32, from: &str);

    /// More are activated than there are.
    fn more_activated(activated: u32, over: u32);

    /// Which of the amendments of a licence.
    fn amendment_number(number: u32);

    /// It is to come into force on that day.
    fn planned_for(at: &str);

    /// It is in force.
    fn in_force_since(at: &str);

    /// It was taken back.
    fn undone_at(at: &str);

    /// It was taken back by somebody.
    fn undone_at_by(at: &str, by: &str);

    /// Why it was done.
    fn amended_because(reason: &str);

    /// A machine does not know yet.
    fn knows_by(until: &str);

    /// Only so many machines are shown.
    fn first_machines(n: u32);

    /// An amendment was not taken back.
    fn amendment_not_undone(why: &str);
}
