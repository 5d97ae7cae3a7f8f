//! Refusals about products, licences, containers, machines and credentials.

use domain::licensing::devices::InvalidTransition;

use crate::i18n::{Language, format::date};

macro_rules! licensing {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::InvalidProduct(InvalidProduct::Article) => 422, Language::invalid_article;
        Refusal::InvalidProduct(InvalidProduct::Features) => 422, Language::invalid_features;
        Refusal::InvalidProduct(InvalidProduct::Name(why)) => 422, |lang| explain_name(lang, *why);
        Refusal::ArticleTaken => 409, Language::article_taken;

        Refusal::NothingSelected => 422, Language::no_license_selected;
        Refusal::NotEnough { free } => 409, |lang| lang.not_enough(*free);
        Refusal::LicenseExpired => 409, Language::license_expired;
        Refusal::LicenseSuspended => 409, Language::license_suspended;
        Refusal::LicenseRevoked => 409, Language::license_revoked;
        Refusal::InvalidAmendment(
            why @ (InvalidAmendment::Term
            | InvalidAmendment::Quantity
            | InvalidAmendment::InThePast
            | InvalidAmendment::Day
            | InvalidAmendment::Reason),
        ) => 422, |lang| lang.invalid_amendment(*why);
        Refusal::InvalidAmendment(why) => 409, |lang| lang.invalid_amendment(*why);
        Refusal::InvalidTakeBack(
            why @ (InvalidTakeBack::Days | InvalidTakeBack::NoGroup | InvalidTakeBack::Unowned),
        ) => 422, |lang| lang.invalid_take_back(*why);
        Refusal::InvalidTakeBack(why) => 409, |lang| lang.invalid_take_back(*why);
        Refusal::NoReturnsLeft => 409, Language::no_returns_left;
        Refusal::InvalidTransition(why) => 409, |lang| licensing::explain_transition(lang, *why);
        Refusal::OnMachine => 409, Language::refused_on_machine;
        Refusal::WholeOnly => 409, Language::whole_only;

        Refusal::InvalidSerial => 422, Language::invalid_serial;
        Refusal::TooManyContainers => 409, |lang| lang.too_many_containers(MAX_CONTAINERS);
        Refusal::OtherKind => 409, Language::other_kind;
        Refusal::ContainerNotEmpty => 409, Language::container_not_empty;

        Refusal::InvalidExchange(
            why @ (InvalidExchange::Replayed
            | InvalidExchange::NotExpected
            | InvalidExchange::Lost
            | InvalidExchange::Restored),
        ) => 409, |lang| lang.invalid_exchange(*why);
        Refusal::InvalidExchange(
            why @ (InvalidExchange::Unreadable
            | InvalidExchange::NoCode
            | InvalidExchange::TooLarge
            | InvalidExchange::Altered
            | InvalidExchange::Foreign),
        ) => 422, |lang| lang.invalid_exchange(*why);

        Refusal::InvalidCredential(
            why @ (InvalidCredential::TooMany | InvalidCredential::NotDisabled | InvalidCredential::Over),
        ) => 409, |lang| lang.invalid_credential(*why);
        Refusal::InvalidCredential(why @ (InvalidCredential::Days | InvalidCredential::Overlap)) => 422, |lang| lang.invalid_credential(*why);
    } };
}

pub(super) fn explain_transition(lang: Language, why: InvalidTransition) -> String {
    let until = match why {
        InvalidTransition::Held(until) => date(lang, until),
        InvalidTransition::Over | InvalidTransition::AskedAlready => String::new(),
    };
    lang.invalid_transition(why, &until)
}
