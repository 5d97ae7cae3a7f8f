//! English.

pub mod accounts;
pub mod desk;
pub mod errors;
pub mod general;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
pub mod mails;
pub mod resellers;
pub mod shell;
pub mod sign_ins;
pub mod take_backs;
pub mod tickets;
pub mod use_by_person;
