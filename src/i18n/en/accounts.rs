//! Accounts, logging in, offboarding, impersonation.

use domain::time::Seconds;

use super::general::count;

// Accounts

texts! {
    persons_and_users: "Persons and users";
    master_data: "Master data";
    list_of_users: "List of users";
    email: "Mail address";
    everyone: "All";
    active: "Active";
    inactive: "Inactive";
    state: "State";
    groups_of_person: "Groups";
    password_set: "set";
    no_password: "no password";
    generated_until: "A generated password, which works until";
    generated_password: "generated password";
    no_users: "Nobody matches.";
    new_user: "New user";
    create_user: "Create user";
    login_help: "1 to 64 lower-case letters, digits and . _ - + @";
    no_group: "No group";
    new_user_explained:
        "Who is invited gets a link by mail to choose a password, and takes a seat at once. Without an invitation the account is inactive until you generate a password and switch it on.";
    create_and_invite: "Create and invite by mail";
    selected_on: "Switch on";
    selected_off: "Switch off";
    with_selected: "With those selected";
    nobody_selected: "Nobody is selected. Select somebody first.";
    refused_permissions_without_group: "Choose the group in which these permissions hold, or tick none of them.";
    end_login_too: "and end the running login";
    login_stays: "A running login stays until logout. The password is kept.";
    profile: "Profile";
    memberships: "Memberships";
    remove_member_help: "The membership ends. Tickets that the person has through this group stay theirs.";
    no_memberships: "In no group that you see.";
    add_to_group: "Add to group";
    no_group_to_choose: "There is no other group.";
    password_none_yet: "There is no password yet: the account cannot be switched on.";
    password_missing: "There is no password yet, and no link is on its way.";
    password_inviting: "The person is invited: a link to choose a password is about to be sent by mail.";
    password_by_link(sent: &str, until: &str): "The person was invited on {sent}: the link in the mail, which lets them choose a password, works until {until}.";
    invite_by_mail: "Invite by mail";
    invite_again: "Send another link";
    invited_short: "invited";
    inviting_short: "being invited";
    invitation_on_its_way: "A link is on its way.";
    refused_has_password: "The person has a password already. Who has forgotten it asks for a link on the login page.";
    refused_invited_lately: "The person was sent a link within the last hour. Have them look for it, among unwanted mail, too, or try again later.";
    too_many_invitations(most: u32): "You have invited {most} people within an hour: more are not possible. Go on later, or create users without inviting them.";
    password_is_chosen: "The person has a password of their own.";
    generate_password: "Generate a password";
    generated_once: "It is shown only now. It works for 72 hours and must be replaced at the first login.";
    generated_help: "It is shown once, works for 72 hours, and must be replaced at the first login.";
    password_generated_for: "New password:";
    not_yours_to_change:
        "You see this account, but it also belongs to others: only an admin above you can change it.";
    my_data: "My data";
    refused_no_password: "The account has no password. Generate one first, then switch it on.";
    refused_login_taken: "This login is taken. Choose another one.";
    refused_login:
        "This is no login: 1 to 64 lower-case letters, digits and . _ - + @, beginning with a letter or digit.";
    refused_email: "This is no mail address. Correct it, or leave the field empty.";
    refused_no_email: "Enter the mail address: the invitation goes there. Or create the user without inviting them.";
    change_email: "Change mail address";
    own_email_help: "A link for a forgotten password goes there: changing it takes your password.";
    own_email_elsewhere: "Your own mail address and password you change on the page of your own account:";
    refused_last_isv_admin: "This is the last active ISV admin. Switch another one on first.";
    seat_is_left: "A seat is left for another active user.";
    all_seats_taken: "No seat is left: an ISV admin can switch somebody off, or get more seats.";

    seats(seats: &str, active: &str, left: &str): "{active} of {seats} seats are taken; left: {left}.";
    select_row(name: &str): "Select {name}";
    no_seat_left(wanted: u32, left: u32):
        "Not enough seats: {wanted} needed, {left} left. An ISV admin can switch somebody off, or get more seats from the maker of the portal. Nothing was changed.";
}

