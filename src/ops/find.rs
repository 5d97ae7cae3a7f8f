//! Searching for everything that the reader may know of: of each kind a few, the best first.

use domain::{
    accounts::Permission,
    groups::{Lineage, tree::Node},
    ids::UserId,
    names::fold,
};

use crate::{
    ops::{
        OpError, actor,
        licensing::containers,
        readers::{self, Names},
    },
    store::{
        self, Store, Tx, find::Person, resellers::customers::Customer, sql::Words, tickets::Ticket,
        visibility::VisibilityScope,
    },
    views::{
        find::{FOUND, Found, FoundCustomer, FoundGroup, FoundKind, FoundPerson},
        licensing::containers::ContainerRow,
        tickets::{MAX_SEARCH, TicketQuery, TicketRow},
    },
};

/// One more than is told says that there are more.
const LOOKED_FOR: i64 = FOUND as i64 + 1;
/// Most customers that the policy is asked about.
const CANDIDATES: i64 = 50;

/// What has the words of the search, as far as the reader may know of it; nothing where there are no words.
///
/// # Errors
/// [`OpError`].
pub async fn find(store: &Store, reader: UserId, search: &str) -> Result<Found, OpError> {
    let search: String = search.chars().take(MAX_SEARCH).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let Some(words) = Words::of(&search) else {
        return Ok(Found::default());
    };
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut found = Found::default();
    let mut more = |kind, is_more| found.more.extend(Some(kind).filter(|_| is_more));

    let (tickets, is_more) = tickets(&mut tx, &visibility, search).await?;
    more(FoundKind::Tickets, is_more);
    let mut people = store::find::people(&mut tx, &visibility, &words, LOOKED_FOR).await?;
    more(FoundKind::People, cut(&mut people));
    let mut groups = store::find::groups(&mut tx, &visibility, &words, LOOKED_FOR).await?;
    more(FoundKind::Groups, cut(&mut groups));
    let mut reached = store::find::containers(&mut tx, &visibility, &words, LOOKED_FOR).await?;
    more(FoundKind::Containers, cut(&mut reached));
    let mut stored = store::licensing::containers::by_ids(&mut tx, &reached).await?;
    let mut customers = customers(&mut tx, &visibility, &words).await?;
    more(FoundKind::Customers, cut(&mut customers));

    let of_people = people
        .iter()
        .filter_map(|person| known_group(&visibility, person));
    let of_containers = stored
        .values()
        .filter_map(|container| container.facts.context.as_ref());
    let lineages: Vec<Lineage> = of_people.chain(of_containers).chain(&groups).cloned().collect();
    let names = Names::of(&mut tx, &visibility, &lineages).await?;
    let path = |lineage: &Lineage| names.path(&visibility, lineage);
    found.people = people
        .into_iter()
        .map(|person| FoundPerson {
            path: known_group(&visibility, &person).map_or_else(Vec::new, path),
            id: person.id,
            name: person.name,
            login: person.login,
        })
        .collect();
    found.groups = groups
        .iter()
        .map(|group| FoundGroup {
            id: group.group(),
            path: path(group),
        })
        .collect();
    let in_order = reached.iter().filter_map(|id| stored.remove(id));
    let rows: Vec<ContainerRow> = in_order
        .map(|container| containers::row(&visibility, &names, container))
        .collect();
    found.containers = rows;
    found.customers = customers
        .into_iter()
        .map(|customer| known_customer(&visibility, customer))
        .collect();
    found.tickets = tickets;
    Ok(found)
}

/// Leaves as many as are told; whether there were more.
fn cut<T>(found: &mut Vec<T>) -> bool {
    let more = found.len() > FOUND;
    found.truncate(FOUND);
    more
}

/// Of the newest that fit, those that fit best.
async fn tickets(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    search: String,
) -> Result<(Vec<TicketRow>, bool), OpError> {
    let query = TicketQuery {
        search,
        ..TicketQuery::of(Node::All)
    };
    let (mut tickets, _) = store::tickets::listing::page(tx, visibility, &query, None).await?;
    let whole = fold(query.search.trim());
    let code: String = whole
        .chars()
        .filter(|c| *c != '-')
        .collect::<String>()
        .to_uppercase();
    tickets.sort_by_key(|ticket| rank(ticket, &whole, &code));
    let more = cut(&mut tickets);
    Ok((readers::rows(tx, visibility, tickets).await?, more))
}

/// How well a ticket fits what was typed, the best first: its code begins with it, a product does, or neither.
fn rank(ticket: &Ticket, whole: &str, code: &str) -> u8 {
    let begins = |name: &str| fold(name).starts_with(whole);
    let products = ticket.licenses.iter().map(|license| &license.product);
    if ticket.code.to_string().replace('-', "").starts_with(code) {
        0
    } else if products
        .into_iter()
        .any(|product| begins(&product.en) || begins(&product.de))
    {
        1
    } else {
        2
    }
}

/// One of the groups of a person, of those that the reader sees.
fn known_group<'a>(visibility: &VisibilityScope, person: &'a Person) -> Option<&'a Lineage> {
    person
        .groups
        .iter()
        .find(|group| visibility.visible(group).is_some())
}

/// The customers whom the reader serves.
async fn customers(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &Words,
) -> Result<Vec<Customer>, OpError> {
    let actor = visibility.actor();
    if !actor.creates_tickets() {
        return Ok(Vec::new());
    }
    let creates = |group: &&Lineage| {
        let granted = actor.memberships.get(&group.group());
        granted.is_some_and(|granted| granted.has(Permission::CreateTicket))
    };
    let branches: Vec<Lineage> = visibility.lineages().iter().filter(creates).cloned().collect();
    let branches = (!actor.isv_admin).then_some(branches.as_slice());
    let mut customers = store::resellers::customers::find(tx, branches, words, CANDIDATES).await?;
    customers.retain(|customer| actor.serves(&customer.facts));
    Ok(customers)
}

fn known_customer(visibility: &VisibilityScope, customer: Customer) -> FoundCustomer {
    let own = readers::level(&customer.facts.place).filter(|_| customer.facts.place.owner().user().is_none());
    FoundCustomer {
        group: own
            .filter(|own| visibility.actor().sees_group(own))
            .map(Lineage::group),
        partner: customer.facts.partner.as_ref().map(Lineage::group),
        customer: customer.row,
    }
}
