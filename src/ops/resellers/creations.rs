//! Creating licences, as tickets (S13–S15, N13).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{self, Denied, Destination},
    accounts::clean_email,
    groups::Lineage,
    history::events::EventKind,
    ids::{CreationId, GroupId, LicenseId, ProductId, TicketId, UserId},
    refusals::Refusal,
    resellers::creations::InvalidCreation,
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;

use crate::{
    i18n::Language,
    ops::{
        OpError, actor, idempotency,
        instance::Vendor,
        outbox::{Codes, Outbox},
        readers::Names,
        resellers::customers,
        tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx, history::events::Entry, resellers::creations::Batch, visibility::VisibilityScope,
    },
    views::{
        groups::Choice,
        licensing::products::Product,
        resellers::creations::{
            Creatable, CreatedTicket, CreationChoices, CreationDetail, CreationPage, NewTickets, Recipient,
        },
    },
};

/// Most groups or customers in a list to choose from; the search narrows it.
const SHOWN: usize = 100;
/// Candidates looked at before the policy leaves out what is not for the reader.
const CANDIDATES: i64 = 500;
/// Beyond this nobody turns pages.
const MAX_PAGE: u32 = 10_000;

async fn lineage(tx: &mut Tx, group: GroupId) -> Result<Lineage, OpError> {
    Ok(store::groups::lineage(tx, group).await?.ok_or(Denied::Hidden)?)
}

/// What the form for new tickets offers in the branch of a group, or of the first one in which the reader creates tickets.
/// The search narrows the groups and customers.
///
/// # Errors
/// [`Denied::Hidden`] for who creates tickets nowhere, or not there.
pub async fn choices(
    store: &Store,
    reader: UserId,
    group: Option<GroupId>,
    search: &str,
) -> Result<CreationChoices, OpError> {
    let search: String = search.chars().take(100).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    if !actor.creates_tickets() {
        return Err(Denied::Hidden.into());
    }
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut found: Vec<Lineage> = store::groups::tree::find_groups(&mut tx, &visibility, &search, CANDIDATES)
        .await?
        .into_iter()
        .map(|found| found.lineage)
        .collect();
    found.retain(|lineage| visibility.actor().creates_tickets_in(lineage));
    found.truncate(SHOWN);
    let chosen = match group {
        Some(group) => Some(lineage(&mut tx, group).await?),
        None if visibility.actor().isv_admin => None,
        None => {
            let mut own = visibility.lineages().iter();
            let first = own.find(|own| visibility.actor().creates_tickets_in(own));
            Some(first.cloned().ok_or(Denied::Hidden)?)
        }
    };
    access::authorize_creating_in(visibility.actor(), chosen.as_ref())?;
    let names = Names::of(&mut tx, &visibility, found.iter().chain(&chosen)).await?;
    let choice = |lineage: &Lineage| Choice {
        id: lineage.group().0,
        label: names.path(&visibility, lineage).join(" › "),
    };
    let products = creatable(&mut tx, &visibility, chosen.as_ref(), store.sources.now()).await?;
    let of = chosen.as_ref().map(Lineage::group);
    let mut customers = store::resellers::customers::of_group(&mut tx, of, &search, CANDIDATES).await?;
    customers.retain(|customer| visibility.actor().serves(&customer.facts));
    customers.truncate(SHOWN);
    Ok(CreationChoices {
        groups: found.iter().map(choice).collect(),
        group: chosen.as_ref().map(choice),
        products,
        customers: customers.into_iter().map(|customer| customer.row).collect(),
    })
}

/// What may be created there, and how many are left under the quotas that the reader sees.
async fn creatable(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    group: Option<&Lineage>,
    now: Timestamp,
) -> Result<Vec<Creatable>, OpError> {
    let mut products = store::licensing::products::all(tx).await?;
    let mut left: BTreeMap<ProductId, Vec<_>> = BTreeMap::new();
    if let Some(group) = group.filter(|_| !visibility.actor().isv_admin) {
        let branch = store::resellers::quotas::branch(tx, group.clone(), None, now).await?;
        products.retain(|product| branch.allows(product.id));
        let path = store::resellers::quotas::path(group);
        for (product, quota) in store::resellers::quotas::quotas(tx, &path, None, now).await? {
            if visibility.actor().sees_quota(group, &quota) {
                let of_product = left.entry(product).or_default();
                of_product.push((quota.period, quota.quantity.saturating_sub(quota.used)));
            }
        }
    }
    let creatable = |product: Product| Creatable {
        left: left.remove(&product.id).unwrap_or_default(),
        product,
    };
    Ok(products.into_iter().map(creatable).collect())
}