// Offboarding

texts! {
    leaver: "Process leaver";
    leaver_explained:
        "Say what becomes of what this person has. First you see what would happen; then all of it is done, or nothing.";
    who_takes_over: "Who takes over";
    nobody_takes_over: "Nobody in particular";
    leaver_tickets: "Tickets";
    no_leaver_tickets: "No tickets that are yours to hand on.";
    leave_as_it_is: "Leave as it is";
    leaver_licenses: "Licences in containers";
    no_leaver_containers: "No containers.";
    take_back: "Take back into their tickets";
    reset_its_credentials: "Reset credentials";
    login_and_account: "Login and account";
    end_running_login: "End the running login";
    switch_account_off: "Switch the account off; its seat is free";
    account_stays: "Switching the account off is up to an ISV admin, or to an admin above you.";
    nothing_to_end: "Nobody is logged in, and the account is off.";
    end_memberships: "End memberships";
    what_will_happen: "What will happen";
    nothing_will_happen: "Nothing. Choose at least one step.";
    plan_unreadable: "The plan in the address cannot be read. Choose the steps again.";
    step: "Step";
    about_what: "About";
    will_be_done: "will be done";
    waits_for_machine: "asked back; comes when the machine confirms";
    step_refused: "refused";
    leave_refused_out: "Leave out what is refused, or change it; then preview again.";
    tab_open_reason: "Reason for ending the login (the tab is open; it is recorded)";
    do_it: "Do all of it";
    deed_license_back: "Take licences back";
    deed_license_moved: "Transfer licences";
    deed_credentials_reset: "Reset credentials";
    deed_ticket_moved: "Assign ticket";
    deed_login_ended: "End the login";
    deed_account_off: "Switch the account off";
    deed_membership_ended: "End membership";
    seat_free: "its seat is free";
    changed_since: "Something has changed since you looked. Look at the preview again. Nothing was done.";
    report: "Report";
    leaver_report: "Leaver: report";
    report_printable: "Print this page to keep it. It stays in the history.";
    a_person_you_cannot_see: "a person you cannot see";

    leaver_named(name: &str): "Leaver: {name}";
    transfer_into(person: &str, container: &str): "Transfer to {person} · {container}";
    too_many_at_once(most: u32):
        "There are more than {most} of them, which is the most at once. Move some of them first; nothing was done.";
}

pub fn licenses_in(container: &str, count: u32) -> String {
    match count {
        1 => format!("{container}: 1 licence"),
        _ => format!("{container}: {count} licences"),
    }
}

pub fn credentials_of(container: &str, count: u32) -> String {
    match count {
        1 => format!("{container}: 1 credential"),
        _ => format!("{container}: {count} credentials"),
    }
}

pub fn steps_refused(steps: usize, refused: usize) -> String {
    match refused {
        0 => format!("Steps: {steps}, none refused."),
        _ => format!("Steps: {steps}, of them refused: {refused}."),
    }
}

// Impersonation

texts! {
    view_as_person: "View as this person";
    view_as_help:
        "You see the portal as they see it, for an hour at most. Nothing can be changed meanwhile. It is recorded, and they can read so in their history.";
    viewing_as_somebody: "View as somebody else";
    end_view: "End the view";
    refused_viewing_as:
        "You are viewing the portal as somebody else: nothing can be changed, and no files or secrets are given out. End the view first.";
    refused_view_over: "The view as somebody else is over. Load the page again.";
    refused_not_viewing: "You are not viewing the portal as somebody else.";

    views_as(name: &str): "views as {name}";
    viewing_as(name: &str, until: &str):
        "You are viewing the portal as {name}, until {until}. Nothing can be changed.";
}

// Logging in

texts! {
    log_in: "Log in";
    login: "Login";
    password: "Password";
    log_out: "Log out";
    wrong_login: "Login or password is wrong. Check both and try again.";

    too_many_attempts(seconds: u64): "Too many attempts. Wait {seconds} seconds and try again.";
}

