//! What partners created and whose customers were in a group that is dissolved: they go to the group above.

use domain::groups::Lineage;

use crate::store::{StoreError, Tx};

/// A group is dissolved: what was created in it counts for the group above, its customers are that one's, and whom it was made
/// for is a customer no more.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn dissolve(tx: &mut Tx, group: &Lineage) -> Result<(), StoreError> {
    for statement in [
        "UPDATE creations SET group_id = $1 WHERE group_id = $2",
        "UPDATE amendments SET group_id = $1 WHERE group_id = $2",
        "UPDATE customers SET group_id = $1 WHERE group_id = $2",
    ] {
        sqlx::query(statement)
            .bind(group.parent().map(|above| above.0))
            .bind(group.group().0)
            .execute(tx.conn())
            .await?;
    }
    sqlx::query("DELETE FROM customers WHERE own_group_id = $1")
        .bind(group.group().0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
