//! Everything in the portal as a file: an organisation file, or a table of one kind of entries.
//!
//! The order follows from what stands in the file, and groups are named by their keys: so a file that was imported into an
//! empty portal is exported as the same bytes.

use std::{
    collections::{BTreeSet, HashMap},
    io,
};

use csv::{Terminator, WriterBuilder};
use domain::{
    access::{self, Actor},
    accounts::Login,
    ids::{GroupId, LicenseId, TicketId, UserId},
    instance::{imports::Noun, spreadsheets::disarmed},
    licensing::licenses::{Binding, Validity},
    tickets::{codes::TicketCode, owners::Owner},
};

use crate::{
    ops::{
        OpError,
        instance::organisation::{
            By, Format,
            file::{
                FORMAT, FileAmendment, FileGroup, FileLicense, FileMembership, FileOwner, FileProduct,
                FileTicket, FileUser,
            },
            outcome::ImportError,
            records::Record,
            tables,
        },
    },
    store::{
        self, Store, StoreError, Tx,
        instance::files::KeyedGroup,
        licensing::{amendments::Stored, licenses::Granted},
    },
    views::licensing::products::Product,
};

/// Entries that are read at once.
const PAGE: i64 = 1000;

/// Writes everything in the portal, or all entries of a kind, as they are at one moment. Passwords, logins, containers and
/// what is activated in them, credentials, keys and the history are not in it: those are in backups.
///
/// # Errors
/// [`ImportError`]; [`access::Denied::Hidden`] for all but ISV admins.
pub async fn export(
    store: &Store,
    by: By,
    format: Format,
    out: &mut (impl io::Write + Send),
) -> Result<(), ImportError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = match by {
        By::Operator => Actor::operator(),
        By::Person(person) => crate::ops::actor(&mut tx, person).await?,
    };
    access::authorize_administration(&actor).map_err(OpError::from)?;
    match format {
        Format::Table(noun) => {
            out.write_all(&rows(&[columns(noun)])?)?;
            let mut pages = Pages::new(noun);
            while let Some(page) = pages.next(&mut tx).await? {
                let lines: Vec<_> = page.into_iter().flat_map(lines).collect();
                out.write_all(&rows(&lines)?)?;
            }
        }
        Format::Json => {
            write!(out, "{{\n\"format\": \"{FORMAT}\"")?;
            for noun in [
                Noun::Groups,
                Noun::Users,
                Noun::Memberships,
                Noun::Products,
                Noun::Tickets,
            ] {
                write!(out, ",\n\"{noun}\": [")?;
                let (mut pages, mut first) = (Pages::new(noun), true);
                while let Some(page) = pages.next(&mut tx).await? {
                    for record in page {
                        out.write_all(if first { b"\n" } else { b",\n" })?;
                        first = false;
                        write_json(out, &record)?;
                    }
                }
                out.write_all(b"\n]")?;
            }
            out.write_all(b"\n}\n")?;
        }
    }
    Ok(out.flush()?)
}

/// An element on a line of its own, so that reports can say which it is.
fn write_json(out: &mut impl io::Write, record: &Record) -> io::Result<()> {
    match record {
        Record::Product(product) => serde_json::to_writer(out, product),
        Record::Group(group) => serde_json::to_writer(out, group),
        Record::User(user) => serde_json::to_writer(out, user),
        Record::Membership(membership) => serde_json::to_writer(out, membership),
        Record::Ticket(ticket) => serde_json::to_writer(out, ticket),
    }
    .map_err(io::Error::from)
}

fn columns(noun: Noun) -> Vec<String> {
    let (columns, _) = tables::columns(noun);
    columns.iter().map(|column| (*column).to_owned()).collect()
}

/// Lines of a table, as RFC 4180 has them.
fn rows(lines: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.iter().map(|text| disarmed(text).into_owned()))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// The lines of a table for an entry, in the order of [`tables::columns`].
fn lines(record: Record) -> Vec<Vec<String>> {
    match record {
        Record::Product(product) => vec![vec![
            product.article,
            product.name,
            product.name_de.unwrap_or_default(),
            product.features.join("\n"),
        ]],
        Record::Group(group) => vec![vec![group.key, group.name, group.parent.unwrap_or_default()]],
        Record::User(user) => vec![vec![
            user.login,
            user.name.unwrap_or_default(),
            user.email.unwrap_or_default(),
            user.isv_admin.to_string(),
            text(user.active),
        ]],
        Record::Membership(membership) => {
            vec![vec![
                membership.user,
                membership.group,
                membership.permissions.join(" "),
            ]]
        }
        Record::Ticket(ticket) => lines_of_ticket(&ticket),
    }
}

