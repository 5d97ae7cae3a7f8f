//! Checking a file before anything of it is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{FORMAT, FileLicense, FileOwner, FileProduct, ImportError, Organisation, invalid};
use crate::{
    domain::{
        codes::TicketCode,
        groups::{Lineage, MAX_DEPTH},
        ids::{GroupId, TicketId, UserId},
        licenses::{Binding, MAX_DAYS, MAX_QUANTITY, Terms, Validity},
        names::clean_name,
        owners::Owner,
        products::ProductData,
        users::{Login, Permissions},
    },
    store::{Store, users::User},
};

/// A checked file, ready to be stored.
pub(super) struct Plan {
    /// Parents before children.
    pub(super) groups: Vec<(Lineage, String)>,
    pub(super) users: Vec<(User, Option<String>)>,
    pub(super) memberships: Vec<(GroupId, UserId, Permissions)>,
    pub(super) products: Vec<ProductData>,
    pub(super) tickets: Vec<PlannedTicket>,
}

pub(super) struct PlannedTicket {
    pub(super) id: TicketId,
    pub(super) code: TicketCode,
    pub(super) owner: Owner,
    pub(super) protected: bool,
    /// Product, quantity, rules.
    pub(super) licenses: Vec<(String, u32, Terms)>,
}

impl Plan {
    /// How many rows it is.
    pub(super) fn steps(&self) -> u64 {
        let steps = self.groups.len() + self.users.len() + self.memberships.len() + self.tickets.len();
        u64::try_from(steps).unwrap_or(u64::MAX)
    }
}

/// Checks the file.
///
/// # Errors
/// [`ImportError`], with the place in the file.
pub(super) fn plan(store: &Store, file: &Organisation) -> Result<Plan, ImportError> {
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
        let licenses = ticket.licenses.iter().enumerate();
        let licenses = licenses
            .map(|(position, license)| plan_license(&format!("tickets[{at}].licenses[{position}]"), license));
        tickets.push(PlannedTicket {
            id: TicketId(store.sources.fresh_id()),
            code,
            owner,
            protected: ticket.protected,
            licenses: licenses.collect::<Result<_, _>>()?,
        });
    }
    Ok(Plan {
        groups,
        users,
        memberships,
        products: plan_products(file)?,
        tickets,
    })
}

fn plan_products(file: &Organisation) -> Result<Vec<ProductData>, ImportError> {
    let mut articles = HashSet::new();
    let product = |(at, product): (usize, &FileProduct)| {
        let de = product.name_de.as_deref().unwrap_or_default();
        let data = ProductData::from_form(&product.article, &product.name, de, &product.features.join("\n"))
            .map_err(|why| invalid(format!("products[{at}]"), why))?;
        if articles.insert(data.article.clone()) {
            Ok(data)
        } else {
            Err(invalid(
                format!("products[{at}].article"),
                "the article number occurs twice",
            ))
        }
    };
    file.products.iter().enumerate().map(product).collect()
}

fn plan_license(place: &str, license: &FileLicense) -> Result<(String, u32, Terms), ImportError> {
    let product = clean_name(&license.product).map_err(|why| invalid(format!("{place}.product"), why))?;
    if !(1..=MAX_QUANTITY).contains(&license.quantity) {
        return Err(invalid(
            format!("{place}.quantity"),
            format!("not between 1 and {MAX_QUANTITY}"),
        ));
    }
    let binding = match &license.binding {
        None => Binding::Floating,
        Some(text) => text
            .parse()
            .map_err(|_| invalid(format!("{place}.binding"), "neither floating nor node_locked"))?,
    };
    let moment = |at: jiff::Timestamp| at.as_millisecond();
    let validity = match (
        license.valid_from.map(moment),
        license.valid_until.map(moment),
        license.days,
    ) {
        (None, None, None) => Validity::Perpetual,
        (None, None, Some(days @ 1..=MAX_DAYS)) => Validity::Days(days),
        (None, None, Some(_)) => {
            return Err(invalid(
                format!("{place}.days"),
                format!("not between 1 and {MAX_DAYS}"),
            ));
        }
        (_, _, Some(_)) => {
            return Err(invalid(format!("{place}.days"), "either days or dates"));
        }
        (Some(from), Some(until), None) if from >= until => {
            return Err(invalid(format!("{place}.valid_until"), "not after valid_from"));
        }
        (from, until, None) => Validity::Between(from, until),
    };
    let terms = Terms {
        validity,
        binding,
        returns_left: license.returns,
    };
    Ok((product, license.quantity, terms))
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
