//! The callers, one type for each requirement. A server function obtains one at its top, and asks for nothing else.
//!
//! | Type | Who that is | For what |
//! |---|---|---|
//! | [`Visitor`](visitor::Visitor) | anybody | what needs no login |
//! | [`Program`](program::Program) | a program with a personal access token | telling programs from people |
//! | [`Reader`](reader::Reader) | a person or program, or who looks as another person | reading, but no secrets |
//! | [`Writer`](writer::Writer) | a person or program as themselves, with nothing to do first | changes, secrets, files |
//! | [`OwnLogin`](own_login::OwnLogin) | a person in a browser, as themselves | their own credentials, even while they have to be changed |
//! | [`Reauthenticated`](reauthenticated::Reauthenticated) | who gives their present password once more | changes of it, and what it protects |
//! | [`BrowserLogin`](browser_login::BrowserLogin) | the login of a browser, whomever its user looks as | its signs of life and its end |

pub mod browser_login;
pub mod own_login;
pub mod program;
pub mod reader;
pub mod reauthenticated;
pub mod visitor;
pub mod writer;
