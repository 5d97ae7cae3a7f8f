//! Accounts, logging in, offboarding, impersonation.

use domain::{
    accounts::{
        MIN_PASSWORD, WeakPassword,
        personal_tokens::{Area, InvalidToken, Level, MAX_TOKEN_DAYS, MAX_TOKENS},
        seats::NoSeatLeft,
        sessions::{EndReason, Tab},
    },
    time::Seconds,
};

use crate::{i18n::Language, views::accounts::SeatsLeft};

// Accounts

index! { accounts:
    persons_and_users, master_data, list_of_users, email, everyone, active, inactive, state,
    groups_of_person, password_set, no_password, generated_until, generated_password, no_users,
    new_user, create_user, login_help, no_group, new_user_explained, create_and_invite, selected_on, selected_off,
    with_selected, nobody_selected, refused_permissions_without_group, end_login_too, login_stays, profile, memberships, remove_member_help,
    no_memberships, add_to_group, no_group_to_choose, password_none_yet, password_missing, password_inviting, password_is_chosen,
    invite_by_mail, invite_again, invited_short, inviting_short, refused_has_password, refused_invited_lately, invitation_on_its_way,
    generate_password, generated_once, generated_help, password_generated_for, not_yours_to_change,
    my_data, refused_no_password, refused_login_taken, refused_login, refused_email, refused_no_email, change_email,
    own_email_help, own_email_elsewhere, refused_last_isv_admin, seat_is_left, all_seats_taken;

    /// The box that selects a row.
    fn select_row(name: &str);

    /// That a link was sent, and until when it works.
    fn password_by_link(sent: &str, until: &str);

    /// More invitations than anybody may send.
    fn too_many_invitations(most: u32);
}

impl Language {
    /// The seats in a sentence.
    #[must_use]
    pub fn seats(self, seats: SeatsLeft) -> String {
        match seats {
            SeatsLeft::Pool(pool) => {
                let [seats, active, left] = [pool.seats, pool.active, pool.left()].map(|n| self.count(n));
                say!(self, accounts::seats(&seats, &active, &left))
            }
            SeatsLeft::IsLeft(true) => self.seat_is_left().to_owned(),
            SeatsLeft::IsLeft(false) => self.all_seats_taken().to_owned(),
        }
    }

    /// Not enough seats.
    #[must_use]
    pub fn no_seat_left(self, none: NoSeatLeft) -> String {
        say!(self, accounts::no_seat_left(none.wanted, none.left))
    }
}

// Offboarding

index! { accounts:
    leaver, leaver_explained, who_takes_over, nobody_takes_over, leaver_tickets, no_leaver_tickets,
    leave_as_it_is, leaver_licenses, no_leaver_containers, take_back, reset_its_credentials,
    login_and_account, end_running_login, switch_account_off, account_stays, nothing_to_end,
    end_memberships, what_will_happen, nothing_will_happen, plan_unreadable, step, about_what,
    will_be_done, waits_for_machine, step_refused, leave_refused_out, tab_open_reason, do_it,
    deed_license_back, deed_license_moved, deed_credentials_reset, deed_ticket_moved,
    deed_login_ended, deed_account_off, deed_membership_ended, seat_free, changed_since, report,
    leaver_report, report_printable, a_person_you_cannot_see;

    /// Leaver, with the name.
    fn leaver_named(name: &str);

    /// A container with what is in it.
    fn licenses_in(container: &str, count: u32);

    /// Licences go on in somebody's container.
    fn transfer_into(person: &str, container: &str);

    /// So many credentials of a container.
    fn credentials_of(container: &str, count: u32);

    /// Of how many steps how many are refused.
    fn steps_refused(steps: usize, refused: usize);

    /// More than are dealt with at once.
    fn too_many_at_once(most: u32);
}

impl Language {
    /// The tickets of one level.
    #[must_use]
    pub fn tickets_of_level(self, level: &str, count: u32) -> String {
        format!("{level} ({count})")
    }
}

// Impersonation

index! { accounts:
    view_as_person, view_as_help, viewing_as_somebody, end_view, refused_viewing_as,
    refused_view_over, refused_not_viewing;

    /// What is said of a login beside the name of its user.
    fn views_as(name: &str);

    /// As whom, until when.
    fn viewing_as(name: &str, until: &str);
}

// Logging in

index! { accounts:
    log_in, login, password, log_out, wrong_login;

    /// Too many attempts.
    fn too_many_attempts(seconds: u64);
}

// Passwords

index! { accounts:
    change_password, end_own_tokens, present_password, new_password, password_replaced, replace_password_first,
    refused_inactive, refused_password_expired, refused_wrong_password;
}

impl Language {
    /// What a new password should be like.
    #[must_use]
    pub fn password_help(self) -> String {
        say!(self, accounts::password_help(MIN_PASSWORD))
    }

