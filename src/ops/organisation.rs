//! Organisation files: the format `license-portal/organisation@1`, read and written whole.
//!
//! A file is checked completely before anything is stored, and stored in one transaction: a broken file changes
//! nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{OpError, instance::Maker, passwords};
use crate::{
    domain::{
        codes::TicketCode,
        groups::{Lineage, MAX_DEPTH},
        ids::{GroupId, TicketId, UserId},
        names::clean_name,
        owners::Owner,
        tickets::License,
        users::{Login, Permissions},
    },
    in_transaction,
    store::{self, Store, StoreError, users::User},
};

/// What stands in the field `format`.
pub const FORMAT: &str = "license-portal/organisation@1";

/// An organisation file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// [`FORMAT`].
    pub format: String,
    /// Where it comes from, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<serde_json::Value>,
    /// The groups, in any order.
    #[serde(default)]
    pub groups: Vec<FileGroup>,
    /// The people.
    #[serde(default)]
    pub users: Vec<FileUser>,
    /// Who is in which group.
    #[serde(default)]
    pub memberships: Vec<FileMembership>,
    /// The tickets.
    #[serde(default)]
    pub tickets: Vec<FileTicket>,
}

/// A group of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileGroup {
    /// Names it within the file.
    pub key: String,
    /// Shown to people.
    pub name: String,
    /// Key of the group above.
    #[serde(default)]
    pub parent: Option<String>,
}

/// A person of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileUser {
    /// Unique in the portal.
    pub login: String,
    /// Where mail reaches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Shown to people; the login where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stands above every group.
    #[serde(default)]
    pub isv_admin: bool,
}

/// A membership of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMembership {
    /// Login.
    pub user: String,
    /// Key.
    pub group: String,
    /// Names of permissions.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// A ticket of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTicket {
    /// Made where it is missing.
    #[serde(default)]
    pub code: Option<String>,
    /// Nobody where it is missing.
    #[serde(default)]
    pub owner: Option<FileOwner>,
    /// Protected mode.
    #[serde(default)]
    pub protected: bool,
    /// What is in it.
    #[serde(default)]
    pub licenses: Vec<License>,
}

/// The owner of a ticket of a file: a group, or a user with or without context.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOwner {
    /// Key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// Why a file was refused. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not JSON, or not of the form of an organisation file.
    #[error("the file cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A format this version does not know.
    #[error("format: {0:?} is not {FORMAT:?}")]
    Format(String),
    /// Something in the file is wrong.
    #[error("{place}: {reason}")]
    Invalid {
        /// Where: `groups[3].parent`.
        place: String,
        /// What.
        reason: String,
    },
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] passwords::HashError),
    /// A fault of the database.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

fn invalid(place: String, reason: impl ToString) -> ImportError {
    ImportError::Invalid {
        place,
        reason: reason.to_string(),
    }
}

/// A checked file, ready to be stored.
struct Plan {
    /// Parents before children.
    groups: Vec<(Lineage, String)>,
    users: Vec<(User, Option<String>)>,
    memberships: Vec<(GroupId, UserId, Permissions)>,
    tickets: Vec<(TicketId, TicketCode, Owner, bool, Vec<License>)>,
}

impl Plan {
    fn steps(&self) -> u64 {
        let steps = self.groups.len() + self.users.len() + self.memberships.len() + self.tickets.len();
        u64::try_from(steps).unwrap_or(u64::MAX)
    }
}

/// Most licences of one product in a ticket.
const MAX_QUANTITY: u32 = 1_000_000_000;

