//! Accounts and logins, over HTTP.

pub mod account_races;
mod identity_providers;
pub mod impersonation;
mod invitations;
mod lock_out;
pub mod login;
pub mod offboarding;
pub mod password_links;
pub mod passwords;
pub mod personal_tokens;
pub mod second_factors;
pub mod session_machine;
pub mod sessions;
pub mod users;
