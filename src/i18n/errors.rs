//! What went wrong, and what to do next.

use crate::i18n::Language;

// Pages in place of others

index! { errors:
    not_found, not_found_text, too_large, too_large_text, foreign_request, foreign_request_text,
    took_too_long, took_too_long_text, needs_scripts, offline, offline_text, moment_please,
    something_broke;
}

// Errors

index! { errors:
    session_ended, malformed_request, server_unreachable, database_away, internal_error, name_taken,
    name_empty, name_too_long, name_control, nothing_to_undo, key_reused;

    /// The server has more to do than it can.
    fn overloaded(seconds: u64);
}

// What the policy denies

index! { errors:
    denied_hidden, denied_already_there, denied_keeps_to_level, denied_context_needed,
    denied_not_a_member, denied_admins_only, denied_isv_only, denied_inside_itself, denied_too_deep,
    denied_beyond_own, denied_group_tickets_only, denied_unowned, denied_own_password,
    denied_own_email, denied_oneself, denied_creators_only, denied_renewers_only,
    denied_changers_only, denied_revokers_only, denied_not_in_filter, denied_from_above,
    denied_beyond_token;
}

// The same in two or three words, beside a target

index! { errors:
    not_allowed, already_there, stays_in_its_group, choose_a_group, not_a_member, admins_only,
    isv_admins_only, inside_itself, too_deep, beyond_your_rights, group_tickets_only, unowned;
}