fn plan(store: &Store, file: &Organisation) -> Result<Plan, ImportError> {
    if file.format != FORMAT {
        return Err(ImportError::Format(file.format.clone()));
    }
    let (groups, lineages) = plan_groups(store, file)?;
    let mut users: Vec<(User, Option<String>)> = Vec::with_capacity(file.users.len());
    let mut logins = HashMap::new();
    for (at, user) in file.users.iter().enumerate() {
        let login: Login = user
            .login
            .parse()
            .map_err(|why| invalid(format!("users[{at}].login"), why))?;
        let name = clean_name(user.name.as_deref().unwrap_or(login.as_str()))
            .map_err(|why| invalid(format!("users[{at}].name"), why))?;
        if user.email.as_ref().is_some_and(|email| {
            email.len() > 254 || !email.contains('@') || email.contains(char::is_control)
        }) {
            return Err(invalid(format!("users[{at}].email"), "not an e-mail address"));
        }
        let id = UserId(store.sources.fresh_id());
        if logins.insert(login.as_str().to_owned(), id).is_some() {
            return Err(invalid(
                format!("users[{at}].login"),
                format!("{login} occurs twice"),
            ));
        }
        users.push((
            User {
                id,
                login,
                name,
                isv_admin: user.isv_admin,
            },
            user.email.clone(),
        ));
    }
    let group_of = |place: String, key: &str| {
        let found = lineages.get(key).map(Lineage::group);
        found.ok_or_else(|| invalid(place, format!("there is no group with the key {key:?}")))
    };
    let user_of = |place: String, login: &str| {
        let found = login
            .parse::<Login>()
            .ok()
            .and_then(|login| logins.get(login.as_str()).copied());
        found.ok_or_else(|| invalid(place, format!("there is no user with the login {login:?}")))
    };
    let mut memberships = Vec::with_capacity(file.memberships.len());
    let mut seen = HashSet::new();
    for (at, membership) in file.memberships.iter().enumerate() {
        let user = user_of(format!("memberships[{at}].user"), &membership.user)?;
        let group = group_of(format!("memberships[{at}].group"), &membership.group)?;
        if !seen.insert((user, group)) {
            return Err(invalid(
                format!("memberships[{at}]"),
                "the same person and group occur twice",
            ));
        }
        let permissions = membership
            .permissions
            .iter()
            .try_fold(Permissions::NONE, |sum, name| sum.with_name(name))
            .map_err(|why| invalid(format!("memberships[{at}].permissions"), why))?;
        memberships.push((group, user, permissions));
    }
    let mut tickets = Vec::with_capacity(file.tickets.len());
    let mut codes = HashSet::new();
    for (at, ticket) in file.tickets.iter().enumerate() {
        let code: TicketCode = match &ticket.code {
            Some(code) => code
                .parse()
                .map_err(|why| invalid(format!("tickets[{at}].code"), why))?,
            None => TicketCode::from_random(store.sources.random()),
        };
        if !codes.insert(code.clone()) {
            return Err(invalid(format!("tickets[{at}].code"), "the code occurs twice"));
        }
        let place = format!("tickets[{at}].owner");
        let owner = match &ticket.owner {
            None => Owner::Unassigned,
            Some(FileOwner {
                group: Some(key),
                user: None,
                context: None,
            }) => Owner::Group(group_of(place, key)?),
            Some(FileOwner {
                group: None,
                user: Some(login),
                context,
            }) => {
                let user = user_of(place.clone(), login)?;
                let context = context
                    .as_deref()
                    .map(|key| group_of(format!("{place}.context"), key))
                    .transpose()?;
                Owner::User { user, context }
            }
            Some(_) => {
                return Err(invalid(
                    place,
                    "names neither exactly one group nor exactly one user",
                ));
            }
        };
        if ticket.protected && !matches!(owner, Owner::Group(_)) {
            return Err(invalid(
                format!("tickets[{at}].protected"),
                "only group tickets can be protected",
            ));
        }
        for (position, license) in ticket.licenses.iter().enumerate() {
            let place = format!("tickets[{at}].licenses[{position}]");
            clean_name(&license.product).map_err(|why| invalid(format!("{place}.product"), why))?;
            if !(1..=MAX_QUANTITY).contains(&license.quantity) {
                return Err(invalid(
                    format!("{place}.quantity"),
                    format!("not between 1 and {MAX_QUANTITY}"),
                ));
            }
        }
        let id = TicketId(store.sources.fresh_id());
        tickets.push((id, code, owner, ticket.protected, ticket.licenses.clone()));
    }
    Ok(Plan {
        groups,
        users,
        memberships,
        tickets,
    })
}

type Planned<'a> = (Vec<(Lineage, String)>, HashMap<&'a str, Lineage>);

