//! What came of an import.

use std::collections::HashMap;

use domain::instance::imports::Noun;

use crate::{
    ops::{OpError, accounts::passwords},
    store::StoreError,
    views::instance::imports::{Counts, LineReport, Outcome},
};

/// Why a file was not imported. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something in it cannot be imported: the first of such lines.
    #[error("{} of its entries cannot be imported", .0.counts().refused)]
    Refused(Box<Found>),
    /// Something in it was stored by somebody else at the same moment.
    #[error("something in it was stored by somebody else at the same moment; try again")]
    Overtaken,
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] passwords::HashError),
    /// The file cannot be read from the disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A fault of the database; or whoever wanted it may not.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

/// Most refused entries that an error carries.
const SHOWN: usize = 100;

/// What was found in a file.
#[derive(Debug, Clone, Default)]
pub struct Found {
    counts: HashMap<Option<Noun>, Counts>,
    /// The first of the entries that cannot be imported.
    pub refused: Vec<LineReport>,
}

impl Found {
    /// How much of what.
    #[must_use]
    pub fn of(&self, noun: Noun) -> Counts {
        self.counts.get(&Some(noun)).copied().unwrap_or_default()
    }

    /// How much of all.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
            .values()
            .fold(Counts::default(), |sum, counts| Counts {
                refused: sum.refused + counts.refused,
                created: sum.created + counts.created,
                changed: sum.changed + counts.changed,
                unchanged: sum.unchanged + counts.unchanged,
                inactive: sum.inactive + counts.inactive,
            })
    }

    pub(super) fn add(&mut self, report: &LineReport) {
        self.counts.entry(report.noun).or_default().add(&report.outcome);
        if matches!(report.outcome, Outcome::Refused(_)) && self.refused.len() < SHOWN {
            self.refused.push(report.clone());
        }
    }
}
