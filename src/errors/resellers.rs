//! Refusals about creating tickets for customers, and about quotas.

macro_rules! resellers {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::InvalidCreation(why) => 422, |lang| lang.invalid_creation(*why);
        Refusal::OverQuota(over) => 409, |lang| lang.over_quota(*over);
        Refusal::InvalidQuota(_) => 422, Language::invalid_quota;
    } };
}
