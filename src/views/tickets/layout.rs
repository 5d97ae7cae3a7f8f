//! How the list of tickets is laid out: its columns, and how high its rows are.

use std::{fmt, str::FromStr};

use domain::serialized_as_text;
use serde::{Deserialize, Serialize};

/// The cookie in which a browser remembers it: what fits is a matter of the screen, not of the person.
pub const LAYOUT_COOKIE: &str = "list";

/// A column that can be chosen; what is in a ticket, and its code, always come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// How many of its licences are activated, and how many there are.
    Used,
    /// When the first of them ends.
    Ends,
    /// What they are bound to.
    Binding,
    /// Whose it is.
    Owner,
    /// What kind of ticket it is.
    Kind,
    /// Since when its owner has it.
    Since,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Used,
        Self::Ends,
        Self::Binding,
        Self::Owner,
        Self::Kind,
        Self::Since,
    ];

    /// Its name in addresses and in the cookie.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Ends => "ends",
            Self::Binding => "binding",
            Self::Owner => "owner",
            Self::Kind => "kind",
            Self::Since => "since",
        }
    }

    /// The column of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// The columns, in their order, each at most once.
///
/// Text form: their names with points between them, `compact` before them for low rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Layout {
    columns: Vec<Column>,
    /// Rows of one line.
    pub compact: bool,
}

const COMPACT: &str = "compact";

impl Default for Layout {
    fn default() -> Self {
        Self::new([Column::Owner, Column::Used, Column::Ends, Column::Kind], false)
    }
}

impl Layout {
    /// These columns; one that is named again counts once.
    #[must_use]
    pub fn new(named: impl IntoIterator<Item = Column>, compact: bool) -> Self {
        let mut columns = Vec::new();
        for column in named {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        Self { columns, compact }
    }

    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The same with low rows, or high ones.
    #[must_use]
    pub fn with_rows(&self, compact: bool) -> Self {
        Self {
            columns: self.columns.clone(),
            compact,
        }
    }

    /// The same with another column, or none, in that place. If it stands somewhere else, the two change places.
    #[must_use]
    pub fn with(&self, place: usize, column: Option<Column>) -> Self {
        let mut columns = self.columns.clone();
        let old = columns.get(place).copied();
        let elsewhere = columns.iter().position(|known| Some(*known) == column);
        match (column, old, elsewhere) {
            (None, Some(_), _) => {
                columns.remove(place);
            }
            (Some(_), Some(_), Some(elsewhere)) => columns.swap(place, elsewhere),
            (Some(column), Some(_), None) => columns[place] = column,
            (Some(column), None, None) => columns.push(column),
            (Some(column), None, Some(elsewhere)) => {
                columns.remove(elsewhere);
                columns.push(column);
            }
            (None, None, _) => {}
        }
        Self {
            columns,
            compact: self.compact,
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compact = self.compact.then_some(COMPACT);
        let names = self.columns.iter().map(|column| column.name());
        for (at, name) in compact.into_iter().chain(names).enumerate() {
            f.write_str(if at == 0 { "" } else { "." })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// The text is no layout of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no layout of the list of tickets")]
pub struct InvalidLayout;

impl FromStr for Layout {
    type Err = InvalidLayout;

    fn from_str(text: &str) -> Result<Self, InvalidLayout> {
        let mut names = text.split('.').filter(|name| !name.is_empty()).peekable();
        let compact = names.next_if_eq(&COMPACT).is_some();
        let columns: Option<Vec<Column>> = names.map(Column::of).collect();
        Ok(Self::new(columns.ok_or(InvalidLayout)?, compact))
    }
}

serialized_as_text!(Layout);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_has_a_text() {
        assert_eq!(Layout::default().to_string(), "owner.used.ends.kind");
        for text in ["", "compact", "compact.since", "owner.used"] {
            let layout: Layout = text.parse().unwrap();
            assert_eq!(layout.to_string(), text);
        }
        assert_eq!("used.used".parse::<Layout>().unwrap().to_string(), "used");
        for bad in ["x", "used.compact", "used,ends"] {
            assert_eq!(bad.parse::<Layout>(), Err(InvalidLayout), "{bad}");
        }
    }

    #[test]
    fn a_column_stands_in_one_place() {
        let layout: Layout = "used.ends.owner".parse().unwrap();
        let with = |place, column| layout.with(place, column).to_string();
        assert_eq!(with(0, Some(Column::Owner)), "owner.ends.used");
        assert_eq!(with(1, None), "used.owner");
        assert_eq!(with(1, Some(Column::Since)), "used.since.owner");
        assert_eq!(with(3, Some(Column::Kind)), "used.ends.owner.kind");
        assert_eq!(with(5, Some(Column::Used)), "ends.owner.used");
        assert_eq!(with(4, None), "used.ends.owner");
    }
}