/// Creates tickets, and with them their customer, if it is a new one. A repetition under the same key creates nothing more.
///
/// # Errors
/// [`Refusal::InvalidCreation`], [`Refusal::OverQuota`]; of a new customer [`Refusal::NoSeatLeft`], [`Refusal::LoginTaken`]
/// and the like; the policy's.
pub async fn create(
    store: &Store,
    vendor: &Vendor,
    by: UserId,
    new: &NewTickets,
    language: &str,
    key: &str,
) -> Result<CreationId, OpError> {
    let key = idempotency::key(key)?;
    // Not the form itself: names and addresses of customers have no place there.
    let form = serde_json::to_string(new).unwrap_or_default();
    let what = format!("create {}", tokens::hash(&form));
    let created: Result<CreationId, OpError> = in_transaction!(
        store,
        keyed | tx | {
            // A new customer is a new right.
            if new.recipient == Recipient::NewCustomer {
                tx.change_rights().await?;
            } else {
                tx.hold_rights().await?;
            }
            tx.hold_creations().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some()
                && let Some(id) = store::resellers::creations::of_request(&mut tx, by, key).await?
            {
                return Ok(id);
            }
            let now = store.sources.now();
            let branch = match new.group {
                Some(group) => {
                    let lineage = lineage(&mut tx, group).await?;
                    // Not asked further about a hidden one (R12).
                    access::authorize_creating_in(&actor, Some(&lineage))?;
                    Some(store::resellers::quotas::branch(&mut tx, lineage, Some(new.product), now).await?)
                }
                None => None,
            };
            let partner = branch.as_ref().map(|branch| &branch.lineage);
            access::authorize_creating_in(&actor, partner)?;
            let (chosen, made);
            let to = match new.recipient {
                Recipient::Codes => Destination::Codes,
                Recipient::Stock => Destination::Stock,
                Recipient::Customer => {
                    let user = new.customer.ok_or(Refusal::from(InvalidCreation::NoCustomer))?;
                    chosen = store::resellers::customers::by_id(&mut tx, user).await?;
                    Destination::Customer(chosen.as_ref().map(|customer| &customer.facts))
                }
                Recipient::NewCustomer => {
                    let (user, group) = (store.sources.fresh_id(), store.sources.fresh_id());
                    let group =
                        Some(GroupId(group)).filter(|_| !new.new_customer.group_name.trim().is_empty());
                    made = access::authorize_create_customer(&actor, partner, UserId(user), group)?;
                    Destination::Created(&made)
                }
            };
            let (product, licenses) = (new.product, new.licenses());
            let proof = access::authorize_create_tickets(&actor, branch.as_ref(), product, licenses, to)?;
            let terms = new.terms(now).map_err(Refusal::from)?;
            let product = store::licensing::products::by_id(&mut tx, product)
                .await?
                .ok_or(Denied::Hidden)?;
            if let Destination::Created(made) = to {
                customers::create(store, &mut tx, vendor, made, &new.new_customer, language).await?;
            }
            let mut tickets = Vec::new();
            for _ in 0..new.series {
                let ticket = TicketId(store.sources.fresh_id());
                let code = TicketCode::from_random(store.sources.random());
                tickets.push((ticket, code, LicenseId(store.sources.fresh_id())));
            }
            let batch = Batch {
                id: CreationId(store.sources.fresh_id()),
                product: &product,
                quantity: new.quantity,
                terms,
                tickets: &tickets,
                key,
            };
            store::resellers::creations::create(&mut tx, &proof, &batch, now).await?;
            for (ticket, ..) in &tickets {
                let entry = Entry {
                    ticket: Some(*ticket),
                    to: Some(proof.owner),
                    group: proof.group,
                    ..Entry::new(EventKind::TicketCreated, by)
                };
                store::history::events::record(&mut tx, &store.sources, entry).await?;
            }
            store::history::events::keep_request(&mut tx, by, key, &what, new.series, now).await?;
            Ok(batch.id)
        }
    );
    match created {
        Err(OpError::Store(error)) if error.is_duplicate() => Err(Refusal::LoginTaken.into()),
        other => other,
    }
}

