//! What runs by itself.

pub mod digests;
pub mod live;
pub mod mailer;
pub mod mails;
pub mod webhooks;
