//! What the page of a group can ask the server to do.

use leptos::prelude::*;

use crate::{
    api::groups::{DeleteGroup, MoveGroup, RemoveMember, RenameGroup, SetMember},
    ui::groups::choices::{GroupChoices, PeopleChoices},
};

/// The actions of a group's page, and what there is to choose from.
///
/// They and the lists to choose from are made with the page: see `session::SignedIn`.
#[derive(Clone, Copy)]
pub struct GroupActions {
    pub(super) places: GroupChoices,
    pub(super) heirs: GroupChoices,
    /// People who can be added.
    pub people: PeopleChoices,
    pub(super) rename: ServerAction<RenameGroup>,
    pub(super) relocate: ServerAction<MoveGroup>,
    pub(super) delete: ServerAction<DeleteGroup>,
    /// Adds a member, or changes what one may do.
    pub set: ServerAction<SetMember>,
    /// Removes a member.
    pub remove: ServerAction<RemoveMember>,
}