fn lines_of_ticket(ticket: &FileTicket) -> Vec<Vec<String>> {
    let owner = ticket.owner.clone().unwrap_or_default();
    let head = [
        text(ticket.code.as_deref()),
        text(owner.group),
        text(owner.user),
        text(owner.context),
        ticket.protected.to_string(),
    ];
    let line = |license: Option<&FileLicense>| {
        let mut line = head.to_vec();
        line.extend([
            text(license.map(|license| license.product.as_str())),
            text(license.map(|license| license.quantity)),
            text(license.and_then(|license| license.binding.as_deref())),
            text(license.and_then(|license| license.valid_from)),
            text(license.and_then(|license| license.valid_until)),
            text(license.and_then(|license| license.days)),
            text(license.and_then(|license| license.returns)),
            text(license.and_then(|license| license.started_at)),
            text(
                license
                    .filter(|license| !license.amendments.is_empty())
                    .and_then(|license| serde_json::to_string(&license.amendments).ok()),
            ),
        ]);
        line
    };
    if ticket.licenses.is_empty() {
        vec![line(None)]
    } else {
        ticket
            .licenses
            .iter()
            .map(|license| line(Some(license)))
            .collect()
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The entries of a kind, page by page.
struct Pages {
    noun: Noun,
    over: bool,
    group: Option<KeyedGroup>,
    login: Option<Login>,
    membership: Option<(String, String)>,
    code: Option<TicketCode>,
}

impl Pages {
    const fn new(noun: Noun) -> Self {
        Self {
            noun,
            over: false,
            group: None,
            login: None,
            membership: None,
            code: None,
        }
    }

    async fn next(&mut self, tx: &mut Tx) -> Result<Option<Vec<Record>>, StoreError> {
        if self.over {
            return Ok(None);
        }
        let page = match self.noun {
            Noun::Products => {
                self.over = true;
                let products = store::licensing::products::all(tx).await?;
                products.into_iter().map(product).collect()
            }
            Noun::Groups => self.groups(tx).await?,
            Noun::Users => self.users(tx).await?,
            Noun::Memberships => self.memberships(tx).await?,
            Noun::Tickets => self.tickets(tx).await?,
        };
        Ok((!page.is_empty()).then_some(page))
    }

    async fn groups(&mut self, tx: &mut Tx) -> Result<Vec<Record>, StoreError> {
        let page = store::instance::files::groups_after(tx, self.group.as_ref(), PAGE).await?;
        self.group = page.last().cloned();
        let group = |group: KeyedGroup| {
            Record::Group(FileGroup {
                key: group.key,
                name: group.name,
                parent: group.parent,
            })
        };
        Ok(page.into_iter().map(group).collect())
    }

    async fn users(&mut self, tx: &mut Tx) -> Result<Vec<Record>, StoreError> {
        let page = store::instance::files::users_after(tx, self.login.as_ref(), PAGE).await?;
        self.login = page.last().map(|account| account.user.login.clone());
        let user = |account: store::instance::files::KnownAccount| {
            Record::User(FileUser {
                login: account.user.login.to_string(),
                email: account.email,
                name: Some(account.user.name),
                isv_admin: account.user.isv_admin,
                active: (!account.active).then_some(false),
            })
        };
        Ok(page.into_iter().map(user).collect())
    }

    async fn memberships(&mut self, tx: &mut Tx) -> Result<Vec<Record>, StoreError> {
        let page = store::instance::files::memberships_after(tx, self.membership.as_ref(), PAGE).await?;
        self.membership = page.last().map(|(_, _, names)| names.clone());
        let mut records = Vec::with_capacity(page.len());
        for (user, group, (login, key)) in page {
            let permissions = store::groups::membership(tx, group, user)
                .await?
                .unwrap_or_default();
            records.push(Record::Membership(FileMembership {
                user: login,
                group: key,
                permissions: permissions.names(),
            }));
        }
        Ok(records)
    }

    async fn tickets(&mut self, tx: &mut Tx) -> Result<Vec<Record>, StoreError> {
        let page = store::instance::files::tickets_after(tx, self.code.as_ref(), PAGE).await?;
        self.code = page.last().map(|ticket| ticket.code.clone());
        let ids: Vec<TicketId> = page.iter().map(|ticket| ticket.facts.id).collect();
        let mut licenses: HashMap<TicketId, Vec<FileLicense>> = HashMap::new();
        let granted = store::licensing::licenses::of_tickets(tx, &ids).await?;
        let of: Vec<LicenseId> = granted.iter().map(|granted| granted.license.id).collect();
        let mut amended = store::licensing::amendments::of_licenses(tx, &of).await?;
        let people = amended.values().flatten();
        let people: BTreeSet<UserId> = people
            .flat_map(|one| [Some(one.by), one.undone_by])
            .flatten()
            .collect();
        let people: Vec<UserId> = people.into_iter().collect();
        let people = store::instance::files::logins_of_users(tx, &people).await?;
        for granted in granted {
            let of_ticket = licenses.entry(granted.ticket).or_default();
            let mut amendments = amended.remove(&granted.license.id).unwrap_or_default();
            amendments.sort_by_key(|one| one.recorded.number);
            let amendments: Vec<FileAmendment> = amendments
                .into_iter()
                .map(|one| amendment(one, &people))
                .collect();
            of_ticket.push(FileLicense {
                started_at: granted.started.filter(|_| !amendments.is_empty()),
                amendments,
                ..license(granted)?
            });
        }
        let owners = || page.iter().map(|ticket| ticket.facts.place.owner());
        let groups: Vec<GroupId> = owners().filter_map(Owner::level).collect();
        let users: Vec<UserId> = owners().filter_map(Owner::user).collect();
        let keys = store::instance::files::keys_of_groups(tx, &groups).await?;
        let logins = store::instance::files::logins_of_users(tx, &users).await?;
        let ticket = |ticket: store::tickets::Ticket| {
            let owner = match ticket.facts.place.owner() {
                Owner::Unassigned => None,
                Owner::Group(group) => Some(FileOwner {
                    group: keys.get(&group).cloned(),
                    ..FileOwner::default()
                }),
                Owner::User { user, context } => Some(FileOwner {
                    group: None,
                    user: logins.get(&user).cloned(),
                    context: context.and_then(|context| keys.get(&context).cloned()),
                }),
            };
            Record::Ticket(FileTicket {
                code: Some(ticket.code.to_string()),
                owner,
                protected: ticket.facts.protected,
                licenses: licenses.remove(&ticket.facts.id).unwrap_or_default(),
            })
        };
        Ok(page.into_iter().map(ticket).collect())
    }
}

fn product(Product { data, .. }: Product) -> Record {
    Record::Product(FileProduct {
        name_de: (data.name.de != data.name.en).then_some(data.name.de),
        article: data.article,
        name: data.name.en,
        features: data.features,
    })
}

fn license(granted: Granted) -> Result<FileLicense, StoreError> {
    let (from, until, days) = match granted.terms.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(days)),
    };
    Ok(FileLicense {
        product: granted.article,
        quantity: granted.license.quantity,
        binding: (granted.terms.binding != Binding::Floating).then(|| granted.terms.binding.to_string()),
        valid_from: from,
        valid_until: until,
        days,
        returns: granted.terms.returns_left,
        started_at: None,
        amendments: Vec::new(),
    })
}

fn amendment(stored: Stored, people: &HashMap<UserId, String>) -> FileAmendment {
    FileAmendment {
        what: stored.recorded.amendment,
        before: stored.before,
        after: stored.after,
        reason: stored.reason,
        by: people.get(&stored.by).cloned(),
        made_at: stored.made_at,
        in_force_at: stored.recorded.from,
        settled: stored.settled,
        undone_at: stored.recorded.undone,
        undone_by: stored.undone_by.and_then(|by| people.get(&by).cloned()),
    }
}