/// A page of what the reader created, newest first, as far as they may still have the codes.
///
/// # Errors
/// [`Denied::Hidden`] for who creates tickets nowhere.
pub async fn list(store: &Store, reader: UserId, page: u32) -> Result<CreationPage, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    if !actor.creates_tickets() {
        return Err(Denied::Hidden.into());
    }
    let (rows, total) = store::resellers::creations::by_person(&mut tx, reader, page.min(MAX_PAGE)).await?;
    let mine = rows
        .into_iter()
        .filter(|(_, facts)| access::authorize_codes(&actor, facts).is_ok());
    Ok(CreationPage {
        rows: mine.map(|(row, _)| row).collect(),
        total,
    })
}

async fn detail_in(tx: &mut Tx, reader: UserId, id: CreationId) -> Result<CreationDetail, OpError> {
    let actor = actor(tx, reader).await?;
    let found = store::resellers::creations::by_id(tx, id).await?;
    let (row, facts) = found.ok_or(Denied::Hidden)?;
    access::authorize_codes(&actor, &facts)?;
    let ids = store::resellers::creations::tickets(tx, id).await?;
    let tickets = store::tickets::by_ids(tx, &ids).await?;
    let terms = store::licensing::licenses::of_tickets(tx, &ids[..ids.len().min(1)]).await?;
    let terms = terms
        .first()
        .ok_or(store::StoreError::Inconsistent("creations.tickets"))?
        .terms;
    let owners: BTreeSet<Owner> = tickets
        .values()
        .map(|ticket| ticket.facts.place.owner())
        .collect();
    let mut customers = store::resellers::customers::of_owners(tx, &owners).await?;
    customers
        .retain(|customer| actor.serves(&customer.facts) && owners.contains(&customer.facts.place.owner()));
    let created = tickets.into_values().map(|ticket| CreatedTicket {
        free: ticket.facts.place == access::Place::Unassigned,
        seen: Some(ticket.facts.id).filter(|_| actor.sees_ticket(&ticket.facts)),
        code: ticket.code,
    });
    Ok(CreationDetail {
        row,
        terms,
        tickets: created.collect(),
        customers: customers.into_iter().map(|customer| customer.row).collect(),
    })
}

/// Tickets that were created together, with their codes.
///
/// # Errors
/// [`Denied::Hidden`] for all but their creator, while they create tickets there, and ISV admins.
pub async fn detail(store: &Store, reader: UserId, id: CreationId) -> Result<CreationDetail, OpError> {
    let mut tx = store.begin_read().await?;
    detail_in(&mut tx, reader, id).await
}

/// How codes leave the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOut {
    /// In a mail.
    Mail,
    /// As a file.
    File,
}

/// The codes that can still be handed out, to be handed out that way; that they were is recorded.
///
/// # Errors
/// [`Refusal::NoFreeCodes`]; as [`detail`].
pub async fn hand_out(
    store: &Store,
    by: UserId,
    id: CreationId,
    channel: HandOut,
) -> Result<CreationDetail, OpError> {
    let kind = match channel {
        HandOut::Mail => EventKind::CodesMailed,
        HandOut::File => EventKind::CodesDownloaded,
    };
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let detail = detail_in(&mut tx, by, id).await?;
        if detail.free_codes().next().is_none() {
            Err(Refusal::NoFreeCodes)?;
        }
        let (_, facts) = store::resellers::creations::by_id(&mut tx, id)
            .await?
            .ok_or(Denied::Hidden)?;
        let entry = Entry {
            group: facts.group.as_ref().map(Lineage::group),
            ..Entry::new(kind, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(detail)
    })
}

/// Has the codes that can still be handed out mailed to the address.
///
/// # Errors
/// [`Refusal::InvalidEmail`]; as [`hand_out`]; [`OpError::TooManyMails`].
pub async fn mail_codes(
    store: &Store,
    outbox: &Outbox,
    by: UserId,
    creation: CreationId,
    email: &str,
    language: Language,
) -> Result<(), OpError> {
    // Whether there is such a thing is not told by what else is wrong.
    detail(store, by, creation).await?;
    let to = clean_email(email).ok().flatten().ok_or(Refusal::InvalidEmail)?;
    let creation = hand_out(store, by, creation, HandOut::Mail).await?;
    let codes = Codes {
        to,
        language,
        creation,
    };
    Ok(outbox.send_codes(codes)?)
}
