//! Why something is not permitted.

use serde::{Deserialize, Serialize};

use crate::accounts::personal_tokens::Scope;

/// Why something is not permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Denied {
    /// Not the actor's to see. Told exactly as if it did not exist (S4).
    #[error("not found")]
    Hidden,
    /// The ticket or group is there already.
    #[error("already there")]
    AlreadyThere,
    /// Only an admin may take a ticket out of its group (S5).
    #[error("only an admin may take the ticket out of its group")]
    KeepsToLevel,
    /// A personal ticket given by an admin comes through a group, and none was named (S6).
    #[error("the group context is missing")]
    ContextNeeded,
    /// The person is not a member of the group named as context.
    #[error("not a member of that group")]
    NotAMember,
    /// The actor sees the group and does not administer it.
    #[error("only an admin of the group may do that")]
    AdminsOnly,
    /// Top-level groups are the ISV admins' (S1).
    #[error("only ISV admins may do that at the top level")]
    IsvOnly,
    /// A group cannot come to lie inside itself.
    #[error("a group cannot be moved into itself")]
    InsideItself,
    /// The tree would become deeper than [`MAX_DEPTH`](crate::groups::MAX_DEPTH).
    #[error("the tree would become too deep")]
    TooDeep,
    /// Nobody grants, or takes, what they do not have.
    #[error("nobody grants more than they have")]
    BeyondOwn,
    /// Protected mode belongs to group tickets (S2).
    #[error("only group tickets can be protected")]
    GroupTicketsOnly,
    /// What is nobody's cannot be used: it is assigned first (S8).
    #[error("the ticket has no owner yet")]
    Unowned,
    /// Whoever changes their own password gives the present one (ASVS 5.0, 6.2.3).
    #[error("nobody generates a password for themselves")]
    OwnPassword,
    /// One's own mail address is replaced on the page of one's own account, with the password (ASVS 5.0, 7.5.1).
    #[error("one's own mail address is changed with the password")]
    OwnEmail,
    /// As oneself one looks at the portal anyway (N16).
    #[error("that is oneself")]
    Oneself,
    /// The actor sees the group and creates no tickets in it (S13).
    #[error("only who creates tickets there may do that")]
    CreatorsOnly,
    /// The actor sees the ticket and has no permission to renew it where it is (N17).
    #[error("only who renews tickets there may do that")]
    RenewersOnly,
    /// The actor sees the ticket and has no permission to change it where it is (N17).
    #[error("only who changes tickets there may do that")]
    ChangersOnly,
    /// The actor sees the ticket and has no permission to revoke it where it is (N17).
    #[error("only who revokes tickets there may do that")]
    RevokersOnly,
    /// The product filter does not let the product through, or there is no such product (S14).
    #[error("the product may not be created there")]
    NotInFilter,
    /// Product filters and quotas of a group are changed from above (S14).
    #[error("only admins above the group may do that")]
    FromAbove,
    /// The personal access token is not good for it, whatever its person may do.
    #[error("the access token lacks the scope {0}")]
    BeyondToken(Scope),
}
