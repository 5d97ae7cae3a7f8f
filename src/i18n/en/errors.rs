//! What went wrong, and what to do next.

// Pages in place of others

texts! {
    not_found: "Not found";
    not_found_text: "It does not exist, or you may not see it.";
    too_large: "That was too large";
    too_large_text: "The portal does not take that much here. Send less at once, or a smaller file.";
    foreign_request: "This request came from another site";
    foreign_request_text: "The portal does only what is asked for on its own pages. Nothing was changed.";
    took_too_long: "That took too long";
    took_too_long_text:
        "The portal is very busy. Try again in a minute; check first whether it was done after all.";
    needs_scripts: "Switch JavaScript on for this: the answer is shown once, and cannot be shown without.";
    offline: "The server cannot be reached";
    offline_text: "Try again in a moment. What the portal has confirmed is kept; look at the rest before you repeat it.";
    moment_please: "One moment, please";
    something_broke: "Something broke on our side";
}

// Errors

texts! {
    session_ended: "You are not logged in, or no longer. Log in and try again.";
    malformed_request: "The request was incomplete or garbled. Load the page again and repeat it.";
    server_unreachable:
        "The server cannot be reached; nothing was changed as far as we know. Check the connection and try again.";
    database_away:
        "The portal's database does not answer at the moment. Nothing that was confirmed is lost. Try again in a few seconds; whether your last change still arrived shows then.";
    internal_error: "Something broke on our side; nothing was changed. It was recorded. Try again later.";
    name_taken: "There is a group of that name here already. Choose another name.";
    name_empty: "Enter a name.";
    name_too_long: "The name is too long: at most 120 characters.";
    name_control: "The name contains line breaks or control characters. Remove them.";
    nothing_to_undo: "There is nothing to undo: the move is not yours or was undone already.";
    key_reused: "This form was already sent. Load the page again before you change it.";

    overloaded(seconds: u64):
        "The portal has too much to do right now; nothing was changed. Try again in {seconds} seconds.";
}

// What the policy denies

texts! {
    denied_hidden: "It does not exist, or you may not see it. Load the page again to see what is there now.";
    denied_already_there: "It is already there. Choose another target.";
    denied_keeps_to_level: "Only an admin may take this ticket out of its group. Ask an admin of the group.";
    denied_context_needed: "Choose the group through which the person gets the ticket.";
    denied_not_a_member: "The person is not a member of that group. Choose another group.";
    denied_admins_only: "Only an admin of the group may do that. Ask one.";
    denied_isv_only: "Only ISV admins may do that at the top level. Ask one.";
    denied_inside_itself: "A group cannot be moved into itself. Choose a group outside of it.";
    denied_too_deep: "The tree would become too deep. Choose a place further up.";
    denied_beyond_own: "Nobody grants or takes more rights than they have. Ask an admin above you.";
    denied_group_tickets_only: "Only group tickets have Protected Mode. Assign the ticket to a group first.";
    denied_unowned: "The ticket belongs to nobody yet. Assign it to a group or a person first.";
    denied_own_password: "Your own password you change yourself, under “Change password”.";
    denied_own_email:
        "Your own mail address you change with your password, on the page “My data”. Nothing was changed.";
    denied_oneself: "That is you: you see the portal as yourself already.";
    denied_creators_only:
        "Only who creates tickets in this group may do that. Ask an admin for the permission.";
    denied_renewers_only:
        "Only who renews tickets in this group may do that. Ask an admin for the permission.";
    denied_changers_only:
        "Only who changes tickets in this group may do that. Ask an admin for the permission.";
    denied_revokers_only:
        "Only who revokes tickets in this group may do that. Ask an admin for the permission.";
    denied_not_in_filter: "This product may not be created here. Ask an admin of a group above to allow it.";
    denied_from_above: "Only the admins of the groups above may change that. Ask one.";
    denied_beyond_token: "The access token is not good for that. Make one with that scope.";
}

// The same in two or three words, beside a target

texts! {
    not_allowed: "not allowed";
    already_there: "already there";
    stays_in_its_group: "stays in its group";
    choose_a_group: "choose a group";
    not_a_member: "not a member";
    admins_only: "admins only";
    isv_admins_only: "ISV admins only";
    inside_itself: "inside itself";
    too_deep: "too deep";
    beyond_your_rights: "beyond your rights";
    group_tickets_only: "group tickets only";
    unowned: "assign it first";
}
