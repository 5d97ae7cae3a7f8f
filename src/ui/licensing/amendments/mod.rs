//! Amendments of licences (N17): how a licence stands and stood, and how it is amended, one alone or many together.
//!
//! What is to be done stands in the address of a page of its own, which works without wasm; with it, a dialog asks the same.
//! Nothing is done before the server has shown what would come of it.

pub mod asked;
pub mod dialog;
pub mod fields;
pub mod history;
pub mod machines;
pub mod offered;
pub mod page;
pub mod preview;
pub mod standing;
pub mod term;
