//! Organisation files: the format `license-portal/organisation@1`, and a table (CSV) for each kind of entry.
//!
//! An import reads a file entry by entry, several times where one kind refers to another, decides what becomes of each, and
//! stores all of it in one transaction or nothing. Nothing is deleted by it. The check beforehand is the same code, which
//! reads the portal and writes nothing.

pub mod checks;
pub mod export;
pub mod file;
#[cfg(test)]
mod fuzz;
pub mod input;
pub mod json;
pub mod outcome;
pub mod plan;
pub mod records;
pub mod tables;

use std::sync::Arc;

use crate::{
    ops::{
        accounts::passwords,
        instance::{Vendor, organisation::file::Organisation},
    },
    store::Store,
};

pub use crate::ops::instance::organisation::{
    export::export,
    input::{Format, Input, Progress},
    outcome::{Found, ImportError},
    plan::{By, Task, Told, check, store_all},
};

/// What is special about the organisation of a demo.
#[derive(Debug, Clone, Copy)]
pub struct OfDemo<'a> {
    /// What everybody in it logs in with.
    pub password: &'a str,
    /// What is known of the instance once it is stored: name and value.
    pub fact: (&'a str, &'a str),
}

/// Stores an organisation that is in memory, as the operator of the server: all of it or nothing.
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    store: &Store,
    vendor: &Vendor,
    file: &Organisation,
    demo: Option<OfDemo<'_>>,
) -> Result<Found, ImportError> {
    let hash = demo
        .map(|demo| passwords::hash(&store.sources, demo.password))
        .transpose()?;
    let input = Input::from(serde_json::to_vec(file).map_err(std::io::Error::from)?);
    let task = Task {
        by: By::Operator,
        password: hash.as_deref(),
        upload: None,
        fact: demo.map(|demo| demo.fact),
    };
    store_all(store, vendor, task, &input, Format::Json, &Arc::default()).await
}
