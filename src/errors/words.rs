//! Errors in plain words: what happened, and what to do next.

pub use super::{
    explain, explain_refusal,
    instance::explain_line,
    policy::why_not,
    tickets::{explain_code, explain_selection},
};
