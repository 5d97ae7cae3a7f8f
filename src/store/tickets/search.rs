//! Searching lists of tickets: each word of the search stands in the name of the owner, in that of a product, or in the code.
//!
//! Names are not indexed by their parts: groups, people and products are few beside the tickets, a hundred thousand names are
//! looked through in milliseconds, and a group that is renamed changes nothing but its own row. Codes are as many as tickets,
//! never change, and stand in an index of their own over three characters at a time (`ticket_parts`): FTS5 in SQLite, GIN in
//! PostgreSQL over plain arrays, which needs no extension that somebody would have to be allowed to create.
//!
//! Where the reader sees many tickets, those of one word are gathered by these ways, and the other words are asked of each.
//! What is found so is narrowed to what the reader sees like any list: no hidden ticket is counted.

use crate::store::{
    Engine, StoreError, Tx,
    sql::{Sql, containing},
    visibility::VisibilityScope,
};

/// Names that are told apart by id; more are asked for with the tickets.
const FEW: usize = 512;
/// Shortest part of a code that is looked for, in characters: what the index holds.
const CODE_PART: usize = 3;
/// Characters of a code.
const CODE: usize = 25;

/// A word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What a name looks like that contains it.
    name: String,
    /// The part of a code that it may be.
    code: Option<String>,
}

/// The words of a search: white space and commas stand between them. So none reaches from one product of a ticket to the next.
pub(super) fn words(search: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for text in search.split(|c: char| c.is_whitespace() || c == ',') {
        if text.is_empty() {
            continue;
        }
        let code: String = text.chars().filter(|c| *c != '-').collect();
        let is_part =
            (CODE_PART..=CODE).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric());
        let word = Word {
            name: containing(text),
            code: is_part.then(|| code.to_ascii_uppercase()),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

impl Word {
    /// ` AND (…)`: the ticket `t`, whose owner is the group `og` or the person `u` (outer joins), has it.
    pub(super) fn push_matches(&self, sql: &mut Sql) {
        for (at, column) in ["t.products", "og.folded", "u.folded"].into_iter().enumerate() {
            sql.push(if at == 0 { " AND (" } else { " OR " });
            push_like(sql, column, &self.name);
        }
        if let Some(code) = &self.code {
            sql.push(" OR ");
            push_like(sql, "t.code", &part(code));
        }
        sql.push(")");
    }
}

fn part(code: &str) -> String {
    format!("%{code}%")
}

fn push_like(sql: &mut Sql, column: &str, pattern: &str) {
    sql.push(column).push(" LIKE ").text(pattern).push(" ESCAPE '\\'");
}

/// Groups or people whose name has the word.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Few(Vec<i64>),
    Many,
}

/// The tickets that one word of a search leads to.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// Which of the words.
    pub(super) word: usize,
    /// Whether a product has it.
    products: bool,
    groups: Named,
    people: Named,
}

