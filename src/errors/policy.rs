//! What the policy does not permit.

use domain::access::Denied;

use crate::i18n::Language;

macro_rules! policy {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::Denied(denied) => policy::told(*denied).status, policy::told(*denied).text;
    } };
}

/// How a reason of the policy is told.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) text: Text,
    /// Two or three words, beside a target that is dimmed.
    short: Text,
}

type Text = fn(Language) -> &'static str;

pub(super) const fn told(denied: Denied) -> Told {
    let (status, text, short): (u16, Text, Text) = match denied {
        // What may not be known is told like what does not exist (S4).
        Denied::Hidden => (404, Language::denied_hidden, Language::not_allowed),
        Denied::AlreadyThere => (409, Language::denied_already_there, Language::already_there),
        Denied::KeepsToLevel => (403, Language::denied_keeps_to_level, Language::stays_in_its_group),
        Denied::ContextNeeded => (403, Language::denied_context_needed, Language::choose_a_group),
        Denied::NotAMember => (403, Language::denied_not_a_member, Language::not_a_member),
        Denied::AdminsOnly => (403, Language::denied_admins_only, Language::admins_only),
        Denied::IsvOnly => (403, Language::denied_isv_only, Language::isv_admins_only),
        Denied::InsideItself => (403, Language::denied_inside_itself, Language::inside_itself),
        Denied::TooDeep => (403, Language::denied_too_deep, Language::too_deep),
        Denied::BeyondOwn => (403, Language::denied_beyond_own, Language::beyond_your_rights),
        Denied::GroupTicketsOnly => (
            403,
            Language::denied_group_tickets_only,
            Language::group_tickets_only,
        ),
        Denied::Unowned => (403, Language::denied_unowned, Language::unowned),
        Denied::OwnPassword => (403, Language::denied_own_password, Language::not_allowed),
        Denied::OwnEmail => (403, Language::denied_own_email, Language::not_allowed),
        Denied::Oneself => (403, Language::denied_oneself, Language::not_allowed),
        Denied::CreatorsOnly => (403, Language::denied_creators_only, Language::not_allowed),
        Denied::RenewersOnly => (403, Language::denied_renewers_only, Language::not_allowed),
        Denied::ChangersOnly => (403, Language::denied_changers_only, Language::not_allowed),
        Denied::RevokersOnly => (403, Language::denied_revokers_only, Language::not_allowed),
        Denied::NotInFilter => (403, Language::denied_not_in_filter, Language::not_allowed),
        Denied::FromAbove => (403, Language::denied_from_above, Language::not_allowed),
        Denied::BeyondToken(_) => (403, Language::denied_beyond_token, Language::not_allowed),
    };
    Told { status, text, short }
}

/// The reason of the policy in two or three words, beside a target that is dimmed.
#[must_use]
pub fn why_not(lang: Language, denied: &Denied) -> &'static str {
    (told(*denied).short)(lang)
}
