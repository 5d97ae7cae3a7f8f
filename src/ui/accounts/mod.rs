//! Pages of people: login, own account, users, offboarding.

pub mod impersonation;
pub mod login;
pub mod me;
pub mod offboarding;
pub mod offboarding_report;
pub mod password;
pub mod password_links;
pub mod person;
pub mod personal_tokens;
pub mod second_factors;
pub mod sessions;
pub mod sign_ins;
pub mod user;
pub mod users;
