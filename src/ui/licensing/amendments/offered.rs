//! What a reader is offered to do to licences. The server decides again.

use domain::{
    access::{Actor, licensing::amendments::needed},
    licensing::amendments::Amendment,
};
use jiff::Timestamp;

use crate::{
    ui::licensing::amendments::asked::KINDS,
    views::licensing::amendments::{AmendmentKind, LicenseAmendments},
};
use domain::licensing::licenses::{Standing, Validity};

/// An amendment of that kind: which permission it needs depends on nothing else.
const fn one_of(kind: AmendmentKind) -> Amendment {
    match kind {
        AmendmentKind::Renew | AmendmentKind::Extend => Amendment::Extend {
            until: Timestamp::UNIX_EPOCH,
        },
        AmendmentKind::Quantity => Amendment::Quantity { to: 1 },
        AmendmentKind::Suspend => Amendment::Suspend,
        AmendmentKind::Reinstate => Amendment::Reinstate,
        AmendmentKind::Revoke => Amendment::Revoke,
    }
}

/// What the reader may do to licences somewhere.
#[must_use]
pub fn somewhere(actor: &Actor) -> Vec<AmendmentKind> {
    let may = |kind: &AmendmentKind| actor.amends_somewhere(needed(one_of(*kind)));
    KINDS.into_iter().filter(may).collect()
}

/// What is worth offering for a licence as it stands.
#[must_use]
pub fn for_license(of: &LicenseAmendments) -> Vec<AmendmentKind> {
    let suspended = of.grant.suspended.is_some();
    let offered = |kind: &AmendmentKind| match kind {
        // What has no end cannot end later.
        AmendmentKind::Renew | AmendmentKind::Extend => {
            of.may_renew
                && !matches!(
                    of.grant.validity,
                    Validity::Perpetual | Validity::Between(_, None)
                )
        }
        AmendmentKind::Quantity => of.may_change,
        AmendmentKind::Suspend => of.may_change && !suspended,
        AmendmentKind::Reinstate => of.may_change && suspended,
        AmendmentKind::Revoke => of.may_revoke,
    };
    match of.standing {
        Standing::Revoked(_) => Vec::new(),
        _ => KINDS.into_iter().filter(offered).collect(),
    }
}