    /// Why a new password cannot be used.
    #[must_use]
    pub fn weak_password(self, why: WeakPassword) -> String {
        match why {
            WeakPassword::TooShort => say!(self, accounts::weak_password_too_short(MIN_PASSWORD)),
            WeakPassword::TooLong => say!(self, accounts::weak_password_too_long()).to_owned(),
            WeakPassword::Guessable => say!(self, accounts::weak_password_guessable()).to_owned(),
        }
    }
}

// Forgotten passwords

index! { accounts:
    forgot_password, forgot_password_text, send_link, link_sent, to_login, set_new_password,
    ask_for_another_link, password_set_log_in, refused_link_expired;
}

// Sessions

index! { accounts:
    signing_in, sessions, active_sessions, ended_sessions, sessions_explained, no_sessions, no_ended_sessions, refresh,
    logged_in_since, logged_in_until, idle_time, address, browser, browser_tab, tab_open, tab_gone,
    this_is_you, close_session, end_anyway, end_login, reason, reason_recorded, session_is_closed,
    how_it_ended, tab_is_open, reason_missing, end_other_login, still_there, stay_logged_in,
    login_has_ended, login_has_ended_text, login_has_ended_before, log_in_again;

    /// The login ends soon.
    fn logged_out_in(seconds: Seconds);

    /// So many people are logged in.
    fn count_logins(n: u64);
}

impl Language {
    /// Another login stands in the way; `since` is a time in words.
    #[must_use]
    pub fn logged_in_already(self, since: &str, tab: Tab) -> String {
        match tab {
            Tab::Open => say!(self, accounts::logged_in_already_tab_open(since)),
            Tab::Gone => say!(self, accounts::logged_in_already_tab_gone(since)),
        }
    }

    /// How a login ended.
    #[must_use]
    pub const fn end_reason(self, reason: EndReason) -> &'static str {
        match reason {
            EndReason::LoggedOut => say!(self, accounts::ended_logged_out()),
            EndReason::Idle => say!(self, accounts::ended_idle()),
            EndReason::TooOld => say!(self, accounts::ended_too_old()),
            EndReason::Replaced => say!(self, accounts::ended_replaced()),
            EndReason::Closed => say!(self, accounts::ended_closed()),
            EndReason::EndedAnyway => say!(self, accounts::ended_anyway()),
            EndReason::PasswordChanged => say!(self, accounts::ended_password_changed()),
            EndReason::Deactivated => say!(self, accounts::ended_deactivated()),
        }
    }
}

// Second factors

index! { accounts:
    second_factor, second_factor_help, second_factor_off, add_second_factor, remove_second_factor,
    second_factor_removed, second_factor_of_user, scan_picture, qr_code, secret, code_of_app,
    confirm_code, recovery_codes, recovery_codes_once, copy_recovery_codes, renew_recovery_codes,
    renew_recovery_codes_help, go_on, enter_code, code_or_recovery, log_in_anew,
    demand_second_factor, demand_second_factor_help, second_factor_is_demanded, second_factor_not_demanded,
    end_second_factor_demand, login_security, refused_second_factor_demanded,
    refused_code_needed, refused_wrong_code, refused_login_expired;

    /// The second factor is there.
    fn second_factor_on(since: &str, recovery_codes: u32);
}

// Access tokens

index! { accounts:
    access_tokens, access_tokens_help, interface_described, no_access_tokens, new_access_token,
    token_name, token_days, token_scopes, token_scope, area, level_none, level_read, level_write,
    make_token, token_once, your_token, copy_token, token_created, token_expires, token_last_used,
    token_never_used, token_expired, revoke_token, revoke_token_help, token_is_revoked,
    tokens_of_user;
}

impl Language {
    /// A part of the portal that a token may be good for.
    #[must_use]
    pub const fn token_area(self, area: Area) -> &'static str {
        match area {
            Area::Groups => say!(self, accounts::area_groups()),
            Area::Users => say!(self, accounts::area_users()),
            Area::Tickets => self.tickets(),
            Area::Licenses => say!(self, accounts::area_licenses()),
            Area::Products => say!(self, accounts::area_products()),
            Area::History => say!(self, accounts::area_history()),
            Area::Webhooks => say!(self, accounts::area_webhooks()),
            Area::Instance => say!(self, accounts::area_instance()),
        }
    }

    /// What a token may do in an area.
    #[must_use]
    pub const fn token_level(self, level: Level) -> &'static str {
        match level {
            Level::Read => self.level_read(),
            Level::Write => self.level_write(),
        }
    }

    /// Why there is no such token.
    #[must_use]
    pub fn invalid_token(self, why: InvalidToken) -> String {
        match why {
            InvalidToken::Days => say!(self, accounts::invalid_token_days(MAX_TOKEN_DAYS)),
            InvalidToken::NoScope => say!(self, accounts::invalid_token_no_scope()).to_owned(),
            InvalidToken::TooMany => say!(self, accounts::invalid_token_too_many(MAX_TOKENS)),
        }
    }
}
