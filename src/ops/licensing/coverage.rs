//! Until when a machine's place is granted, whatever was amended, or is going to be (N17).

use domain::{
    ids::ActivationId,
    licensing::{
        amendments::{shares, timeline::Place},
        licenses::Standing,
    },
};
use jiff::Timestamp;

use crate::store::{
    self, StoreError, Tx,
    licensing::{
        holdings::Part,
        leases::{Among, Stored},
        licenses::{Activation, Granted},
    },
};

/// A place that is asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// One for another machine, when machines hold so many of the licence.
    New(&'a Activation, u32),
    /// The one of a lease that runs.
    Of(&'a Stored, Among),
}

impl Asked<'_> {
    const fn activation(&self) -> ActivationId {
        match self {
            Self::New(activation, _) => activation.id,
            Self::Of(stored, _) => stored.activation,
        }
    }

    const fn held(&self) -> u32 {
        match self {
            Self::New(_, out) => *out,
            Self::Of(_, among) => among.held,
        }
    }
}

/// Until when the place can be signed; the outer one is `None` where it is not granted.
///
/// Where nothing is planned, and all that is activated is granted, with room for one more, it does not matter which place it is:
/// nothing more is read then.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn covered(
    tx: &mut Tx,
    granted: &Granted,
    asked: Asked<'_>,
    now: Timestamp,
) -> Result<Option<Option<Timestamp>>, StoreError> {
    let timeline = &granted.timeline;
    let places = timeline.places(now);
    let activated = granted.license.activated;
    if timeline.recorded().is_empty() && activated <= places && asked.held() < places {
        return Ok(match granted.standing(now) {
            Standing::Usable(until) => Some(until),
            _ => None,
        });
    }
    let parts = store::licensing::holdings::parts(tx, granted.license.id, now).await?;
    let lease = match asked {
        Asked::New(..) => None,
        Asked::Of(stored, _) => Some(stored.id),
    };
    let ends = store::licensing::holdings::signed_ends(tx, granted.license.id, lease, now).await?;
    let own = parts.iter().find(|part| part.activation == asked.activation());
    let before = match asked {
        Asked::New(..) => own.map_or(0, |own| own.held),
        Asked::Of(_, among) => among.older,
    };
    let elder = parts.iter().filter(|part| part.activation < asked.activation());
    let elder = elder.fold(0_u32, |sum, part| {
        sum.saturating_add(part.quantity.max(part.held))
    });
    let place = Place {
        number: elder.saturating_add(before).saturating_add(1),
        activated,
        holds: match asked {
            Asked::New(..) => false,
            Asked::Of(stored, _) => stored.lease.expires_at > now,
        },
    };
    let held = |at: Timestamp| {
        let reaching = ends.iter().filter(|(until, _)| *until > at);
        reaching.fold(0_u32, |sum, (_, quantity)| sum.saturating_add(*quantity))
    };
    Ok(timeline.covers(now, place, held))
}

/// How many of each part of a licence count where so many are granted.
pub(crate) fn shared(granted: u32, parts: &[Part]) -> Vec<u32> {
    let activations: Vec<(u32, bool)> = parts.iter().map(|part| (part.quantity, part.whole)).collect();
    shares(granted, &activations)
}
