//! Refusals that no area owns.

macro_rules! general {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::Malformed => 400, Language::malformed_request;
        Refusal::NoReason => 422, Language::reason_missing;
        Refusal::ChangedSince => 409, Language::changed_since;
        Refusal::TooManyAtOnce { most } => 409, |lang| lang.too_many_at_once(*most);
        Refusal::KeyReused => 409, Language::key_reused;
        Refusal::InvalidName(why) => 422, |lang| explain_name(lang, *why);
    } };
}
