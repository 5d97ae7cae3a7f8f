//! Statements under construction: texts of literals and place holders, with the values that are bound to them.

use jiff::Timestamp;
use sqlx::{
    Any, AssertSqlSafe, FromRow,
    any::{AnyArguments, AnyRow},
    query::{Query, QueryAs, QueryScalar},
};

use crate::store::Engine;

/// Rows that are written at once. SQLite looks each of a statement's values up among all of them, so that few hundred values
/// are faster than thousands.
pub(crate) const BATCH: usize = 32;

/// A moment, as the database keeps it: milliseconds since 1970 (UTC).
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A value in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, an id, a flag.
    Int(i64),
    /// A text.
    Text(String),
    /// A number, or nothing.
    MaybeInt(Option<i64>),
    /// A text, or nothing.
    MaybeText(Option<String>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(millis(value))
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(value: Option<Timestamp>) -> Self {
        Self::MaybeInt(value.map(millis))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::MaybeInt(value)
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::MaybeText(value)
    }
}

/// Binds the values to a query of whichever kind.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::MaybeInt(value) => query.bind(value),
            Value::MaybeText(value) => query.bind(value),
        })
    };
}

/// A statement under construction. Its text is made of literals and place holders only; what people type is bound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.text.push_str(&place);
        self
    }

    pub(super) fn int(&mut self, value: i64) -> &mut Self {
        self.bind(Value::Int(value))
    }

    pub(super) fn moment(&mut self, at: Timestamp) -> &mut Self {
        self.int(millis(at))
    }

    pub(super) fn text(&mut self, value: impl Into<String>) -> &mut Self {
        self.bind(Value::Text(value.into()))
    }

    /// `INSERT INTO table VALUES (…), (…)`; `table` names the columns, too. There is one row at least.
    pub(super) fn insert(table: &str, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        let mut sql = Self::default();
        sql.push_insert(table, rows);
        sql
    }

    /// The same, as a part of a statement.
    pub(super) fn push_insert(
        &mut self,
        table: &str,
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> &mut Self {
        self.push("INSERT INTO ").push(table).push(" VALUES ");
        for (at, row) in rows.into_iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", (" });
            for (at, value) in row.into_iter().enumerate() {
                if at > 0 {
                    self.push(", ");
                }
                self.bind(value);
            }
            self.push(")");
        }
        self
    }

    /// `(text, text, …)` for an `IN`. There is one at least; the list is filled up to a power of two by repeating the last,
    /// so that few statement texts exist and each stays prepared.
    pub(super) fn text_list<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let mut texts: Vec<&str> = texts.into_iter().collect();
        texts.resize(
            texts.len().next_power_of_two(),
            texts.last().copied().unwrap_or_default(),
        );
        for (at, text) in texts.into_iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", " }).text(text);
        }
        self.push(")")
    }

    /// `($1, $2, …)` for an `IN`. There is one at least; the list is filled up like that of [`Sql::text_list`].
    pub(super) fn id_list(&mut self, ids: impl IntoIterator<Item = i64>) -> &mut Self {
        let mut ids: Vec<i64> = ids.into_iter().collect();
        ids.resize(
            ids.len().next_power_of_two(),
            ids.last().copied().unwrap_or_default(),
        );
        for (at, id) in ids.into_iter().enumerate() {
            self.push(if at == 0 { "(" } else { ", " }).int(id);
        }
        self.push(")")
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A statement whose rows, if it has any, are not read.
    pub(super) fn query(self) -> Query<'static, Any, AnyArguments> {
        bound!(sqlx::query(AssertSqlSafe(self.text)), self.values)
    }

    /// A statement whose rows are read by the names of their columns.
    pub(super) fn rows<R>(self) -> QueryAs<'static, Any, R, AnyArguments>
    where
        R: for<'r> FromRow<'r, AnyRow>,
    {
        bound!(sqlx::query_as(AssertSqlSafe(self.text)), self.values)
    }

    /// A statement of one column.
    pub(super) fn scalar<T>(self) -> QueryScalar<'static, Any, T, AnyArguments>
    where
        (T,): for<'r> FromRow<'r, AnyRow>,
    {
        bound!(sqlx::query_scalar(AssertSqlSafe(self.text)), self.values)
    }
}

/// `column IN (…)`, with nothing in an empty list.
pub(super) fn push_in(sql: &mut Sql, column: &str, ids: impl IntoIterator<Item = i64>) {
    sql.push(column).push(" IN (");
    let mut separator = "";
    for id in ids {
        sql.push(separator).int(id);
        separator = ", ";
    }
    sql.push(if separator.is_empty() { "NULL)" } else { ")" });
}

/// ` AND (column contains the word)`: the column and the word are folded. SQLite's `LIKE` folds ASCII once more, at three times
/// the price of `GLOB`.
pub(super) fn push_has_word(sql: &mut Sql, engine: Engine, column: &str, word: &str) {
    sql.push(" AND ").push(column);
    match engine {
        Engine::Sqlite => {
            let literal = |c: char| match c {
                '*' | '?' | '[' => format!("[{c}]"),
                c if c.is_control() => char::REPLACEMENT_CHARACTER.to_string(),
                c => c.to_string(),
            };
            let pattern: String = word.chars().map(literal).collect();
            sql.push(" GLOB ").text(format!("*{pattern}*"));
        }
        Engine::Postgres => {
            sql.push(" LIKE ").text(containing(word)).push(" ESCAPE '\\'");
        }
    }
}

/// Words that names are searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What a name contains that has the word.
    each: Vec<String>,
    /// What it begins with that is the best of all: the words as they were typed.
    whole: String,
}

impl Words {
    /// Most words that are looked for; the others are passed over.
    const MOST: usize = 8;

    /// The words of a search, which are separated by white space; `None` where there are none.
    #[must_use]
    pub fn of(search: &str) -> Option<Self> {
        let words = search.split_whitespace().take(Self::MOST);
        let each: Vec<String> = words.map(containing).collect();
        let whole = containing(search).split_off(1);
        (!each.is_empty()).then_some(Self { each, whole })
    }

    /// ` AND …`: the folded name has all the words.
    pub(super) fn push_matches(&self, sql: &mut Sql, column: &str) {
        for word in &self.each {
            sql.push(" AND ").push(column).push(" LIKE ");
            sql.text(word.as_str()).push(" ESCAPE '\\'");
        }
    }

    /// How well the folded name fits, the best first: it begins with what was typed, a word of it does, or neither.
    pub(super) fn push_rank(&self, sql: &mut Sql, column: &str) {
        sql.push("CASE");
        for (rank, before) in ["", "% "].into_iter().enumerate() {
            sql.push(" WHEN ").push(column).push(" LIKE ");
            sql.text(format!("{before}{}", self.whole));
            sql.push(&format!(" ESCAPE '\\' THEN {rank}"));
        }
        sql.push(" ELSE 2 END");
    }
}

/// `%text%` for LIKE … ESCAPE '\', with nothing in the text taken as a pattern. Control characters, which no name
/// contains, become one that no name should contain either: PostgreSQL refuses a text with a NUL in it.
pub(super) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in domain::names::fold(text.trim()).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        });
    }
    pattern.push('%');
    pattern
}
