//! Who may do what with a container.

use domain::{
    access::{self, Authorized, ContainerChange, Denied},
    ids::{ContainerId, UserId},
};

use crate::{
    ops::{OpError, actor},
    store::{self, Tx, licensing::containers::Container},
};

/// A container, with the facts about it.
///
/// # Errors
/// [`Denied::Hidden`] when there is none.
pub(crate) async fn found(tx: &mut Tx, id: ContainerId) -> Result<Container, OpError> {
    Ok(store::licensing::containers::by_id(tx, id)
        .await?
        .ok_or(Denied::Hidden)?)
}

/// A container, with the proof that the person may look after it, as it is inside this transaction.
///
/// # Errors
/// [`Denied::Hidden`].
pub(crate) async fn permitted(
    tx: &mut Tx,
    by: UserId,
    id: ContainerId,
) -> Result<(Container, Authorized<ContainerChange>), OpError> {
    let actor = actor(tx, by).await?;
    let container = found(tx, id).await?;
    let proof = access::authorize_container(&actor, &container.facts)?;
    Ok((container, proof))
}
