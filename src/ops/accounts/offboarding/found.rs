//! What somebody who leaves has, and where it could go.

use domain::{
    access::{self, Actor, Denied},
    accounts::offboarding::MAX_AT_ONCE,
    ids::{GroupId, UserId},
    licensing::containers::ContainerKind,
    tickets::owners::Owner,
};

use crate::{
    ops::{
        OpError,
        accounts::{self, sessions::Sessions},
        actor, groups,
        licensing::{containers, licenses},
        readers::{self, Names},
    },
    store::{
        self, Store, Tx, licensing::containers::Container, tickets::Ticket, visibility::VisibilityScope,
    },
    views::{
        accounts::{
            StateFilter, UserQuery,
            offboarding::{
                Offboarding, OffboardingContainer, OffboardingLevel, OffboardingMembership, Successor,
            },
        },
        groups::Choice,
        licensing::containers::{CONTAINERS_PAGE, ContainerQuery, ContainerRow},
    },
};

/// Most pages of containers of one person that are looked at.
const CONTAINER_PAGES: u32 = 4;

/// What somebody has, as far as the reader administers it, and where it could go: to groups, and to a person who takes over,
/// found by a search.
///
/// # Errors
/// [`Denied`], where the reader may not see them off.
pub async fn leaver(
    store: &Store,
    sessions: &Sessions,
    reader: UserId,
    user: UserId,
    successor: Option<UserId>,
    search: &str,
) -> Result<Offboarding, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let actor = visibility.actor();
    let (account, subject) = accounts::found(&mut tx, user).await?;
    access::authorize_offboarding(actor, &subject)?;
    let may_change = access::authorize_account(actor, &subject).is_ok();
    let (tickets, more_tickets) = tickets_of(&mut tx, &visibility, user).await?;
    let found = containers_of(&mut tx, &visibility, user).await?;
    let mut shown = Vec::new();
    for container in found {
        shown.push(shown_container(&mut tx, &visibility, container).await?);
    }
    let permissions = crate::ops::actor(&mut tx, user).await?.memberships;
    let names = Names::of(&mut tx, &visibility, &subject.groups).await?;
    let administered = subject.groups.iter().filter(|group| actor.administers(group));
    let membership = |group| {
        let now = permissions.get(&group).copied();
        let lineage = subject.groups.iter().find(|lineage| lineage.group() == group)?;
        let end = access::authorize_membership(actor, lineage, user, &subject.groups, now, None);
        Some(OffboardingMembership {
            group,
            path: names.path(&visibility, lineage),
            may_end: end.is_ok(),
        })
    };
    let memberships = administered
        .filter_map(|lineage| membership(lineage.group()))
        .collect();
    let session = store::accounts::sessions::of_user(&mut tx, user).await?;
    let query = UserQuery {
        search: search.chars().take(100).collect(),
        state: StateFilter::Active,
        ..UserQuery::default()
    };
    let (people, _) = store::accounts::page(&mut tx, &visibility, &query).await?;
    let people = people.into_iter().filter(|person| person.user.id != user);
    let people = people.map(|person| Choice {
        id: person.user.id.0,
        label: person.user.name,
    });
    Ok(Offboarding {
        user,
        levels: levels(&mut tx, &visibility, &tickets).await?,
        more_tickets,
        containers: shown,
        memberships,
        groups: groups::administered_by(&mut tx, &visibility, "", None).await?,
        people: people.collect(),
        successor: match successor.filter(|successor| *successor != user) {
            Some(successor) => Some(who_takes_over(&mut tx, &visibility, successor).await?),
            None => None,
        },
        name: account.user.name,
        login: account.user.login,
        active: account.active,
        logged_in: session
            .filter(|_| may_change)
            .map(|session| sessions.tab(&session)),
        may_change,
    })
}

/// The tickets of the person that are the reader's to hand on, and whether there are more than are dealt with at once.
pub(crate) async fn tickets_of(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    user: UserId,
) -> Result<(Vec<Ticket>, bool), OpError> {
    let mut found = store::tickets::of_person(tx, visibility, user, MAX_AT_ONCE + 1).await?;
    let more = found.len() > MAX_AT_ONCE;
    found.truncate(MAX_AT_ONCE);
    found.retain(|ticket| visibility.actor().disposes_of(&ticket.facts));
    Ok((found, more))
}

