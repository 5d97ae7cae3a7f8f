//! The addresses of all pages, and of the forms and files beside them.
//!
//! A constant is the pattern that routers match; `{id}` stands for one segment. A function fills it in.

use std::fmt::{Display, Write};

use domain::{
    groups::tree::Node,
    ids::{
        ContainerId, CreationId, CredentialId, EventId, GroupId, IdentityProviderId, ImportId, ProductId,
        TicketId, UserId, WebhookId,
    },
};
use leptos_router::location::Url;

use crate::views::tickets::bulk::TicketSelection;

/// Where the portal begins: the desk with all tickets; on a phone, the tree.
pub const HOME: &str = "/";
/// The same, however the portal begins.
pub const TREE: &str = "/tickets";
/// The desk with the tickets of a node.
pub const TICKETS: &str = "/tickets/{node}";
/// The desk with all tickets, on a phone, too.
pub const ALL_TICKETS: &str = "/tickets/all";
pub const TICKET: &str = "/ticket/{id}";
/// Who can see a ticket.
pub const VIEWERS: &str = "/ticket/{id}/viewers";
/// Splits a part of a ticket off.
pub const SPLIT: &str = "/ticket/{id}/split";
/// Joins another ticket to a ticket.
pub const JOIN: &str = "/ticket/{id}/join";
/// How the licences of a ticket were used.
pub const TICKET_USE: &str = "/ticket/{id}/use";
/// Moves tickets, where the desk cannot: without wasm, and from the page of a ticket.
pub const MOVE: &str = "/move";
/// Amends licences, where a dialog cannot: without wasm.
pub const AMEND: &str = "/amend";
/// Adds tickets by their codes.
pub const ADD: &str = "/add";

pub const GROUP: &str = "/groups/{id}";
pub const NEW_GROUP: &str = "/groups/new";
/// Products and numbers that a partner may create tickets for.
pub const PARTNER: &str = "/groups/{id}/products";
/// The webhooks of a group.
pub const GROUP_WEBHOOKS: &str = "/groups/{id}/webhooks";

/// Asks for login and password.
pub const LOGIN: &str = "/login";
/// Asks for the code of a second factor.
pub const LOGIN_CODE: &str = "/login/code";
/// Asks for a link to a new password.
/// Where somebody is sent to an identity provider; no page.
pub const SIGN_IN: &str = "/login/with/{id}";
/// Where they are sent to it who link their account; no page.
pub const SIGN_IN_LINK: &str = "/login/with/{id}/link";
/// Where a provider sends people back to; no page.
pub const SIGN_IN_BACK: &str = "/login/with/{id}/back";
/// Where they are sent to it who log out there, too; no page.
pub const SIGN_OUT: &str = "/login/with/{id}/out";
/// A forgotten password.
pub const FORGOTTEN: &str = "/forgotten";
/// Where such a link leads.
pub const NEW_PASSWORD: &str = "/password/new";

/// The reader's own account.
pub const ME: &str = "/me";
/// Changes the reader's own password.
pub const MY_PASSWORD: &str = "/me/password";
/// The reader's own access tokens.
pub const MY_TOKENS: &str = "/me/tokens";
/// Adds or removes the reader's own second factor.
pub const MY_SECOND_FACTOR: &str = "/me/second-factor";
/// One's own identities at providers.
pub const MY_SIGN_INS: &str = "/me/sign-ins";
/// What is kept about one's own use.
pub const MY_USE: &str = "/me/use";

pub const USERS: &str = "/users";
pub const NEW_USER: &str = "/users/new";
pub const USER: &str = "/users/{id}";
/// The offboarding of a user.
pub const OFFBOARDING: &str = "/users/{id}/leaver";
/// What an offboarding has done.
pub const OFFBOARDING_REPORT: &str = "/leavers/{id}";
/// The running logins.
pub const ACTIVE_SESSIONS: &str = "/sessions";
/// The ended logins.
pub const ENDED_SESSIONS: &str = "/sessions/ended";

