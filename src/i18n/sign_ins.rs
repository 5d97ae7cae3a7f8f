//! Signing in by identity providers.

use domain::accounts::identity_providers::{FailedSignIn, InvalidProvider, MAX_PROVIDERS};

use crate::i18n::Language;

index! { sign_ins:
    or_password, linked_sign_ins, linked_sign_ins_help, no_linked_sign_ins, link_sign_in, unlink_sign_in,
    sign_in_is_linked, sign_in_is_unlinked, linked_since, last_signed_in, never_signed_in,
    linking_needs_password, password_confirmed, identity_providers, identity_providers_help,
    no_identity_providers, new_identity_provider, new_identity_provider_dots, issuer, issuer_help, client_id, client_secret,
    client_secret_kept, client_secret_lost, scopes, scopes_help, back_address, back_address_help,
    branch_of_provider, branch_of_provider_help, whole_instance, join_group, join_group_help, nobody_joins,
    login_is_email, gives_factor, gives_factor_help, provider_on, provider_off, switch_provider_on,
    switch_provider_off, add_provider, remove_provider, remove_provider_help, provider_removed,
    test_provider, test_provider_help, provider_works, provider_does_not_work, provider_names_itself,
    provider_does_not_name_itself, provider_logs_out, no_usable_algorithm, linked_accounts, branch_address,
    branch_address_help, signed_in_elsewhere;

    /// The link of the login page.
    fn sign_in_with(name: &str);

    /// The way to a provider, once the password was given.
    fn go_on_to(name: &str);

    /// Where people are sent to.
    fn provider_sends_to(address: &str);

    /// With which keys and algorithms it signs.
    fn provider_signs_with(keys: u32, algorithms: &str);
}

impl Language {
    /// Why a provider did not sign somebody in, or no account was linked.
    #[must_use]
    pub const fn failed_sign_in(self, why: FailedSignIn) -> &'static str {
        match why {
            FailedSignIn::Off => say!(self, sign_ins::failed_off()),
            FailedSignIn::Expired => say!(self, sign_ins::failed_expired()),
            FailedSignIn::Declined => say!(self, sign_ins::failed_declined()),
            FailedSignIn::Unreachable => say!(self, sign_ins::failed_unreachable()),
            FailedSignIn::Untrusted => say!(self, sign_ins::failed_untrusted()),
            FailedSignIn::Unknown => say!(self, sign_ins::failed_unknown()),
            FailedSignIn::LoginTaken => say!(self, sign_ins::failed_login_taken()),
            FailedSignIn::NoLogin => say!(self, sign_ins::failed_no_login()),
            FailedSignIn::OfAnother => say!(self, sign_ins::failed_of_another()),
            FailedSignIn::LinkedAlready => say!(self, sign_ins::failed_linked_already()),
        }
    }

    /// Why a provider cannot be kept like that.
    #[must_use]
    pub fn invalid_provider(self, why: InvalidProvider) -> String {
        match why {
            InvalidProvider::Issuer => say!(self, sign_ins::invalid_issuer()).to_owned(),
            InvalidProvider::ClientId => say!(self, sign_ins::invalid_client_id()).to_owned(),
            InvalidProvider::ClientSecret => say!(self, sign_ins::invalid_client_secret()).to_owned(),
            InvalidProvider::Scopes => say!(self, sign_ins::invalid_scopes()).to_owned(),
            InvalidProvider::TooMany => say!(self, sign_ins::too_many_providers(MAX_PROVIDERS)),
            InvalidProvider::OutsideBranch => say!(self, sign_ins::invalid_outside_branch()).to_owned(),
            InvalidProvider::Changed => say!(self, sign_ins::provider_changed_meanwhile()).to_owned(),
        }
    }
}
