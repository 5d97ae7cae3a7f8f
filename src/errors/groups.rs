//! Refusals about groups.

macro_rules! groups {
    ($next:ident $($then:tt)*) => { $next! { $($then)*
        Refusal::NameTaken => 409, Language::name_taken;
        Refusal::NotEmpty => 409, Language::group_not_empty;
    } };
}
