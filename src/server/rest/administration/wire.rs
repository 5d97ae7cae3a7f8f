//! Bodies and answers of programs where pages have texts: an owner, a selection or a plan is an object or a list here. A
//! route names its type before that of the server function, into which (or out of which) it is made.

use domain::{
    accounts::{
        Login,
        offboarding::{Emptying, InvalidPlan, Plan, Step},
        sessions::Tab,
    },
    groups::{Lineage, tree::Node},
    ids::{ContainerId, GroupId, TicketId, UserId},
    tickets::{Holder, InvalidSelection, SelectedTickets, owners::Owner},
};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{ObjectBuilder, Schema, Type},
};

use crate::views::{
    accounts::offboarding::{
        Offboarding, OffboardingContainer, OffboardingLevel, OffboardingMembership, Successor,
    },
    groups::{
        Choice,
        tree::{ChildRows, FoundNode, FoundNodes, TreeRow},
    },
    licensing::containers::ContainerRow,
    schemas::*,
    tickets::{
        MAX_SEARCH,
        bulk::{Matching, TicketSelection},
        facets::Facets,
    },
};

/// Whose something is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Owner)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected an owner: {\"group\": ID}, {\"user\": ID}, {\"user\": ID, \"context\": ID} or {\"unassigned\": true}"
)]
pub enum OwnerObject {
    /// A group's.
    Group { group: GroupId },
    /// A person's.
    User {
        /// The person.
        user: UserId,
        /// The group through which the person has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context: Option<GroupId>,
    },
    /// Nobody's yet.
    Unassigned {
        /// `true`
        #[schema(schema_with = only_true)]
        unassigned: Yes,
    },
}

/// `true`, and nothing else.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(into = "bool", try_from = "bool")]
pub struct Yes;

impl From<Yes> for bool {
    fn from(_: Yes) -> Self {
        true
    }
}

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(yes: bool) -> Result<Self, Self::Error> {
        yes.then_some(Self).ok_or("true is the only value here")
    }
}

fn only_true() -> Schema {
    let only = ObjectBuilder::new().schema_type(Type::Boolean);
    only.enum_values(Some([true])).into()
}

impl From<OwnerObject> for Owner {
    fn from(owner: OwnerObject) -> Self {
        match owner {
            OwnerObject::Group { group } => Self::Group(group),
            OwnerObject::User { user, context } => Self::User { user, context },
            OwnerObject::Unassigned { .. } => Self::Unassigned,
        }
    }
}

impl From<Owner> for OwnerObject {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Group(group) => Self::Group { group },
            Owner::User { user, context } => Self::User { user, context },
            Owner::Unassigned => Self::Unassigned { unassigned: Yes },
        }
    }
}

/// A place in the tree: one of the fixed lists, or whose tickets are listed there.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = TreeNode)]
#[serde(
    untagged,
    expecting = "expected an owner, or {\"list\": \"all\", \"mine\" or \"loose\"}"
)]
pub enum NodeObject {
    /// A fixed list.
    List(FixedList),
    /// What an owner has.
    Owner(OwnerObject),
}

/// A fixed list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedList {
    pub list: ListName,
}

/// The names of the fixed lists.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ListName {
    /// Every ticket that you may see.
    All,
    /// Your own tickets, in every context.
    Mine,
    /// Personal tickets without group context, and people without a group.
    Loose,
}

impl From<NodeObject> for Node {
    fn from(node: NodeObject) -> Self {
        match node {
            NodeObject::List(FixedList { list }) => match list {
                ListName::All => Self::All,
                ListName::Mine => Self::Mine,
                ListName::Loose => Self::Loose,
            },
            NodeObject::Owner(owner) => match owner {
                OwnerObject::Group { group } => Self::Group(group),
                OwnerObject::User { user, context } => Self::Person { user, group: context },
                OwnerObject::Unassigned { .. } => Self::Unassigned,
            },
        }
    }
}

impl From<Node> for NodeObject {
    fn from(node: Node) -> Self {
        let list = |list| Self::List(FixedList { list });
        match node {
            Node::All => list(ListName::All),
            Node::Mine => list(ListName::Mine),
            Node::Loose => list(ListName::Loose),
            Node::Unassigned => Self::Owner(OwnerObject::Unassigned { unassigned: Yes }),
            Node::Group(group) => Self::Owner(OwnerObject::Group { group }),
            Node::Person { user, group } => Self::Owner(OwnerObject::User { user, context: group }),
        }
    }
}

/// A ticket, with the owner that it has as far as the program knows.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectedTicket {
    pub ticket: TicketId,
    /// Whose it is.
    pub owner: OwnerObject,
}

/// Tickets, each with its owner: at least one, and none twice.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct TicketList(pub Vec<SelectedTicket>);