/// Brings the groups into an order in which parents come first.
fn plan_groups<'a>(store: &Store, file: &'a Organisation) -> Result<Planned<'a>, ImportError> {
    let mut places = HashMap::new();
    for (at, group) in file.groups.iter().enumerate() {
        if places.insert(group.key.as_str(), at).is_some() {
            return Err(invalid(
                format!("groups[{at}].key"),
                format!("{:?} occurs twice", group.key),
            ));
        }
    }
    let mut below: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, group) in file.groups.iter().enumerate() {
        let parent = match group.parent.as_deref() {
            None => None,
            Some(key) => Some(*places.get(key).ok_or_else(|| {
                invalid(
                    format!("groups[{at}].parent"),
                    format!("there is no group with the key {key:?}"),
                )
            })?),
        };
        below.entry(parent).or_default().push(at);
    }
    let mut groups = Vec::with_capacity(file.groups.len());
    let mut lineages = HashMap::new();
    let mut waiting: Vec<(usize, Option<Lineage>)> = below
        .get(&None)
        .into_iter()
        .flatten()
        .rev()
        .map(|at| (*at, None))
        .collect();
    while let Some((at, parent)) = waiting.pop() {
        let group = &file.groups[at];
        let name = clean_name(&group.name).map_err(|why| invalid(format!("groups[{at}].name"), why))?;
        let id = GroupId(store.sources.fresh_id());
        let lineage = parent.map_or_else(|| Lineage::top(id), |parent| parent.child(id));
        if lineage.groups().len() > MAX_DEPTH {
            return Err(invalid(
                format!("groups[{at}]"),
                format!("deeper than {MAX_DEPTH} levels"),
            ));
        }
        waiting.extend(
            below
                .get(&Some(at))
                .into_iter()
                .flatten()
                .rev()
                .map(|child| (*child, Some(lineage.clone()))),
        );
        lineages.insert(group.key.as_str(), lineage.clone());
        groups.push((lineage, name));
    }
    // What cannot be reached from the top hangs on itself.
    match file
        .groups
        .iter()
        .position(|group| !lineages.contains_key(group.key.as_str()))
    {
        Some(at) => Err(invalid(
            format!("groups[{at}].parent"),
            "the groups form a circle",
        )),
        None => Ok((groups, lineages)),
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Groups.
    pub groups: usize,
    /// People.
    pub users: usize,
    /// Memberships.
    pub memberships: usize,
    /// Tickets.
    pub tickets: usize,
    /// People for whom no seat was left: they are switched off.
    pub inactive: usize,
}

/// Stores an organisation file: all of it or nothing. `progress` is told how many of how many steps are done;
/// `password` is what everybody in it logs in with, if given (the demo).
///
/// # Errors
/// [`ImportError`], with the place in the file.
pub async fn import(
    store: &Store,
    maker: &Maker,
    file: &Organisation,
    password: Option<&str>,
    progress: impl Fn(u64, u64),
) -> Result<Imported, ImportError> {
    let plan = plan(store, file)?;
    let hash = password
        .map(|password| passwords::hash(&store.sources, password))
        .transpose()?;
    let now = store.sources.now();
    let steps = plan.steps();
    let stored: Result<usize, OpError> = in_transaction!(store, |tx| {
        let mut left = maker.pool(&mut tx, now).await?.left();
        let (_, isv_admins) = store::accounts::active(&mut tx).await?;
        if isv_admins == 0 && !plan.users.iter().any(|(user, _)| user.isv_admin) {
            // The first ISV admin is still to come, and could not without a seat.
            left = left.saturating_sub(1);
        }
        let mut inactive = 0;
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(done, steps);
        };
        for (lineage, name) in &plan.groups {
            store::groups::insert(&mut tx, lineage, name, now).await?;
            step();
        }
        // ISV admins first: without one nobody could switch the others on.
        let (first, others): (Vec<_>, Vec<_>) = plan.users.iter().partition(|(user, _)| user.isv_admin);
        for (user, email) in first.into_iter().chain(others) {
            let active = left > 0;
            left = left.saturating_sub(1);
            inactive += usize::from(!active);
            store::users::insert(&mut tx, user, email.as_deref(), hash.as_deref(), active, now).await?;
            step();
        }
        for (group, user, permissions) in &plan.memberships {
            store::groups::insert_membership(&mut tx, *group, *user, *permissions).await?;
            step();
        }
        for (id, code, owner, protected, licenses) in &plan.tickets {
            store::tickets::insert(&mut tx, *id, code, *owner, *protected, licenses, now).await?;
            step();
        }
        Ok(inactive)
    });
    let inactive = match stored {
        // The database refuses a second one; which it was is looked up afterwards, because that is rare.
        Err(OpError::Store(error)) if error.is_duplicate() => {
            Err(taken(store, &plan).await?.unwrap_or_else(|| {
                invalid(
                    "file".to_owned(),
                    "something in it was stored by somebody else at the same time",
                )
            }))
        }
        Err(error) => Err(error.into()),
        Ok(inactive) => Ok(inactive),
    }?;
    Ok(Imported {
        groups: plan.groups.len(),
        users: plan.users.len(),
        memberships: plan.memberships.len(),
        tickets: plan.tickets.len(),
        inactive,
    })
}