/// The catalogue.
pub const PRODUCTS: &str = "/products";
pub const NEW_PRODUCT: &str = "/products/new";
pub const PRODUCT: &str = "/products/{id}";
/// The containers that the reader reaches.
pub const CONTAINERS: &str = "/containers";
pub const NEW_CONTAINER: &str = "/containers/new";
pub const CONTAINER: &str = "/containers/{id}";
/// The file that sets a machine up which has no network.
pub const CONTAINER_SETUP: &str = "/containers/{id}/setup";
/// The file with the licences of such a machine.
pub const CONTAINER_UPDATE: &str = "/containers/{id}/update";
/// Takes what such a machine answers.
pub const CONTAINER_EXCHANGE: &str = "/containers/{id}/exchange";
/// Issues a credential file.
pub const CREDENTIALS: &str = "/containers/{id}/credentials";
/// Issues a credential file, and ends all others.
pub const CREDENTIALS_RESET: &str = "/containers/{id}/credentials/reset";
/// Issues a credential file in the place of another.
pub const CREDENTIAL_ROTATE: &str = "/containers/{id}/credentials/{credential}/rotate";
/// Licences that expire soon.
pub const EXPIRING: &str = "/expiring";

pub const CREATE: &str = "/create";
/// Tickets created together, with their codes.
pub const CREATED: &str = "/created/{id}";
/// Their codes as a file.
pub const CREATED_CODES: &str = "/created/{id}/codes";
/// Chosen tickets as a file.
pub const TICKETS_FILE: &str = "/tickets.csv";
/// The reports of a partner.
pub const REPORTS: &str = "/reports";
/// The same as a file.
pub const REPORTS_FILE: &str = "/reports.csv";

/// How the licences of a branch were used.
pub const USE: &str = "/use";
/// The same, or that of a ticket, as a file.
pub const USE_FILE: &str = "/use.csv";
/// Licences that nobody uses.
pub const UNUSED: &str = "/unused";
/// Tickets that are to be taken back.
pub const TAKE_BACKS: &str = "/take-backs";

/// What has happened.
pub const HISTORY: &str = "/history";
/// The same as a file.
pub const HISTORY_FILE: &str = "/history.csv";
/// The webhooks of the instance.
pub const WEBHOOKS: &str = "/webhooks";
/// A webhook, of the instance or of a group.
pub const WEBHOOK: &str = "/webhooks/{id}";

/// The licence of the instance.
pub const INSTANCE: &str = "/instance";
/// Files in and out.
pub const IDENTITY_PROVIDERS: &str = "/sign-in";
/// One of them.
pub const IDENTITY_PROVIDER: &str = "/sign-in/{id}";
/// Files in and out.
pub const IMPORTS: &str = "/imports";
pub const IMPORT: &str = "/imports/{id}";
/// Takes a file for an import.
pub const UPLOAD: &str = "/imports/upload";
/// A file with what the instance holds.
pub const EXPORT: &str = "/exports/{file}";

/// What there is, ends, waits and has happened.
pub const OVERVIEW: &str = "/overview";
/// Finds everything that one may know of.
pub const SEARCH: &str = "/search";
/// What the words mean, and which keys there are.
pub const HELP: &str = "/help";

/// The description of the interface for programs.
pub const INTERFACE: &str = "/api/v1";

/// The pattern with these in the places of its variable segments.
fn filled(pattern: &str, parts: &[&dyn Display]) -> String {
    let mut parts = parts.iter();
    let mut address = String::with_capacity(pattern.len());
    for segment in pattern.split('/').skip(1) {
        address.push('/');
        let part = segment.starts_with('{').then(|| parts.next()).flatten();
        match part {
            // Writing into a text does not fail.
            Some(part) => drop(write!(address, "{part}")),
            None => address.push_str(segment),
        }
    }
    address
}

/// What stands in an address from the first variable segment of the pattern on, or behind a pattern without one; nothing
/// where the address begins in another way.
#[must_use]
pub fn rest_of<'a>(address: &'a str, pattern: &str) -> Option<&'a str> {
    address.strip_prefix(pattern.split('{').next().unwrap_or_default())
}

/// Whether the desk stands at that path with nothing chosen in its tree.
#[must_use]
pub fn is_tree(path: &str) -> bool {
    path == HOME || path == TREE
}

macro_rules! filled_in {
    ($($name:ident($($part:ident: $type:ty),+) = $pattern:ident;)+) => {$(
        #[doc = concat!("The address [`", stringify!($pattern), "`].")]
        #[must_use]
        pub fn $name($($part: $type),+) -> String {
            filled($pattern, &[$(&$part),+])
        }
    )+};
}