async fn levels(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    tickets: &[Ticket],
) -> Result<Vec<OffboardingLevel>, OpError> {
    let places = tickets
        .iter()
        .filter_map(|ticket| readers::level(&ticket.facts.place));
    let names = Names::of(tx, visibility, places).await?;
    let mut levels: Vec<OffboardingLevel> = Vec::new();
    for ticket in tickets {
        let lineage = readers::level(&ticket.facts.place);
        let level = ticket.facts.place.owner().level();
        match levels.last_mut() {
            // They come sorted by level.
            Some(last) if last.level == level => last.tickets += 1,
            _ => levels.push(OffboardingLevel {
                level,
                path: lineage.map_or_else(Vec::new, |lineage| names.path(visibility, lineage)),
                tickets: 1,
            }),
        }
    }
    Ok(levels)
}

async fn containers_of(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    user: UserId,
) -> Result<Vec<Container>, OpError> {
    let mut all = Vec::new();
    for page in 0..CONTAINER_PAGES {
        let query = ContainerQuery {
            user: Some(user),
            page,
            ..ContainerQuery::default()
        };
        let (found, total) = store::licensing::containers::page(tx, visibility, &query).await?;
        all.extend(found);
        if total <= u64::from((page + 1) * CONTAINERS_PAGE) {
            break;
        }
    }
    Ok(all)
}

async fn shown_container(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    container: Container,
) -> Result<OffboardingContainer, OpError> {
    let actor = visibility.actor();
    let mut licenses = 0_u32;
    for running in activated(tx, actor, &container).await? {
        licenses = licenses.saturating_add(running.activation.quantity);
    }
    let credentials = match access::authorize_offboarding_credentials(actor, &container.facts) {
        Ok(proof) if container.kind == ContainerKind::Cloud => {
            store::licensing::credentials::count(tx, &proof).await?
        }
        Ok(_) | Err(_) => 0,
    };
    Ok(OffboardingContainer {
        row: container_row(tx, visibility, container).await?,
        licenses,
        credentials: u32::try_from(credentials).unwrap_or(u32::MAX),
    })
}

async fn container_row(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    container: Container,
) -> Result<ContainerRow, OpError> {
    let names = Names::of(tx, visibility, container.facts.context.as_ref()).await?;
    Ok(containers::row(visibility, &names, container))
}

/// What is activated in the container, as far as the actor knows of it, and is not on its way back already.
pub(crate) async fn activated(
    tx: &mut Tx,
    actor: &Actor,
    container: &Container,
) -> Result<Vec<licenses::Running>, OpError> {
    let mut found = Vec::new();
    for (activation, _) in store::licensing::licenses::activations_in(tx, container.facts.id).await? {
        let running = licenses::found_activation(tx, activation.id).await?;
        let leaving = running.activation.custody.state.is_leaving();
        if !leaving && actor.sees_activation(&running.ticket.facts, &container.facts) {
            found.push(running);
        }
    }
    Ok(found)
}

/// Somebody who takes over: as what they can have tickets, and their containers.
async fn who_takes_over(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    user: UserId,
) -> Result<Successor, OpError> {
    let (account, subject) = accounts::found(tx, user).await?;
    if !visibility.actor().sees_user(user, &subject.groups) {
        return Err(Denied::Hidden.into());
    }
    let contexts = visibility
        .actor()
        .administered_of(&subject.groups)
        .into_iter()
        .map(Some);
    let contexts = contexts.chain(visibility.actor().isv_admin.then_some(None));
    let mut owners = Vec::new();
    for context in contexts.collect::<Vec<Option<GroupId>>>() {
        let owner = Owner::User { user, context };
        owners.push((owner, readers::holder(tx, visibility, owner).await?));
    }
    let mut rows = Vec::new();
    for container in containers_of(tx, visibility, user).await? {
        rows.push(container_row(tx, visibility, container).await?);
    }
    Ok(Successor {
        user,
        name: account.user.name,
        owners,
        containers: rows,
    })
}
