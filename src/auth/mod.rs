//! Who asks: typed callers, and what they come from: sessions of browsers, tokens of programs, impersonation.
//!
//! A server function begins with one of the [`callers`]; its type says for whom the function is. Beside them stand what
//! finds out who asks ([`sessions`], [`impersonation`]), logging in and out ([`login`], [`second_factor`]), and what a
//! request brings along ([`portal`], [`headers`], [`limits`]) and an answer takes out ([`answers`]).

pub mod answers;
pub mod at_once;
pub mod callers;
pub mod client_address;
pub mod headers;
pub mod impersonation;
pub(crate) mod known_device;
pub mod language;
pub mod layout;
pub mod limits;
pub mod login;
pub mod me;
mod outcomes;
pub mod portal;
pub mod provider_sign_in;
pub mod required_actions;
pub mod second_factor;
pub mod sessions;
pub mod start;
pub mod theme;

pub use crate::auth::{
    answers::{go_on, lead_form_on},
    callers::{
        browser_login::BrowserLogin, own_login::OwnLogin, program::Program, reader::Reader,
        reauthenticated::Reauthenticated, visitor::Visitor, writer::Writer,
    },
};