filled_in! {
    tickets(node: Node) = TICKETS;
    ticket(id: TicketId) = TICKET;
    viewers(ticket: TicketId) = VIEWERS;
    ticket_use(ticket: TicketId) = TICKET_USE;
    split(ticket: TicketId) = SPLIT;
    join(ticket: TicketId) = JOIN;
    group(id: GroupId) = GROUP;
    partner(group: GroupId) = PARTNER;
    group_webhooks(group: GroupId) = GROUP_WEBHOOKS;
    user(id: UserId) = USER;
    sign_in(provider: IdentityProviderId) = SIGN_IN;
    sign_in_link(provider: IdentityProviderId) = SIGN_IN_LINK;
    sign_in_back(provider: IdentityProviderId) = SIGN_IN_BACK;
    sign_out(provider: IdentityProviderId) = SIGN_OUT;
    identity_provider(id: IdentityProviderId) = IDENTITY_PROVIDER;
    offboarding(user: UserId) = OFFBOARDING;
    offboarding_report(event: EventId) = OFFBOARDING_REPORT;
    product(id: ProductId) = PRODUCT;
    container(id: ContainerId) = CONTAINER;
    container_setup(id: ContainerId) = CONTAINER_SETUP;
    container_update(id: ContainerId) = CONTAINER_UPDATE;
    container_exchange(id: ContainerId) = CONTAINER_EXCHANGE;
    credentials(container: ContainerId) = CREDENTIALS;
    credentials_reset(container: ContainerId) = CREDENTIALS_RESET;
    credential_rotate(container: ContainerId, credential: CredentialId) = CREDENTIAL_ROTATE;
    created(id: CreationId) = CREATED;
    created_codes(id: CreationId) = CREATED_CODES;
    webhook(id: WebhookId) = WEBHOOK;
    import(id: ImportId) = IMPORT;
    export(file: &str) = EXPORT;
}

/// The login page that afterwards leads to `next`.
#[must_use]
pub fn login_address(next: &str) -> String {
    format!("{LOGIN}?next={}", Url::escape(next))
}

/// The page that asks for the code of a second factor, and afterwards leads to `next`.
#[must_use]
pub fn code_address(next: &str, end_other: bool) -> String {
    let end_other = if end_other { "&end_other=true" } else { "" };
    format!("{LOGIN_CODE}?next={}{end_other}", Url::escape(next))
}

/// The page that moves these tickets and then leads to `next`.
#[must_use]
pub fn move_tickets(selected: &TicketSelection, next: &str) -> String {
    format!(
        "{MOVE}?tickets={}&next={}",
        Url::escape(&selected.to_string()),
        Url::escape(next)
    )
}

/// Those tickets as a file.
#[must_use]
pub fn tickets_file(selected: &TicketSelection) -> String {
    format!("{TICKETS_FILE}?tickets={}", Url::escape(&selected.to_string()))
}

/// A new group below another.
#[must_use]
pub fn new_group_in(parent: GroupId) -> String {
    format!("{NEW_GROUP}?parent={parent}")
}

/// The page that says that a link to a new password was asked for.
#[must_use]
pub fn asked_for_password() -> String {
    format!("{FORGOTTEN}?sent=true")
}

/// The page of a ticket that says that it was split off another one.
#[must_use]
pub fn after_split(new: TicketId) -> String {
    format!("{}?done=split", ticket(new))
}

/// The login page that says that there is a new password.
#[must_use]
pub fn changed_password() -> String {
    format!("{LOGIN}?done=password")
}

/// The login page for who logged out and had been signed in by that provider, where they may want to log out, too.
#[must_use]
pub fn signed_in_by(provider: IdentityProviderId) -> String {
    format!("{LOGIN}?left={provider}")
}

/// The page of one's own links, from which one goes on to that provider.
#[must_use]
pub fn go_on_to_provider(provider: IdentityProviderId) -> String {
    format!("{MY_SIGN_INS}?go={provider}")
}

/// The link to a new password that a mail or an administrator hands out.
#[must_use]
pub fn new_password(token: &str) -> String {
    format!("{NEW_PASSWORD}?token={token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_ids_in_their_places() {
        assert_eq!(ticket(TicketId(7)), "/ticket/7");
        assert_eq!(tickets(Node::Group(GroupId(7))), "/tickets/group:7");
        assert_eq!(
            credential_rotate(ContainerId(7), CredentialId(8)),
            "/containers/7/credentials/8/rotate"
        );
        assert_eq!(filled(HOME, &[]), "/");
        assert_eq!(rest_of("/tickets/group:7", TICKETS), Some("group:7"));
        assert_eq!(rest_of("/ticket/7", TICKETS), None);
    }
}
