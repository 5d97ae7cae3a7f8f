//! The tree by programs: groups and their members (S1).

use domain::{
    accounts::Permissions,
    groups::tree::Node,
    ids::{GroupId, UserId},
};

use crate::{
    api::groups::{self as api, tree},
    server::rest::administration::wire::{Branches, Found, Nodes},
    views::groups::{
        Choice, GroupDetail,
        tree::{ChildRows, FoundNodes},
    },
};

crate::server::rest::administration::routes::routes! {
    "Groups";
    /// The groups that you administer
    ///
    /// By path; at most 100 that match the search. `not_within` leaves out a branch.
    get "/groups" Groups:Read => api::Administered { search: String = default, not_within: Option<GroupId> } -> Vec<Choice>;
    /// A group
    get "/groups/{group}" Groups:Read => api::Group { group: GroupId } -> GroupDetail;
    /// Create a group
    ///
    /// Below `parent`, or at the top level, which is for ISV admins.
    post "/groups" Groups:Write => api::CreateGroup { parent: Option<GroupId>, name: String } -> GroupId, creates "/groups";
    /// Rename a group
    patch "/groups/{group}" Groups:Write => api::RenameGroup { group: GroupId, name: String } -> ();
    /// Move a group
    ///
    /// It hangs under another parent then, with all below it; without one at the top level, which is for ISV admins.
    put "/groups/{group}/parent" Groups:Write => api::MoveGroup { group: GroupId, parent: Option<GroupId> } -> ();
    /// Dissolve a group
    ///
    /// What it holds goes to the heir; its people too, if `people_follow` says so.
    delete "/groups/{group}" Groups:Write Tickets:Write => api::DeleteGroup { group: GroupId, heir: Option<GroupId>, people_follow: bool = default } -> ();
    /// People who can become members
    ///
    /// Those whom you reach; at most 100 that match the search.
    get "/groups/{group}/candidates" Groups:Read => api::Candidates { group: GroupId, search: String = default } -> Vec<Choice>;
    /// Make a person a member, or change what they may do in the group
    put "/groups/{group}/members/{user}" Groups:Write => api::SetMember { group: GroupId, user: UserId, permissions: Permissions = default } -> ();
    /// End a membership
    delete "/groups/{group}/members/{user}" Groups:Write => api::RemoveMember { group: GroupId, user: UserId } -> ();
    /// Branches of the tree
    ///
    /// The rows below each of the nodes (`nodes[0]=group:7`), and always those at the top first.
    get "/tree" Groups:Read => tree::Branches { nodes: Vec<Node> = default } -> Branches as Vec<ChildRows>;
    /// Find groups and people in the tree
    ///
    /// Those whose names, or logins, have each of the words; at most 50, and whether there are more.
    get "/tree/found" Groups:Read => tree::FindInTree { search: String = default } -> Found as FoundNodes;
    /// The nodes above a node
    ///
    /// From the top, as far as you see them.
    get "/tree/ancestors" Groups:Read => tree::Ancestors { node: Node } -> Nodes as Vec<Node>;
}