// Passwords

texts! {
    change_password: "Change password";
    end_own_tokens: "End my access tokens, too";
    present_password: "Present password";
    new_password: "New password";
    password_replaced: "The password was changed.";
    replace_password_first: "You logged in with a generated password. Choose one of your own to go on.";
    refused_inactive: "This account is inactive. Ask your administrator to switch it on.";
    refused_password_expired: "The generated password has expired. Ask your administrator for a new one.";
    refused_wrong_password: "The present password is wrong. Nothing was changed.";
    weak_password_too_long: "The new password is too long.";
    weak_password_guessable:
        "The new password is easy to guess: it is common, or made of your own or the portal's words. Choose another one.";

    password_help(least: usize): "At least {least} characters. A sentence that only you would say is best.";
    weak_password_too_short(least: usize):
        "The new password is too short: at least {least} characters. A sentence is fine.";
}

// Forgotten passwords

texts! {
    forgot_password: "Forgot your password?";
    forgot_password_text: "Enter the mail address of your account. You get a link that sets a new password.";
    send_link: "Send the link";
    link_sent:
        "If there is an active account with this address, a link is on its way to it. It works for 30 minutes. Without an account or an address in it, ask your administrator.";
    to_login: "To the login page";
    set_new_password: "Set a new password";
    ask_for_another_link: "Ask for another link";
    password_set_log_in: "The new password is set. Log in with it.";
    refused_link_expired: "This link was used already, or its time is over. Ask for another one.";
}

// Sessions

texts! {
    signing_in: "Sign-in";
    sessions: "Sessions";
    active_sessions: "Active sessions";
    ended_sessions: "Ended sessions";
    sessions_explained:
        "Everyone who is logged in. CLOSE ends a login whose browser tab is gone; while the tab is open, nobody loses unsaved work.";
    no_sessions: "Nobody matches.";
    no_ended_sessions: "No login has ended yet.";
    refresh: "Refresh";
    logged_in_since: "Logged in since";
    logged_in_until: "Until";
    idle_time: "Idle time";
    address: "Address";
    browser: "Browser";
    browser_tab: "Browser tab";
    tab_open: "open";
    tab_gone: "gone";
    this_is_you: "this is you";
    close_session: "CLOSE";
    end_anyway: "End anyway";
    end_login: "End the login";
    reason: "Reason";
    reason_recorded: "It is recorded, and unsaved work in the open tab may be lost.";
    session_is_closed: "The login was ended.";
    how_it_ended: "How it ended";
    tab_is_open:
        "The browser tab is open: its user may have unsaved work. Ask them to log out, or choose “End anyway”.";
    reason_missing: "Enter a reason: it is recorded with the end of the login.";
    end_other_login: "End my other login and log in here";
    still_there: "Are you still there?";
    stay_logged_in: "Stay logged in";
    login_has_ended: "Your login has ended";
    login_has_ended_text:
        "It was ended elsewhere, has reached its longest time, or you logged out in another tab. Log in again in another tab, then go on here: what you typed is still in this page.";
    login_has_ended_before: "Your login has ended. Log in again, and you are back where you were.";
    log_in_again: "Log in again (new tab)";

    ended_logged_out: "logged out";
    ended_idle: "idle for too long";
    ended_too_old: "reached its longest time";
    ended_replaced: "logged in again";
    ended_closed: "closed, the tab was gone";
    ended_anyway: "ended anyway";
    ended_password_changed: "password changed";
    ended_deactivated: "ended with the account switched off";

    logged_in_already_tab_open(since: &str):
        "This account is logged in already, since {since}, and its browser tab is open. Log out there first: an account can be logged in once at a time.";
    logged_in_already_tab_gone(since: &str):
        "This account is logged in already, since {since}, but its browser tab is gone. Tick the box below to end that login, and enter your password again.";
    logged_out_in(seconds: Seconds): "Nothing was done for a while. You are logged out in {seconds} seconds.";
}

