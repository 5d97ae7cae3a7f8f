//! Refusals about tickets: moves, selections, codes.

use domain::tickets::{
    Holder, InvalidSelection,
    codes::{InvalidCode, TicketCode},
};

use crate::i18n::{Language, format::holder};

macro_rules! tickets {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::Overtaken { code, now, by, also, others } => 409, |lang| tickets::overtaken(lang, code, now, by.as_deref(), also, *others);
        Refusal::PreviewOutdated => 409, Language::preview_outdated;
        Refusal::NothingToUndo => 409, Language::nothing_to_undo;
        Refusal::StillActivated => 409, Language::still_activated;
        Refusal::TooManyTickets => 422, Language::too_many_tickets;
        Refusal::TooManyViews => 409, Language::too_many_views;
        Refusal::TooManyActivated => 422, Language::too_many_activated;
        Refusal::InvalidCode { at, why } => 422, |lang| lang.code_mistyped(*at, &tickets::explain_code(lang, why));
        Refusal::UnknownCode { at } => 422, |lang| lang.code_unknown(*at);
        Refusal::NoCodes => 422, Language::no_codes;
        Refusal::NoFreeCodes => 409, Language::no_free_codes;
        Refusal::InvalidSplit(why @ InvalidSplit::Quantity) => 422, |lang| lang.invalid_split(*why);
        Refusal::InvalidSplit(why) => 409, |lang| lang.invalid_split(*why);
        Refusal::InvalidJoin(why @ InvalidJoin::Same) => 422, |lang| lang.invalid_join(*why);
        Refusal::InvalidJoin(why) => 409, |lang| lang.invalid_join(*why);
    } };
}

/// Where the ticket is, and of which others the same holds.
pub(super) fn overtaken(
    lang: Language,
    code: &TicketCode,
    now: &Holder,
    by: Option<&str>,
    also: &[TicketCode],
    others: u32,
) -> String {
    let told = lang.overtaken(&code.to_string(), &holder(lang, now), by);
    if others == 0 {
        return told;
    }
    let also: Vec<_> = also.iter().map(ToString::to_string).collect();
    format!("{told} {}", lang.overtaken_too(others, &also))
}

/// What is wrong with a ticket code.
#[must_use]
pub fn explain_code(lang: Language, why: &InvalidCode) -> String {
    match why {
        InvalidCode::Length => lang.code_length().to_owned(),
        InvalidCode::Character(character) => lang.code_character(*character),
        InvalidCode::Check => lang.code_check().to_owned(),
    }
}

/// Why no ticket can be moved with that selection.
#[must_use]
pub fn explain_selection(lang: Language, why: InvalidSelection) -> &'static str {
    match why {
        InvalidSelection::Empty => lang.nothing_selected(),
        InvalidSelection::TooMany => lang.too_many_selected(),
        InvalidSelection::Twice | InvalidSelection::Malformed => lang.malformed_request(),
    }
}
