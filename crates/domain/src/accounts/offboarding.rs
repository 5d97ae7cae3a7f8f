//! Leavers (N7): what becomes of what somebody has who leaves, as a plan, as its rehearsal, and as a report.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Login, sessions::Tab},
    groups::Choice,
    history::{By, Happened, Named},
    ids::{ContainerId, EventId, GroupId, TicketId, UserId},
    licensing::{containers::ContainerRow, licenses::License, products::ProductName},
    refusals::Refusal,
    texts::serialized_as_text,
    tickets::{Holder, codes::TicketCode, owners::Owner},
};

/// Most steps of a plan.
pub const MAX_STEPS: usize = 500;
/// Most tickets of a person, and most activations in their containers, that one plan is about.
pub const MAX_AT_ONCE: usize = 1_000;

/// What becomes of the licences in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emptying {
    /// They come back into their tickets.
    Back,
    /// They go on in another container.
    Into(ContainerId),
}

/// One step of a plan. Steps that are not in it are left out.
///
/// Text form: `tickets:7=group:7` (the tickets of level 7; `tickets:none=…` of those without level), `licenses:8=back`,
/// `licenses:8=9`, `credentials:8`, `login`, `account`, `membership:7`. It serves form fields and addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// What is in one container of the person.
    Licenses(ContainerId, Emptying),
    /// The credentials of one container are taken back (S10).
    Credentials(ContainerId),
    /// The tickets of one level (S5) get a new owner.
    Tickets(Option<GroupId>, Owner),
    /// The running login ends.
    Login,
    /// The account is switched off, and its seat is free (S17).
    Account,
    /// The membership of one group ends.
    Membership(GroupId),
}

/// The text was no step, or no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the plan for a leaver")]
pub struct InvalidPlan;

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Licenses(container, Emptying::Back) => write!(f, "licenses:{container}=back"),
            Self::Licenses(container, Emptying::Into(other)) => write!(f, "licenses:{container}={other}"),
            Self::Credentials(container) => write!(f, "credentials:{container}"),
            Self::Tickets(Some(level), to) => write!(f, "tickets:{level}={to}"),
            Self::Tickets(None, to) => write!(f, "tickets:none={to}"),
            Self::Login => f.write_str("login"),
            Self::Account => f.write_str("account"),
            Self::Membership(group) => write!(f, "membership:{group}"),
        }
    }
}

impl FromStr for Step {
    type Err = InvalidPlan;

    fn from_str(text: &str) -> Result<Self, InvalidPlan> {
        match text {
            "login" => return Ok(Self::Login),
            "account" => return Ok(Self::Account),
            _ => {}
        }
        fn id<T: FromStr>(text: &str) -> Result<T, InvalidPlan> {
            text.parse().map_err(|_| InvalidPlan)
        }
        let (what, of) = text.split_once(':').ok_or(InvalidPlan)?;
        match (what, of.split_once('=')) {
            ("tickets", Some(("none", to))) => Ok(Self::Tickets(None, id(to)?)),
            ("tickets", Some((level, to))) => Ok(Self::Tickets(Some(id(level)?), id(to)?)),
            ("licenses", Some((container, "back"))) => Ok(Self::Licenses(id(container)?, Emptying::Back)),
            ("licenses", Some((container, other))) => {
                Ok(Self::Licenses(id(container)?, Emptying::Into(id(other)?)))
            }
            ("credentials", None) => Ok(Self::Credentials(id(of)?)),
            ("membership", None) => Ok(Self::Membership(id(of)?)),
            _ => Err(InvalidPlan),
        }
    }
}

/// What is to become of what somebody has: at most one new owner for each level, one place for the licences of each
/// container. The steps are done in their order: what is seen through a membership is done before that ends.
///
/// Text form: the steps, with `;` between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Plan(BTreeSet<Step>);

impl Plan {
    /// A plan of these steps.
    ///
    /// # Errors
    /// [`InvalidPlan`] for contradicting steps, or more than [`MAX_STEPS`].
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Result<Self, InvalidPlan> {
        let steps: BTreeSet<Step> = steps.into_iter().take(MAX_STEPS + 1).collect();
        // Sorted, steps about the same stand side by side.
        let contradict = |one: &Step, other: &Step| match (one, other) {
            (Step::Licenses(one, _), Step::Licenses(other, _)) => one == other,
            (Step::Tickets(one, _), Step::Tickets(other, _)) => one == other,
            _ => false,
        };
        let contradicted = steps
            .iter()
            .zip(steps.iter().skip(1))
            .any(|(one, other)| contradict(one, other));
        if steps.len() > MAX_STEPS || contradicted {
            return Err(InvalidPlan);
        }
        Ok(Self(steps))
    }

    /// Its steps, in the order in which they are done.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.0.iter().copied()
    }

    /// Whether that step is in it.
    #[must_use]
    pub fn has(&self, step: Step) -> bool {
        self.0.contains(&step)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { ";" };
            write!(f, "{between}{step}")?;
        }
        Ok(())
    }
}