impl TryFrom<TicketList> for SelectedTickets {
    type Error = InvalidSelection;

    fn try_from(TicketList(tickets): TicketList) -> Result<Self, Self::Error> {
        let tickets = tickets.into_iter();
        Self::new(tickets.map(|one| (one.ticket, one.owner.into())).collect())
    }
}

/// Tickets one by one, or all that a list holds.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected a list of tickets with their owners, or an object that says which list of tickets is meant"
)]
pub enum TicketChoice {
    /// These.
    These(TicketList),
    /// All that match.
    Matching(MatchingTickets),
}

/// All tickets of a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchingTickets {
    pub node: NodeObject,
    /// For a group: with those of the groups and people below it.
    #[serde(default)]
    pub below: bool,
    /// Only those with each of these words in code, product or owner; all without it.
    #[serde(default)]
    pub search: String,
    /// What of these is wanted: `state:free,ends:30`.
    #[serde(default)]
    #[schema(value_type = String)]
    pub facets: Facets,
}

impl TryFrom<TicketChoice> for TicketSelection {
    type Error = InvalidSelection;

    fn try_from(choice: TicketChoice) -> Result<Self, Self::Error> {
        match choice {
            TicketChoice::These(tickets) => tickets.try_into().map(Self::These),
            // No name contains one.
            TicketChoice::Matching(list) if list.search.contains(char::is_control) => {
                Err(InvalidSelection::Malformed)
            }
            TicketChoice::Matching(list) => Ok(Self::Matching(Matching {
                node: list.node.into(),
                below: list.below,
                search: list.search.chars().take(MAX_SEARCH).collect(),
                facets: list.facets,
                // People are told it until a preview counts; programs begin with the preview.
                count: 0,
            })),
        }
    }
}

/// Texts that stand in one text on a page, with something between them that none of them contains.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} cannot stand in one of the texts")]
pub struct Separator(char);

fn joined(texts: &[String], separator: char) -> Result<String, Separator> {
    if texts.iter().any(|text| text.contains(separator)) {
        return Err(Separator(separator));
    }
    Ok(texts.join(separator.encode_utf8(&mut [0; 4])))
}

/// Codes of tickets.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Codes(pub Vec<String>);

impl TryFrom<Codes> for String {
    type Error = Separator;

    fn try_from(Codes(codes): Codes) -> Result<Self, Self::Error> {
        joined(&codes, ';')
    }
}

/// What a product can do, in words that the software itself asks for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Features(pub Vec<String>);

impl TryFrom<Features> for String {
    type Error = Separator;

    fn try_from(Features(features): Features) -> Result<Self, Self::Error> {
        joined(&features, '\n')
    }
}

/// A step of a plan for what somebody has who leaves.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "lowercase", deny_unknown_fields)]
pub enum PlannedStep {
    /// The licences in one container.
    Licenses {
        /// The container of the person.
        container: ContainerId,
        /// The container in which they go on; without one, they come back into their tickets.
        #[serde(default)]
        into: Option<ContainerId>,
    },
    /// The credentials of one container are taken back.
    Credentials {
        /// The container.
        container: ContainerId,
    },
    /// The tickets of one level get a new owner.
    Tickets {
        /// The group context of the tickets; without one, those that have none.
        #[serde(default)]
        level: Option<GroupId>,
        /// The new owner.
        to: OwnerObject,
    },
    /// The running login ends.
    Login {},
    /// The account is switched off.
    Account {},
    /// The membership of one group ends.
    Membership { group: GroupId },
}

/// The steps of a plan, of which no two contradict each other.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Steps(pub Vec<PlannedStep>);

impl From<PlannedStep> for Step {
    fn from(step: PlannedStep) -> Self {
        match step {
            PlannedStep::Licenses { container, into } => {
                Self::Licenses(container, into.map_or(Emptying::Back, Emptying::Into))
            }
            PlannedStep::Credentials { container } => Self::Credentials(container),
            PlannedStep::Tickets { level, to } => Self::Tickets(level, to.into()),
            PlannedStep::Login {} => Self::Login,
            PlannedStep::Account {} => Self::Account,
            PlannedStep::Membership { group } => Self::Membership(group),
        }
    }
}

impl TryFrom<Steps> for Plan {
    type Error = InvalidPlan;

    fn try_from(Steps(steps): Steps) -> Result<Self, Self::Error> {
        Self::new(steps.into_iter().map(Step::from))
    }
}

/// Places in the tree.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Nodes(Vec<NodeObject>);

impl From<Vec<Node>> for Nodes {
    fn from(nodes: Vec<Node>) -> Self {
        Self(nodes.into_iter().map(NodeObject::from).collect())
    }
}

