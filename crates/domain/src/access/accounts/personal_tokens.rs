//! The policy of personal access tokens: a token narrows what its person may, and never widens it.

use crate::{
    access::Denied,
    accounts::personal_tokens::{Scope, Scopes},
};

/// May a token that is good for `scopes` be used for what demands `needed`? Writing in an area is reading there, too.
/// Whether the person may do it is judged as if they did it themselves.
///
/// # Errors
/// [`Denied::BeyondToken`].
pub fn authorize_scope(scopes: &Scopes, needed: Scope) -> Result<(), Denied> {
    match scopes.level(needed.area) {
        Some(level) if level >= needed.level => Ok(()),
        _ => Err(Denied::BeyondToken(needed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::personal_tokens::{Area, Level};

    #[test]
    fn writing_includes_reading_and_nothing_elsewhere() {
        let given = |text: &str| text.parse::<Scopes>().unwrap_or_default();
        let needed = |area, level| Scope { area, level };
        for (text, area, level, allowed) in [
            ("tickets:read", Area::Tickets, Level::Read, true),
            ("tickets:read", Area::Tickets, Level::Write, false),
            ("tickets:write", Area::Tickets, Level::Read, true),
            ("tickets:write", Area::Tickets, Level::Write, true),
            ("tickets:write", Area::Users, Level::Read, false),
            ("", Area::Tickets, Level::Read, false),
        ] {
            assert_eq!(
                authorize_scope(&given(text), needed(area, level)).is_ok(),
                allowed,
                "{text} for {area}:{level}"
            );
        }
    }
}
