//! Where licences may be activated, or transferred to: the containers within the reader's reach, with the verdict of the
//! policy on each.

use domain::{
    access::{self, Denied},
    ids::UserId,
    licensing::targets::LicenseSource,
};

use crate::{
    ops::{
        OpError, actor,
        licensing::{containers, licenses},
        readers::Names,
    },
    store::{self, Store, licensing::containers::Container, visibility::VisibilityScope},
    views::licensing::{
        containers::ContainerQuery,
        targets::{LicenseTarget, LicenseTargets},
    },
};

/// The containers that the reader reaches, by the names of their people, and whether the licences may come into each.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the licences where they are now.
pub async fn targets(
    store: &Store,
    reader: UserId,
    source: LicenseSource,
    search: &str,
) -> Result<LicenseTargets, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let (ticket, from) = match source {
        LicenseSource::Free(license) => {
            let (_, ticket) = licenses::found_license(&mut tx, license).await?;
            if !actor.sees_ticket(&ticket.facts) {
                return Err(Denied::Hidden.into());
            }
            (ticket, None)
        }
        LicenseSource::Activated(activation) => {
            let running = licenses::found_activation(&mut tx, activation).await?;
            access::authorize_deactivate(&actor, &running.ticket.facts, &running.container.facts)?;
            (running.ticket, Some(running.container))
        }
    };
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let query = ContainerQuery {
        search: search.chars().take(100).collect(),
        ..ContainerQuery::default()
    };
    let (found, total) = store::licensing::containers::page(&mut tx, &visibility, &query).await?;
    let contexts = found
        .iter()
        .filter_map(|container| container.facts.context.as_ref());
    let names = Names::of(&mut tx, &visibility, contexts).await?;
    let verdict = |to: &Container| match &from {
        Some(from) => {
            access::authorize_transfer(visibility.actor(), &ticket.facts, &from.facts, &to.facts).map(|_| ())
        }
        None => access::authorize_activate(visibility.actor(), &ticket.facts, &to.facts).map(|_| ()),
    };
    let rows = found
        .into_iter()
        .map(|container| LicenseTarget {
            denied: verdict(&container).err(),
            container: containers::row(&visibility, &names, container),
        })
        .collect();
    Ok(LicenseTargets { rows, total })
}
