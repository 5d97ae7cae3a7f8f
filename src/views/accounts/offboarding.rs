//! Offboardings (N7): what becomes of what somebody has who leaves, as a plan, as its rehearsal, and as a report.

use domain::{
    accounts::{
        Login,
        offboarding::{Emptying, MAX_STEPS, Plan, Step},
        sessions::Tab,
    },
    ids::{EventId, GroupId, TicketId, UserId},
    licensing::{licenses::License, products::ProductName},
    refusals::Refusal,
    tickets::{Holder, codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::{
    groups::Choice,
    history::{By, Happened, Named},
    licensing::containers::ContainerRow,
};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// The tickets of one level of a leaver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OffboardingLevel {
    /// The group context; `None` for those without.
    pub level: Option<GroupId>,
    /// The names down to it.
    pub path: Vec<String>,
    pub tickets: u32,
}

/// A container of a leaver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OffboardingContainer {
    pub row: ContainerRow,
    /// How many licences are in it, as far as the reader knows of them.
    pub licenses: u32,
    /// How many credentials of it are the reader's to take back.
    pub credentials: u32,
}

/// A membership of a leaver in a group that the reader administers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OffboardingMembership {
    pub group: GroupId,
    /// The names down to it.
    pub path: Vec<String>,
    /// Whether the reader may end it.
    pub may_end: bool,
}

/// Who takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    pub user: UserId,
    pub name: String,
    /// As what they can have tickets, as far as the reader may give them some.
    pub owners: Vec<(Owner, Holder)>,
    /// Their containers.
    pub containers: Vec<ContainerRow>,
}

/// What somebody has, as far as the reader administers it, and where it could go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offboarding {
    pub user: UserId,
    pub name: String,
    /// The login.
    pub login: Login,
    /// Whether the account is switched on.
    pub active: bool,
    /// Whether the reader may change the account.
    pub may_change: bool,
    /// Whether a browser shows the portal under the running login, where there is one.
    pub logged_in: Option<Tab>,
    /// Their tickets, by level.
    pub levels: Vec<OffboardingLevel>,
    /// Whether there are more tickets than [`MAX_AT_ONCE`].
    pub more_tickets: bool,
    /// Their containers.
    pub containers: Vec<OffboardingContainer>,
    /// Their memberships.
    pub memberships: Vec<OffboardingMembership>,
    /// Groups that could get the tickets; the first of them.
    pub groups: Vec<Choice>,
    /// People who could take over; the first of those that match the search.
    pub people: Vec<Choice>,
    /// Who takes over.
    pub successor: Option<Successor>,
}

impl Offboarding {
    /// What is proposed: tickets go to the group of their context, licences come back, credentials are reset, the login ends,
    /// the account is switched off and the memberships end. Of all that, what the reader may do.
    #[must_use]
    pub fn proposal(&self) -> Plan {
        let levels = self.levels.iter().filter_map(|level| level.level);
        let tickets = levels.map(|group| Step::Tickets(Some(group), Owner::Group(group)));
        let containers = self.containers.iter();
        let licenses = containers.clone().filter(|container| container.licenses > 0);
        let licenses = licenses.map(|container| Step::Licenses(container.row.id, Emptying::Back));
        let credentials = containers.filter(|container| container.credentials > 0);
        let credentials = credentials.map(|container| Step::Credentials(container.row.id));
        let login = (self.may_change && self.logged_in.is_some()).then_some(Step::Login);
        let account = (self.may_change && self.active).then_some(Step::Account);
        let memberships = self.memberships.iter().filter(|membership| membership.may_end);
        let memberships = memberships.map(|membership| Step::Membership(membership.group));
        let steps = licenses.chain(credentials).chain(tickets).chain(memberships);
        // No two of these contradict each other.
        Plan::new(steps.chain(login).chain(account).take(MAX_STEPS)).unwrap_or_default()
    }
}

/// What one line of a plan does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Deed {
    /// So many licences come back out of a container.
    LicenseBack {
        product: ProductName,
        quantity: u32,
        /// Name of the container.
        container: String,
    },
    /// So many licences go on in another container.
    LicenseMoved {
        product: ProductName,
        quantity: u32,
        /// Name of the container.
        container: String,
        /// Name of the person, and of their container.
        to: (String, String),
    },
    /// So many credentials of a container are taken back.
    CredentialsReset {
        /// Name of the container.
        container: String,
        /// How many could be used.
        count: u32,
    },
    /// A ticket gets a new owner.
    TicketMoved {
        ticket: TicketId,
        code: TicketCode,
        /// What is in it.
        licenses: Vec<License>,
        /// From where.
        from: Holder,
        /// To where.
        to: Holder,
    },
    /// The running login ends.
    LoginEnded,
    /// The account is switched off.
    AccountOff,
    /// A membership ends.
    MembershipEnded {
        /// The names down to the group.
        path: Vec<String>,
    },
}

/// How far a deed comes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Progress {
    /// It is done.
    Done,
    /// A machine has to give the licences up first, or to run out of time.
    AtMachine,
}

/// A line of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Line {
    pub deed: Deed,
    /// Whether it would be done, or why not.
    #[cfg_attr(feature = "ssr", schema(value_type = crate::views::schemas::Either<Progress, Refusal>))]
    pub outcome: Result<Progress, Refusal>,
}

/// What a plan would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DryRun {
    /// Line by line.
    pub lines: Vec<Line>,
    /// What is to be said when it is carried out: that this is what was seen.
    pub seen: String,
    /// Whether it ends a login whose browser tab is open: that takes a reason.
    pub needs_reason: bool,
}

/// What was done for a leaver, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OffboardingReport {
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    pub by: By,
    /// Who left.
    pub person: Named<UserId>,
    /// Line by line, in the order in which it was done.
    pub rows: Vec<Happened>,
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::{ContainerId, GroupId, UserId},
        licensing::containers::ContainerKind,
    };

    use super::*;

    fn container(id: i64, licenses: u32, credentials: u32) -> OffboardingContainer {
        OffboardingContainer {
            row: ContainerRow {
                id: ContainerId(id),
                name: "Laptop".to_owned(),
                kind: ContainerKind::Cloud,
                user: UserId(4),
                person: "Ned".to_owned(),
                context: None,
            },
            licenses,
            credentials,
        }
    }

    #[test]
    fn what_is_proposed_is_what_the_reader_may_do() {
        let level = |level| OffboardingLevel {
            level,
            path: Vec::new(),
            tickets: 1,
        };
        let membership = |group, may_end| OffboardingMembership {
            group: GroupId(group),
            path: Vec::new(),
            may_end,
        };
        let mut leaver = Offboarding {
            user: UserId(4),
            name: "Ned".to_owned(),
            login: "ned".parse().expect("a login"),
            active: true,
            may_change: true,
            logged_in: Some(Tab::Open),
            levels: vec![level(Some(GroupId(7))), level(None)],
            more_tickets: false,
            containers: vec![container(8, 2, 1), container(9, 0, 0), container(10, 1, 0)],
            memberships: vec![membership(7, true), membership(6, false)],
            groups: Vec::new(),
            people: Vec::new(),
            successor: None,
        };
        let whole =
            "licenses:8=back;licenses:10=back;credentials:8;tickets:7=group:7;login;account;membership:7";
        assert_eq!(leaver.proposal().to_string(), whole);
        leaver.may_change = false;
        let part = "licenses:8=back;licenses:10=back;credentials:8;tickets:7=group:7;membership:7";
        assert_eq!(leaver.proposal().to_string(), part);
    }
}
