//! Tickets with their licences.

use std::collections::HashMap;

use domain::{
    access::{self, Place, TicketFacts},
    groups::Lineage,
    history::events::{EventKind, OPERATOR},
    ids::{AmendmentId, LicenseId, ProductId, TicketId, UserId},
    instance::imports::{Noun, excerpt},
    licensing::amendments::timeline::Recorded,
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError,
        instance::organisation::{
            checks,
            file::{FileAmendment, FileTicket},
            plan::{Plan, changes, told},
        },
    },
    store::{
        self, Tx,
        history::events::Entry,
        instance::files::{NewLicense, NewTicket},
        licensing::{amendments::Imported, licenses::Granted},
        tickets::Ticket,
    },
    views::{
        instance::imports::{Field, LineProblem, LineReport, Outcome},
        licensing::products::Product,
    },
};

/// What the tickets of a batch refer to.
struct Around {
    people: HashMap<String, UserId>,
    places: HashMap<String, Lineage>,
    tickets: HashMap<TicketCode, Ticket>,
    licenses: HashMap<TicketId, Vec<Granted>>,
}

/// What comes into being.
#[derive(Default)]
struct New {
    tickets: Vec<NewTicket>,
    products: Vec<Product>,
    /// Licences that were amended.
    amended: Vec<Amended>,
}

struct Amended {
    license: (LicenseId, ProductId),
    started: Option<Timestamp>,
    amendments: Vec<Imported>,
}

/// What the two say of a licence is the same. How often it may still be given back changes by itself.
fn same(granted: &Granted, said: &checks::License) -> bool {
    let terms = &said.terms;
    (granted.article == said.product || granted.license.product.en == said.product)
        && granted.license.quantity == said.quantity
        && (granted.terms.binding, granted.terms.validity) == (terms.binding, terms.validity)
}