impl FromStr for Plan {
    type Err = InvalidPlan;

    fn from_str(text: &str) -> Result<Self, InvalidPlan> {
        let steps = text.split(';').filter(|step| !step.is_empty());
        Self::new(steps.map(str::parse).collect::<Result<Vec<Step>, _>>()?)
    }
}

serialized_as_text!(Plan);

/// The tickets of one level of a leaver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LeaverLevel {
    /// The group context; `None` for those without.
    pub level: Option<GroupId>,
    /// The names down to it.
    pub path: Vec<String>,
    /// How many.
    pub tickets: u32,
}

/// A container of a leaver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LeaverContainer {
    /// The container.
    pub row: ContainerRow,
    /// How many licences are in it, as far as the reader knows of them.
    pub licenses: u32,
    /// How many credentials of it are the reader's to take back.
    pub credentials: u32,
}

/// A membership of a leaver in a group that the reader administers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LeaverMembership {
    /// The group.
    pub group: GroupId,
    /// The names down to it.
    pub path: Vec<String>,
    /// Whether the reader may end it.
    pub may_end: bool,
}

/// Who takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Successor {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// As what they can have tickets, as far as the reader may give them some.
    pub owners: Vec<(Owner, Holder)>,
    /// Their containers.
    pub containers: Vec<ContainerRow>,
}

/// What somebody has, as far as the reader administers it, and where it could go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Leaver {
    /// Who.
    pub user: UserId,
    /// The name.
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
    pub levels: Vec<LeaverLevel>,
    /// Whether there are more tickets than [`MAX_AT_ONCE`].
    pub more_tickets: bool,
    /// Their containers.
    pub containers: Vec<LeaverContainer>,
    /// Their memberships.
    pub memberships: Vec<LeaverMembership>,
    /// Groups that could get the tickets; the first of them.
    pub groups: Vec<Choice>,
    /// People who could take over; the first of those that match the search.
    pub people: Vec<Choice>,
    /// Who takes over.
    pub successor: Option<Successor>,
}

impl Leaver {
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
        Plan(steps.chain(login).chain(account).take(MAX_STEPS).collect())
    }
}

/// What one line of a plan does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Deed {
    /// So many licences come back out of a container.
    LicenseBack {
        /// Of what.
        product: ProductName,
        /// How many.
        quantity: u32,
        /// Name of the container.
        container: String,
    },
    /// So many licences go on in another container.
    LicenseMoved {
        /// Of what.
        product: ProductName,
        /// How many.
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
        /// Which.
        ticket: TicketId,
        /// Its code.
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
    /// What.
    pub deed: Deed,
    /// Whether it would be done, or why not.
    #[cfg_attr(feature = "ssr", schema(value_type = crate::described::Either<Progress, Refusal>))]
    pub outcome: Result<Progress, Refusal>,
}

/// What a plan would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Rehearsal {
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
pub struct LeaverReport {
    /// Which.
    pub id: EventId,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// Who did it.
    pub by: By,
    /// Who left.
    pub person: Named<UserId>,
    /// Line by line, in the order in which it was done.
    pub rows: Vec<Happened>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licensing::containers::ContainerKind;

    const TEXT: &str = "licenses:8=back;licenses:9=8;credentials:8;tickets:none=user:4;tickets:7=group:7;login;account;membership:7";

    #[test]
    fn a_plan_is_written_as_it_is_read() {
        let plan: Plan = TEXT.parse().expect("a plan");
        assert_eq!(plan.to_string(), TEXT);
        assert_eq!(plan.steps().last(), Some(Step::Membership(GroupId(7))));
        assert_eq!("".parse(), Ok(Plan::default()));
    }

    #[test]
    fn steps_that_are_none_or_contradict_are_refused() {
        for text in [
            "x",
            "login:1",
            "tickets:7",
            "tickets:7=",
            "tickets:x=group:7",
            "licenses:8",
            "licenses:8=none",
            "credentials:8=9",
            "membership:0",
            "tickets:7=group:7;tickets:7=group:8",
            "tickets:none=group:7;tickets:none=user:4",
            "licenses:8=back;licenses:8=9",
        ] {
            assert_eq!(text.parse::<Plan>(), Err(InvalidPlan), "{text:?}");
        }
        let many = (1..=MAX_STEPS as i64 + 1).map(|group| Step::Membership(GroupId(group)));
        assert_eq!(Plan::new(many), Err(InvalidPlan));
    }

    fn container(id: i64, licenses: u32, credentials: u32) -> LeaverContainer {
        LeaverContainer {
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
        let level = |level| LeaverLevel {
            level,
            path: Vec::new(),
            tickets: 1,
        };
        let membership = |group, may_end| LeaverMembership {
            group: GroupId(group),
            path: Vec::new(),
            may_end,
        };
        let mut leaver = Leaver {
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