/// Which login or code of the plan exists in the portal already.
async fn taken(store: &Store, plan: &Plan) -> Result<Option<ImportError>, OpError> {
    let mut tx = store.begin_read().await?;
    for (at, (user, _)) in plan.users.iter().enumerate() {
        if store::users::by_login(&mut tx, &user.login).await?.is_some() {
            let reason = format!("{} exists in the portal already", user.login);
            return Ok(Some(invalid(format!("users[{at}].login"), reason)));
        }
    }
    for (at, (_, code, ..)) in plan.tickets.iter().enumerate() {
        let known = store::tickets::ids_of_codes(&mut tx, std::slice::from_ref(code)).await?;
        if known.iter().any(Option::is_some) {
            return Ok(Some(invalid(
                format!("tickets[{at}].code"),
                "the code exists in the portal already",
            )));
        }
    }
    Ok(None)
}

/// Everything in the portal as an organisation file. Passwords and history are not in it: those are in backups.
///
/// # Errors
/// [`OpError`].
pub async fn export(store: &Store) -> Result<Organisation, OpError> {
    let mut tx = store.begin_read().await?;
    let groups = store::groups::all(&mut tx).await?;
    let users = store::users::all_with_email(&mut tx).await?;
    let logins: HashMap<UserId, String> = users
        .iter()
        .map(|(user, _)| (user.id, user.login.to_string()))
        .collect();
    let key = |group: GroupId| group.to_string();
    let login = |user: UserId| {
        logins
            .get(&user)
            .cloned()
            .ok_or(StoreError::Inconsistent("tickets.owner_user_id"))
    };
    let mut memberships = Vec::new();
    for (user, group, permissions) in store::groups::all_memberships(&mut tx).await? {
        let permissions = permissions.names().into_iter().map(str::to_owned).collect();
        memberships.push(FileMembership {
            user: login(user)?,
            group: key(group),
            permissions,
        });
    }
    let mut tickets = Vec::new();
    let mut last = TicketId(0);
    loop {
        let page = store::tickets::after(&mut tx, last, 1000).await?;
        let Some(end) = page.last() else { break };
        last = end.facts.id;
        for ticket in page {
            let owner = match ticket.facts.place.owner() {
                Owner::Unassigned => None,
                Owner::Group(group) => Some(FileOwner {
                    group: Some(key(group)),
                    ..FileOwner::default()
                }),
                Owner::User { user, context } => Some(FileOwner {
                    group: None,
                    user: Some(login(user)?),
                    context: context.map(key),
                }),
            };
            tickets.push(FileTicket {
                code: Some(ticket.code.to_string()),
                owner,
                protected: ticket.facts.protected,
                licenses: ticket.licenses,
            });
        }
    }
    Ok(Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: groups
            .into_iter()
            .map(|(lineage, name)| FileGroup {
                key: key(lineage.group()),
                name,
                parent: lineage.parent().map(key),
            })
            .collect(),
        users: users
            .into_iter()
            .map(|(user, email)| FileUser {
                login: user.login.to_string(),
                email,
                name: Some(user.name),
                isv_admin: user.isv_admin,
            })
            .collect(),
        memberships,
        tickets,
    })
}
