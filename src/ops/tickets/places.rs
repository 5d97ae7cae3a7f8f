//! Where a list of tickets is.

use domain::{
    access::{Denied, Place},
    groups::tree::Node,
};

use crate::{
    ops::{OpError, readers},
    store::{self, Tx, visibility::VisibilityScope},
};

/// The place behind a node, if the reader may look there.
pub(super) async fn place_of(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    node: Node,
) -> Result<Option<Place>, OpError> {
    match node {
        Node::All | Node::Mine => Ok(None),
        Node::Unassigned | Node::Loose if visibility.actor().isv_admin => Ok(None),
        Node::Unassigned | Node::Loose => Err(Denied::Hidden.into()),
        Node::Group(_) | Node::Person { .. } => {
            let Some(owner) = node.owner() else {
                return Ok(None);
            };
            let place = store::tickets::place(tx, owner)
                .await?
                .filter(|place| visibility.actor().reaches(place));
            let place = place.ok_or(Denied::Hidden)?;
            // A person stands below a group only for who sees that group.
            match readers::level(&place) {
                Some(level) if !visibility.actor().sees_group(level) => Err(Denied::Hidden.into()),
                _ => Ok(Some(place)),
            }
        }
    }
}
