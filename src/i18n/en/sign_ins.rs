//! Signing in by identity providers.

texts! {
    sign_in_with(name: &str): "Sign in with {name}";
    or_password: "Or with a password of this portal";
    signed_in_elsewhere: "Log out at the identity provider, too";

    linked_sign_ins: "Linked sign-ins";
    linked_sign_ins_help: "With a linked sign-in you log in through the identity provider of your company instead of your password.";
    no_linked_sign_ins: "Nothing is linked to your account.";
    link_sign_in: "Link";
    unlink_sign_in: "Unlink";
    sign_in_is_linked: "The sign-in is linked to your account.";
    sign_in_is_unlinked: "The sign-in is no longer linked to your account.";
    linked_since: "Linked since";
    last_signed_in: "Last used";
    never_signed_in: "never";
    linking_needs_password: "Linking and unlinking takes your password. You have none yet: set one through the link for a forgotten password.";
    password_confirmed: "Your password was right. Go on within ten minutes, in this browser.";
    go_on_to(name: &str): "Go on to {name}";

    identity_providers: "Sign-in of the company";
    identity_providers_help: "Identity providers (OpenID Connect) that sign people in besides the portal itself.";
    no_identity_providers: "People sign in with the portal's own passwords so far; no identity provider is known.";
    new_identity_provider: "New identity provider";
    new_identity_provider_dots: "New identity provider…";
    add_provider: "Add provider";
    issuer: "Issuer";
    issuer_help: "The address by which the provider calls itself, letter for letter, such as https://login.example.org/realms/company.";
    client_id: "Client id";
    client_secret: "Client secret";
    client_secret_kept: "Leave it empty to keep the secret that is stored.";
    client_secret_lost: "The stored secret was lost with its key: type it anew.";
    scopes: "Scopes";
    scopes_help: "What is asked for besides openid, separated by spaces, such as: profile email";
    back_address: "Redirect URI";
    back_address_help: "To be entered at the provider, letter for letter.";
    branch_of_provider: "Signs in";
    branch_of_provider_help: "A provider of a branch signs in people who are members there and nowhere else, and never an ISV admin.";
    whole_instance: "People of the whole instance";
    branch_address: "Address of this sign-in";
    branch_address_help: "The login page does not show it, so that nobody learns which branches there are: give this address to the people of the branch.";
    join_group: "Who has no account yet joins";
    join_group_help: "The account is made at the first sign-in, within the seats, as a member without permissions.";
    nobody_joins: "Nobody: only linked accounts are signed in";
    login_is_email: "Who joins has their verified mail address as login, not their user name there";
    gives_factor: "The provider asks for a second factor itself";
    gives_factor_help: "Then the portal asks for none after it, even where it demands one.";
    provider_on: "on";
    provider_off: "off";
    switch_provider_on: "Switch on";
    switch_provider_off: "Switch off";
    remove_provider: "Remove";
    remove_provider_help: "Nobody is signed in by it any more, and all links to it are gone. Accounts stay; those without a password need one.";
    provider_removed: "The identity provider is removed.";
    linked_accounts: "Linked accounts";
    test_provider: "Test";
    test_provider_help: "Asks the provider what it publishes, as a sign-in would. Nothing is changed.";
    provider_works: "The provider answers, and what it publishes can be used.";
    provider_does_not_work: "The provider cannot sign anybody in:";
    provider_sends_to(address: &str): "People are sent to {address}";
    provider_signs_with(keys: u32, algorithms: &str): "Keys: {keys}; algorithms: {algorithms}";
    no_usable_algorithm: "none that the portal takes";
    provider_names_itself: "It names itself when it sends people back: two providers cannot be mixed up.";
    provider_does_not_name_itself: "It does not name itself when it sends people back (RFC 9207).";
    provider_logs_out: "People can log out there, too.";

    failed_off: "This sign-in is not offered. Use another one, or your password.";
    failed_expired: "The sign-in was begun in another browser or too long ago, or is done already. Begin it anew.";
    failed_declined: "The identity provider did not let you through. Try again, or ask who looks after it.";
    failed_unreachable: "The identity provider does not answer at the moment. Try again later, or use your password.";
    failed_untrusted: "The answer of the identity provider cannot be trusted. Begin anew; if it happens again, tell your administrator.";
    failed_unknown: "No account here is linked to that identity. Log in with your password and link it on the page of your account, or ask your administrator.";
    failed_login_taken: "There is an account with your login already. Log in with its password and link it on the page of your account.";
    failed_no_login: "The identity provider tells nothing that could be your login here. Tell your administrator.";
    failed_of_another: "That identity is linked to another account.";
    failed_linked_already: "Your account is linked to this provider already. Unlink it first.";

    invalid_issuer: "The issuer is an address that begins with https://, without ? and #.";
    invalid_client_id: "The client id is missing, or has characters that cannot be in one.";
    invalid_client_secret: "The client secret is missing, or has characters that cannot be in one.";
    invalid_scopes: "Scopes are words separated by spaces.";
    too_many_providers(most: usize): "There are {most} identity providers already.";
    invalid_outside_branch: "The group to join is not in the branch.";
    provider_changed_meanwhile: "Somebody else has changed this provider meanwhile. Load the page again.";
}