/// The rows right below one node.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChildRows)]
pub struct ChildRowsObject {
    /// Whose children these are; `null` for the top of the tree.
    node: Option<NodeObject>,
    /// The children: groups first, then people, by name.
    rows: Vec<TreeRowObject>,
}

/// A row of the tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TreeRow)]
pub struct TreeRowObject {
    /// What the row stands for.
    node: NodeObject,
    /// Name of the group or person; empty for the fixed lists.
    name: String,
    /// Where the group, or the group of the person, stands in the tree, as far as you may see upwards.
    lineage: Option<Lineage>,
    /// How many rows there are right below.
    children: u32,
    /// How many tickets you see there; of a group, those of the groups below it too.
    tickets: u64,
    /// Of a person: what they may do in this group. Of a group: what your own membership in it permits.
    permissions: Option<domain::accounts::Permissions>,
    /// The person is an ISV admin.
    isv_admin: bool,
}

/// Branches of the tree.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Branches(Vec<ChildRowsObject>);

/// What a search of the tree found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundNodes)]
pub struct Found {
    /// The groups and people, by name.
    hits: Vec<FoundObject>,
    /// There are others.
    more: bool,
}

/// A group or a person, with where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundNode)]
pub struct FoundObject {
    /// As in the tree.
    row: TreeRowObject,
    /// The names along the lineage, a group's own among them.
    path: Vec<String>,
    /// Of a person: the login.
    login: Option<Login>,
}

impl From<FoundNodes> for Found {
    fn from(FoundNodes { hits, more }: FoundNodes) -> Self {
        let hit = |FoundNode { row, path, login }| FoundObject {
            row: row.into(),
            path,
            login,
        };
        Self {
            hits: hits.into_iter().map(hit).collect(),
            more,
        }
    }
}

impl From<TreeRow> for TreeRowObject {
    fn from(row: TreeRow) -> Self {
        let TreeRow {
            node,
            name,
            lineage,
            children,
            tickets,
            permissions,
            isv_admin,
        } = row;
        Self {
            node: node.into(),
            name,
            lineage,
            children,
            tickets,
            permissions,
            isv_admin,
        }
    }
}

impl From<Vec<ChildRows>> for Branches {
    fn from(branches: Vec<ChildRows>) -> Self {
        let branch = |ChildRows { node, rows }| ChildRowsObject {
            node: node.map(NodeObject::from),
            rows: rows.into_iter().map(TreeRowObject::from).collect(),
        };
        Self(branches.into_iter().map(branch).collect())
    }
}

/// As what somebody can have tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct PossibleOwner {
    /// As this owner.
    owner: OwnerObject,
    /// Its names.
    holder: Holder,
}

/// Who takes over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Successor)]
pub struct SuccessorObject {
    user: UserId,
    name: String,
    /// As what they can have tickets, as far as you may give them some.
    owners: Vec<PossibleOwner>,
    /// Their containers.
    containers: Vec<ContainerRow>,
}

/// What somebody has, as far as you administer it, and where it could go.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offboarding)]
pub struct OffboardingObject {
    user: UserId,
    name: String,
    /// The login.
    login: Login,
    /// Whether the account is switched on.
    active: bool,
    /// Whether you may change the account.
    may_change: bool,
    /// Whether a browser shows the portal under the running login, where there is one.
    logged_in: Option<Tab>,
    /// Their tickets, by level.
    levels: Vec<OffboardingLevel>,
    /// Whether there are more tickets than one plan is about.
    more_tickets: bool,
    /// Their containers.
    containers: Vec<OffboardingContainer>,
    /// Their memberships.
    memberships: Vec<OffboardingMembership>,
    /// Groups that could get the tickets; the first of them.
    groups: Vec<Choice>,
    /// People who could take over; the first of those that match the search.
    people: Vec<Choice>,
    /// Who takes over.
    successor: Option<SuccessorObject>,
}

impl From<Successor> for SuccessorObject {
    fn from(successor: Successor) -> Self {
        let owners = successor.owners.into_iter();
        let owners = owners.map(|(owner, holder)| PossibleOwner {
            owner: owner.into(),
            holder,
        });
        Self {
            user: successor.user,
            name: successor.name,
            owners: owners.collect(),
            containers: successor.containers,
        }
    }
}

impl From<Offboarding> for OffboardingObject {
    fn from(of: Offboarding) -> Self {
        Self {
            user: of.user,
            name: of.name,
            login: of.login,
            active: of.active,
            may_change: of.may_change,
            logged_in: of.logged_in,
            levels: of.levels,
            more_tickets: of.more_tickets,
            containers: of.containers,
            memberships: of.memberships,
            groups: of.groups,
            people: of.people,
            successor: of.successor.map(SuccessorObject::from),
        }
    }
}