pub fn count_logins(n: u64) -> String {
    match n {
        1 => "1 login".to_owned(),
        _ => format!("{} logins", count(n)),
    }
}

// Second factors

texts! {
    second_factor: "Second factor";
    second_factor_help:
        "At every login, the portal then asks for a code of an app on your phone, besides the password.";
    second_factor_off: "There is no second factor yet.";
    add_second_factor: "Add a second factor";
    remove_second_factor: "Remove the second factor";
    second_factor_removed: "The second factor was removed.";
    second_factor_of_user:
        "Logins of this account ask for a code. Remove it only if the person lost phone and recovery codes.";
    scan_picture:
        "Scan the picture with an authenticator app, or type the secret into it. Then enter the code that it shows.";
    qr_code: "QR code of the secret";
    secret: "Secret";
    code_of_app: "Code of the app";
    confirm_code: "Confirm";
    recovery_codes: "Recovery codes";
    recovery_codes_once:
        "They are shown only now. Keep them where you find them without your phone: each works once in place of a code.";
    copy_recovery_codes: "Copy the recovery codes";
    renew_recovery_codes: "Make new recovery codes";
    renew_recovery_codes_help: "The old ones are worth nothing then.";
    go_on: "Go on";
    enter_code: "Enter the code";
    code_or_recovery: "Code of the app, or a recovery code";
    log_in_anew: "Begin the login again";
    demand_second_factor: "Demand a second factor of all admins";
    second_factor_is_demanded: "All admins need a second factor.";
    second_factor_not_demanded: "Admins may do without a second factor.";
    end_second_factor_demand: "Demand it no more";
    demand_second_factor_help:
        "An admin without one adds it at the next step, before anything else. This holds for ISV admins and for admins of groups.";
    login_security: "Security of logins";
    refused_second_factor_demanded: "Admins need a second factor here. Add one to go on.";
    refused_code_needed: "The code of the second factor is missing. Log in again.";
    refused_wrong_code:
        "The code is wrong, or was used already. Wait for the next one in the app, or use a recovery code.";
    refused_login_expired: "The password was given too long ago. Begin the login again.";

    second_factor_on(since: &str, recovery_codes: u32):
        "There is a second factor since {since}. Recovery codes left: {recovery_codes}.";
}

// Access tokens

texts! {
    access_tokens: "Access tokens";
    access_tokens_help:
        "With a token, a script or program does through the interface for programs what you may do here, as far as the token goes. It acts in your name, and stands in the history.";
    interface_described: "Description of the interface";
    no_access_tokens: "There are no access tokens.";
    new_access_token: "New access token";
    token_name: "What is it for?";
    token_days: "Good for days";
    token_scopes: "What may it be used for?";
    token_scope: "Scope";
    area: "Area";
    level_none: "nothing";
    level_read: "read";
    level_write: "read and change";
    make_token: "Make the token";
    token_once: "The token is shown only now. Keep it like a password.";
    your_token: "Your token";
    copy_token: "Copy the token";
    token_created: "Made";
    token_expires: "Expires";
    token_last_used: "Last used";
    token_never_used: "never";
    token_expired: "expired";
    revoke_token: "Revoke";
    revoke_token_help: "Programs that use it are refused from then on. This cannot be undone.";
    token_is_revoked: "The token was revoked.";
    tokens_of_user:
        "Programs of this person use these. They end by themselves when the account is switched off, or a password is generated.";

    area_groups: "Groups and members";
    area_users: "People";
    area_licenses: "Licences, containers, credentials";
    area_products: "Products and quotas";
    area_history: "History and reports";
    area_webhooks: "Webhooks";
    area_instance: "This portal: seats, logins, files";
    invalid_token_no_scope: "Choose what the token may be used for.";

    invalid_token_days(most: u32): "A token is good for 1 to {most} days. Enter such a number.";
    invalid_token_too_many(most: usize): "You have {most} tokens already. Revoke one first.";
}