impl Plan<'_> {
    pub(crate) async fn take_tickets(
        &mut self,
        tx: &mut Tx,
        entries: Vec<(u64, FileTicket)>,
        reports: &mut Vec<LineReport>,
    ) -> Result<(), OpError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut checked = Vec::with_capacity(entries.len());
        for (line, entry) in entries {
            let key = excerpt(entry.code.as_deref().unwrap_or_default());
            match checks::ticket(entry) {
                Ok(ticket) => checked.push((line, ticket)),
                Err(problem) => reports.push(told(line, Noun::Tickets, &key, Outcome::Refused(problem))),
            }
        }
        let around = self.around(tx, &checked).await?;
        let mut new = New::default();
        for (line, ticket) in checked {
            let key = ticket.code.as_ref().map(ToString::to_string);
            let outcome = self.take_ticket(tx, line, ticket, &around, &mut new).await?;
            reports.push(told(line, Noun::Tickets, &key.unwrap_or_default(), outcome));
        }
        self.add_products(tx, new.products).await?;
        if self.writing.is_some() {
            store::instance::files::insert_tickets(tx, &new.tickets, self.now).await?;
            for one in &new.amended {
                store::licensing::amendments::import(tx, one.license, one.started, &one.amendments).await?;
            }
            let created: Vec<Entry> = new
                .tickets
                .iter()
                .map(|ticket| Entry {
                    ticket: Some(ticket.id),
                    to: Some(ticket.owner),
                    ..Entry::new(EventKind::TicketCreated, self.by())
                })
                .collect();
            store::history::events::record_many(tx, &self.store.sources, &created).await?;
        }
        Ok(())
    }

    async fn around(&self, tx: &mut Tx, checked: &[(u64, checks::Ticket)]) -> Result<Around, OpError> {
        let (mut logins, mut keys, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for (_, ticket) in checked {
            match &ticket.owner {
                checks::Owner::Nobody => {}
                checks::Owner::Group(key) => keys.push(key.as_str()),
                checks::Owner::User(login, context) => {
                    logins.push(login.as_str());
                    keys.extend(context.as_deref());
                }
            }
            codes.extend(&ticket.code);
            for one in ticket.licenses.iter().flat_map(|license| &license.amendments) {
                logins.extend(
                    [&one.by, &one.undone_by]
                        .into_iter()
                        .flatten()
                        .map(String::as_str),
                );
            }
        }
        for names in [&mut logins, &mut keys] {
            names.sort_unstable();
            names.dedup();
        }
        let tickets = store::instance::files::tickets_by_codes(tx, &codes).await?;
        let ids: Vec<TicketId> = tickets.iter().map(|ticket| ticket.facts.id).collect();
        let mut licenses: HashMap<TicketId, Vec<Granted>> = HashMap::new();
        for granted in store::licensing::licenses::of_tickets(tx, &ids).await? {
            licenses.entry(granted.ticket).or_default().push(granted);
        }
        Ok(Around {
            people: self.people(tx, logins.into_iter()).await?,
            places: self.places(tx, keys.into_iter()).await?,
            tickets: tickets
                .into_iter()
                .map(|ticket| (ticket.code.clone(), ticket))
                .collect(),
            licenses,
        })
    }

    async fn take_ticket(
        &mut self,
        tx: &mut Tx,
        line: u64,
        ticket: checks::Ticket,
        around: &Around,
        new: &mut New,
    ) -> Result<Outcome, OpError> {
        let owner = match named(&ticket.owner, around) {
            Ok(owner) => owner,
            Err(problem) => return Ok(Outcome::Refused(problem)),
        };
        let Some(code) = &ticket.code else {
            let code = TicketCode::from_random(self.store.sources.random());
            self.new_ticket(code, owner, &ticket, around, new);
            return Ok(Outcome::Created);
        };
        if let Err(problem) = self.codes.add(&code.compact(), line, ()) {
            return Ok(Outcome::Refused(problem));
        }
        match around.tickets.get(code) {
            None => {
                self.new_ticket(code.clone(), owner, &ticket, around, new);
                Ok(Outcome::Created)
            }
            Some(known) => self.change_ticket(tx, known, owner, &ticket, around).await,
        }
    }

    fn new_ticket(
        &mut self,
        code: TicketCode,
        owner: Owner,
        ticket: &checks::Ticket,
        around: &Around,
        new: &mut New,
    ) {
        let mut names = Vec::with_capacity(ticket.licenses.len());
        let mut licenses = Vec::with_capacity(ticket.licenses.len());
        for license in &ticket.licenses {
            let (product, name) = self.product_named(&license.product, &mut new.products);
            names.push(name);
            let id = LicenseId(self.store.sources.fresh_id());
            licenses.push(NewLicense {
                id,
                product,
                quantity: license.quantity,
                terms: license.terms,
            });
            if !license.amendments.is_empty() && self.writing.is_some() {
                new.amended.push(Amended {
                    license: (id, product),
                    started: license.started,
                    amendments: self.imported(license, around),
                });
            }
        }
        if self.writing.is_some() {
            new.tickets.push(NewTicket {
                id: TicketId(self.store.sources.fresh_id()),
                code,
                owner,
                protected: ticket.protected,
                products: names.join(", "),
                licenses,
            });
        }
    }

    /// The amendments of a licence. Who is not in the portal is told of as nobody.
    fn imported(&self, license: &checks::License, around: &Around) -> Vec<Imported> {
        let person = |login: &String| around.people.get(login).copied().unwrap_or(OPERATOR);
        let amendments = checks::recorded(&license.amendments);
        let imported = |(recorded, one): (Recorded, &FileAmendment)| Imported {
            id: AmendmentId(self.store.sources.fresh_id()),
            recorded,
            before: one.before,
            after: one.after,
            reason: one.reason.clone(),
            by: one.by.as_ref().map_or(OPERATOR, person),
            made_at: one.made_at,
            settled: one.settled,
            undone_by: one
                .undone_at
                .map(|_| one.undone_by.as_ref().map_or(OPERATOR, person)),
        };
        amendments.map(imported).collect()
    }

    /// Moves a ticket that is there, and switches its protected mode. What is in it stays, and stays activated.
    async fn change_ticket(
        &mut self,
        tx: &mut Tx,
        known: &Ticket,
        owner: Owner,
        ticket: &checks::Ticket,
        around: &Around,
    ) -> Result<Outcome, OpError> {
        let granted = around
            .licenses
            .get(&known.facts.id)
            .map_or(&[][..], Vec::as_slice);
        let alike = granted.len() == ticket.licenses.len()
            && granted
                .iter()
                .zip(&ticket.licenses)
                .all(|(granted, said)| same(granted, said));
        if !ticket.licenses.is_empty() && !alike {
            return Ok(Outcome::Refused(LineProblem::LicensesStay));
        }
        let (mut facts, mut fields) = (known.facts.clone(), Vec::new());
        if facts.place.owner() != owner {
            let to = self.place_of(tx, owner, around).await?;
            let moved = match access::authorize_reassign(&self.actor, &facts, &to) {
                Ok(moved) => moved,
                Err(denied) => return Ok(Outcome::Refused(LineProblem::Denied(denied))),
            };
            fields.push(Field::Owner);
            if self.writing.is_some() {
                store::tickets::apply(tx, &moved, self.now).await?;
                let (sources, kind) = (&self.store.sources, EventKind::TicketMoved);
                store::history::events::record_move(tx, sources, kind, self.by(), None, &moved).await?;
            }
            facts = TicketFacts {
                id: facts.id,
                place: to,
                protected: moved.protected,
            };
        }
        if facts.protected != ticket.protected {
            let change = match access::authorize_protection(&self.actor, &facts, ticket.protected) {
                Ok(change) => change,
                Err(denied) => return Ok(Outcome::Refused(LineProblem::Denied(denied))),
            };
            fields.push(Field::Protected);
            if self.writing.is_some() {
                store::tickets::protect(tx, &change).await?;
                let entry = Entry {
                    ticket: Some(facts.id),
                    to: Some(owner),
                    ..Entry::new(EventKind::TicketProtection, self.by())
                };
                store::history::events::record(tx, &self.store.sources, entry).await?;
            }
        }
        Ok(changes(fields))
    }

    /// The owner with the facts that the policy needs: those of the portal, and what the file adds to them.
    async fn place_of(&self, tx: &mut Tx, owner: Owner, around: &Around) -> Result<Place, OpError> {
        let lineage = |group| around.places.values().find(|lineage| lineage.group() == group);
        Ok(match owner {
            Owner::Unassigned => Place::Unassigned,
            Owner::Group(group) => {
                Place::Group(lineage(group).cloned().unwrap_or_else(|| Lineage::top(group)))
            }
            Owner::User { user, context } => {
                let mut groups = store::groups::of_user(tx, user).await?;
                let context = context.and_then(lineage).cloned();
                groups.extend(
                    context
                        .iter()
                        .filter(|context| self.members.contains_key(&(user, context.group())))
                        .cloned(),
                );
                Place::User {
                    user,
                    context,
                    groups,
                }
            }
        })
    }
}

/// The owner that an entry names.
fn named(owner: &checks::Owner, around: &Around) -> Result<Owner, LineProblem> {
    let group = |key: &String| {
        let place = around.places.get(key).map(Lineage::group);
        place.ok_or_else(|| LineProblem::NoGroup(excerpt(key)))
    };
    Ok(match owner {
        checks::Owner::Nobody => Owner::Unassigned,
        checks::Owner::Group(key) => Owner::Group(group(key)?),
        checks::Owner::User(login, context) => Owner::User {
            user: *around
                .people
                .get(login.as_str())
                .ok_or_else(|| LineProblem::NoUser(login.to_string()))?,
            context: context.as_ref().map(group).transpose()?,
        },
    })
}
