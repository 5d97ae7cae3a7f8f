//! Writes an [`Organisation`] straight into the tables, many rows in a statement: a million tickets through the import
//! would take minutes, again and again. What the schema gains has to be filled here too.

use std::fmt::{self, Write};

use fastrand::Rng;
use domain::{groups::Lineage, names::fold, tickets::codes::TicketCode};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::{Failure, organisation::{NEWEST, Organisation, PRODUCTS, columns_of, person_id, ticket_id}, tree::group_id};

const ROWS: usize = 500;

/// Rows on their way into one table.
struct Batch<'a> {
    connection: &'a mut AnyConnection,
    into: &'static str,
    sql: String,
    rows: usize,
}

impl<'a> Batch<'a> {
    const fn new(connection: &'a mut AnyConnection, into: &'static str) -> Self {
        Self {
            connection,
            into,
            sql: String::new(),
            rows: 0,
        }
    }

    async fn push(&mut self, row: fmt::Arguments<'_>) -> Result<(), Failure> {
        if self.rows == 0 {
            write!(self.sql, "INSERT INTO {} VALUES ", self.into)?;
        } else {
            self.sql.push(',');
        }
        write!(self.sql, "({row})")?;
        self.rows += 1;
        if self.rows == ROWS {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if self.rows > 0 {
            let sql = std::mem::take(&mut self.sql);
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut *self.connection)
                .await?;
            self.rows = 0;
        }
        Ok(())
    }
}

/// A value, or NULL.
struct Or<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Or<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("NULL"),
        }
    }
}

/// The form in which the store keeps a lineage: 13 digits to the base 32 for each group.
fn path_of(lineage: &Lineage) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
    let mut path = String::new();
    for group in lineage.groups() {
        for at in (0..13).rev() {
            let digit = usize::try_from(group.0 >> (5 * at) & 31).unwrap_or_default();
            path.push(char::from(DIGITS[digit]));
        }
    }
    path
}

/// Writes everything, in one transaction, into tables that exist and are empty.
///
/// # Errors
/// Those of the database.
pub async fn fill(address: &str, organisation: &Organisation) -> Result<(), Failure> {
    let mut connection = AnyConnection::connect(address).await?;
    if address.starts_with("sqlite") {
        // Whoever loses power begins again.
        sqlx::raw_sql("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
            .execute(&mut connection)
            .await?;
    }
    sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
    groups(&mut connection, organisation).await?;
    people(&mut connection, organisation).await?;
    tickets(&mut connection, organisation).await?;
    sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
    if address.starts_with("sqlite") {
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut connection)
            .await?;
    } else {
        // What autovacuum does to tables that were filled a while ago.
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await?;
        sqlx::raw_sql("CHECKPOINT").execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

async fn groups(connection: &mut AnyConnection, organisation: &Organisation) -> Result<(), Failure> {
    let mut rows = Batch::new(
        connection,
        "groups (id, parent_id, name, folded, path, key, created_at)",
    );
    for at in 0..organisation.tree.len() {
        let (id, name) = (group_id(at), Organisation::name(at));
        let parent = Or(organisation.tree.parent(at).map(group_id));
        let (folded, path) = (fold(&name), path_of(&organisation.tree.lineage(at)));
        rows.push(format_args!(
            "{id}, {parent}, '{name}', '{folded}', '{path}', '{id}', {NEWEST}"
        ))
        .await?;
    }
    rows.flush().await
}

async fn people(connection: &mut AnyConnection, organisation: &Organisation) -> Result<(), Failure> {
    let mut rows = Batch::new(
        &mut *connection,
        "users (id, login, name, folded, isv_admin, created_at)",
    );
    for (at, person) in organisation.people.iter().enumerate() {
        let (id, isv_admin) = (person_id(at), i32::from(person.isv_admin));
        rows.push(format_args!(
            "{id}, 'person-{at}', 'Person {at}', 'person {at} person-{at}', {isv_admin}, {NEWEST}"
        ))
        .await?;
    }
    rows.flush().await?;
    let mut rows = Batch::new(
        &mut *connection,
        "memberships (user_id, group_id)",
    );
    for (at, person) in organisation.people.iter().enumerate() {
        for (group, _) in &person.memberships {
            let (id, group) = (person_id(at), group_id(*group));
            rows.push(format_args!("{id}, {group}")).await?;
        }
    }
    rows.flush().await?;
    let mut rows = Batch::new(connection, "membership_permissions (user_id, group_id, permission)");
    for (at, person) in organisation.people.iter().enumerate() {
        for (group, _) in person.memberships.iter().filter(|(_, admin)| *admin) {
            let (id, group) = (person_id(at), group_id(*group));
            rows.push(format_args!("{id}, {group}, 'admin'")).await?;
        }
    }
    rows.flush().await
}

async fn tickets(connection: &mut AnyConnection, organisation: &Organisation) -> Result<(), Failure> {
    let mut rng = Rng::with_seed(7);
    let mut rows = Batch::new(
        &mut *connection,
        "tickets (id, code, owner_group_id, owner_user_id, context_group_id, level_group_id, protected, products,
                  owner_since, created_at)",
    );
    for (at, ticket) in organisation.tickets.iter().enumerate() {
        let mut bytes = [0; 24];
        rng.fill(&mut bytes);
        let code = TicketCode::from_random(bytes).compact();
        let [group, person, context, level] = columns_of(ticket.owner).map(Or);
        let products: Vec<&str> = products(ticket.products).map(|at| PRODUCTS[at]).collect();
        rows.push(format_args!(
            "{}, '{code}', {group}, {person}, {context}, {level}, {}, '{}', {since}, {since}",
            ticket_id(at),
            i32::from(ticket.protected),
            fold(&products.join(", ")),
            since = ticket.since,
        ))
        .await?;
    }
    rows.flush().await?;
    sqlx::query("INSERT INTO ticket_parts (rowid, parts) SELECT id, code FROM tickets ORDER BY id")
        .execute(&mut *connection)
        .await?;
    let mut rows = Batch::new(
        &mut *connection,
        "products (id, article, name, name_de, folded, features, created_at)",
    );
    for (at, product) in PRODUCTS.iter().enumerate() {
        let (id, folded) = (at + 1, fold(product));
        rows.push(format_args!(
            "{id}, '{product}', '{product}', '{product}', '{folded}', '', 0"
        ))
        .await?;
    }
    rows.flush().await?;
    let mut rows = Batch::new(
        connection,
        "licenses (id, ticket_id, position, product_id, quantity)",
    );
    let mut license = 0;
    for (at, ticket) in organisation.tickets.iter().enumerate() {
        for (position, product) in products(ticket.products).enumerate() {
            license += 1;
            let (id, quantity) = (ticket_id(at), 1 + at % 25);
            rows.push(format_args!(
                "{license}, {id}, {position}, {}, {quantity}",
                product + 1
            ))
            .await?;
        }
    }
    rows.flush().await
}

/// The places of a ticket's products in the catalogue.
fn products((first, second): (usize, Option<usize>)) -> impl Iterator<Item = usize> {
    [Some(first), second].into_iter().flatten()
}