impl Lead {
    /// The word that leads to few tickets, as far as that is cheap to know. There is one word at least.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn of(
        tx: &mut Tx,
        visibility: &VisibilityScope,
        words: &[Word],
    ) -> Result<Self, StoreError> {
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(words[*at].name.len()));
        let mut common = None;
        for at in order {
            let word = &words[at];
            let mut sql = Sql::default();
            sql.push("SELECT fp.id FROM products fp WHERE ");
            push_like(&mut sql, "fp.folded", &word.name);
            sql.push(" LIMIT 1");
            let product: Option<i64> = sql.scalar().fetch_optional(tx.conn()).await?;
            let mut lead = Self {
                word: at,
                products: product.is_some(),
                groups: Named::Many,
                people: Named::Many,
            };
            // A word of few products leads nearer than one of many names.
            if lead.products {
                common = common.filter(|other: &Self| other.products).or(Some(lead));
                continue;
            }
            lead.name(tx, visibility, word).await?;
            if lead.groups != Named::Many && lead.people != Named::Many {
                return Ok(lead);
            }
            common = common.or(Some(lead));
        }
        let mut lead = common.ok_or(StoreError::Inconsistent("search.words"))?;
        if lead.products {
            lead.name(tx, visibility, &words[lead.word]).await?;
        }
        Ok(lead)
    }

    async fn name(
        &mut self,
        tx: &mut Tx,
        visibility: &VisibilityScope,
        word: &Word,
    ) -> Result<(), StoreError> {
        let mut sql = Sql::default();
        sql.push("SELECT g.id FROM groups g WHERE ");
        push_like(&mut sql, "g.folded", &word.name);
        visibility.push_sees_group(&mut sql, "g.path");
        self.groups = named(tx, sql).await?;
        let mut sql = Sql::default();
        sql.push("SELECT u.id FROM users u WHERE ");
        push_like(&mut sql, "u.folded", &word.name);
        self.people = named(tx, sql).await?;
        Ok(())
    }

    /// The tickets that have the word, each once: those of a product that has it; those of an owner, without them; those with
    /// the code, without both. Each part ends by itself when enough was read of it.
    pub(super) fn push_tickets(
        &self,
        sql: &mut Sql,
        engine: Engine,
        visibility: &VisibilityScope,
        word: &Word,
    ) {
        let name = &word.name;
        let mut parts = Parts { sql, begun: false };
        if self.products {
            let sql = parts.next();
            sql.push("licenses fl JOIN tickets b ON b.id = fl.ticket_id WHERE fl.product_id IN (SELECT fp.id FROM products fp WHERE ");
            push_like(sql, "fp.folded", name);
            sql.push(
                ") AND NOT EXISTS (SELECT 1 FROM licenses el JOIN products ep ON ep.id = el.product_id
                 WHERE el.ticket_id = b.id AND el.position < fl.position AND ",
            );
            push_like(sql, "ep.folded", name);
            sql.push(")");
        }
        match &self.groups {
            Named::Few(ids) if ids.is_empty() => {}
            Named::Few(ids) => {
                let sql = parts.next();
                sql.push("tickets b WHERE b.level_group_id IN ")
                    .id_list(ids.iter().copied())
                    .push(" AND b.owner_group_id IS NOT NULL");
                self.push_without_products(sql, name);
            }
            Named::Many => {
                let sql = parts.next();
                sql.push("groups g JOIN tickets b ON b.level_group_id = g.id WHERE ");
                push_like(sql, "g.folded", name);
                visibility.push_sees_group(sql, "g.path");
                sql.push(" AND b.owner_group_id IS NOT NULL");
                self.push_without_products(sql, name);
            }
        }
        match &self.people {
            Named::Few(ids) if ids.is_empty() => {}
            Named::Few(ids) => {
                let sql = parts.next();
                sql.push("tickets b WHERE b.owner_user_id IN ")
                    .id_list(ids.iter().copied());
                self.push_without_products(sql, name);
            }
            Named::Many => {
                let sql = parts.next();
                sql.push("users fu JOIN tickets b ON b.owner_user_id = fu.id WHERE ");
                push_like(sql, "fu.folded", name);
                self.push_without_products(sql, name);
            }
        }
        if let Some(code) = &word.code {
            let sql = parts.next();
            sql.push("tickets b WHERE b.id IN (");
            push_codes(sql, engine, code);
            sql.push(") AND ");
            push_like(sql, "b.code", &part(code));
            self.push_without_products(sql, name);
            sql.push(" AND NOT EXISTS (SELECT 1 FROM groups ng WHERE ng.id = b.owner_group_id AND ");
            push_like(sql, "ng.folded", name);
            sql.push(") AND NOT EXISTS (SELECT 1 FROM users nu WHERE nu.id = b.owner_user_id AND ");
            push_like(sql, "nu.folded", name);
            sql.push(")");
        }
        if !parts.begun {
            parts.next().push("tickets b WHERE 1 = 0");
        }
    }

    fn push_without_products(&self, sql: &mut Sql, name: &str) {
        if self.products {
            sql.push(" AND NOT ");
            push_like(sql, "b.products", name);
        }
    }
}

/// Parts of a statement.
struct Parts<'a> {
    sql: &'a mut Sql,
    begun: bool,
}

impl Parts<'_> {
    fn next(&mut self) -> &mut Sql {
        let begin = if self.begun { " UNION ALL " } else { "" };
        self.begun = true;
        self.sql.push(begin).push("SELECT b.* FROM ")
    }
}

async fn named(tx: &mut Tx, mut sql: Sql) -> Result<Named, StoreError> {
    sql.push(" LIMIT ")
        .int(i64::try_from(FEW + 1).unwrap_or(i64::MAX));
    let ids: Vec<i64> = sql.scalar().fetch_all(tx.conn()).await?;
    Ok(if ids.len() > FEW {
        Named::Many
    } else {
        Named::Few(ids)
    })
}

/// The ids of tickets whose codes have all the threes of characters of the part: few more than have the part itself.
fn push_codes(sql: &mut Sql, engine: Engine, code: &str) {
    let threes = (0..=code.len() - CODE_PART).filter_map(|at| code.get(at..at + CODE_PART));
    sql.push("SELECT rowid FROM ticket_parts WHERE ");
    match engine {
        Engine::Sqlite => {
            // No character of a part of a code means anything to FTS5 between quotes.
            let query: Vec<String> = threes.map(|three| format!("\"{three}\"")).collect();
            sql.push("ticket_parts MATCH ").text(query.join(" AND "));
        }
        Engine::Postgres => {
            sql.push(PARTS).push(" @> ARRAY[");
            for (at, three) in threes.enumerate() {
                sql.push(if at == 0 { "" } else { ", " }).text(three);
            }
            sql.push("]");
        }
    }
}

/// What the index of PostgreSQL is over (`migrations/0021_ticket_parts.sql`), as it stands there.
const PARTS: &str = "ARRAY[substr(parts, 1, 3), substr(parts, 2, 3), substr(parts, 3, 3), substr(parts, 4, 3), \
substr(parts, 5, 3), substr(parts, 6, 3), substr(parts, 7, 3), substr(parts, 8, 3), substr(parts, 9, 3), \
substr(parts, 10, 3), substr(parts, 11, 3), substr(parts, 12, 3), substr(parts, 13, 3), substr(parts, 14, 3), \
substr(parts, 15, 3), substr(parts, 16, 3), substr(parts, 17, 3), substr(parts, 18, 3), substr(parts, 19, 3), \
substr(parts, 20, 3), substr(parts, 21, 3), substr(parts, 22, 3), substr(parts, 23, 3)]";
