//! Facets of a list of tickets: what of it is wanted, and how many tickets there are of each value.
//!
//! What is said of licences is said of one and the same: a product together with an end within 30 days finds tickets in which
//! licences of that product end then.

use std::{fmt, str::FromStr};

use domain::{
    ids::ProductId,
    licensing::{licenses::Binding, products::ProductName},
    serialized_as_text,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Products that are counted one by one.
pub const FACET_PRODUCTS: usize = 30;

/// The values of a facet, each with its name in addresses.
macro_rules! values {
    ($(#[$about:meta])* $enum:ident { $($(#[$doc:meta])* $name:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum $enum { $($(#[$doc])* $name,)* }

        impl $enum {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in addresses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The value of that name.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

values! {
    /// How licences stand, or their ticket.
    TicketState {
        /// Some can still be activated.
        Free = "free",
        /// Some are activated.
        Active = "active",
        /// All are activated.
        Full = "full",
        /// Their time is over.
        Ended = "ended",
        /// They are suspended.
        Suspended = "suspended",
        /// They were revoked.
        Revoked = "revoked",
        /// The ticket is in protected mode.
        Protected = "protected",
    }
}

values! {
    /// Whose tickets.
    OwnerKind {
        /// Of groups.
        Group = "group",
        /// Of people.
        Person = "person",
        /// The reader's own.
        Me = "me",
        /// Nobody's yet.
        Nobody = "nobody",
    }
}

values! {
    /// When licences end.
    Ends {
        /// Within 30 days.
        Month = "30",
        /// Within 90 days.
        Quarter = "90",
        /// After that.
        Later = "later",
        /// Never.
        Never = "never",
    }
}

impl Ends {
    /// Within so many days.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::Later | Self::Never => None,
        }
    }
}

/// What of a list is wanted: at most one value of each facet, and all of them together.
///
/// Text form: `state:free,ends:30`, empty for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Facets {
    pub product: Option<ProductId>,
    pub state: Option<TicketState>,
    pub owner: Option<OwnerKind>,
    pub ends: Option<Ends>,
    /// What licences are bound to while they are in use.
    pub binding: Option<Binding>,
}

/// Names of the facets in addresses.
pub const PRODUCT: &str = "product";
/// See [`PRODUCT`].
pub const STATE: &str = "state";
/// See [`PRODUCT`].
pub const OWNER: &str = "owner";
/// See [`PRODUCT`].
pub const ENDS: &str = "ends";
/// See [`PRODUCT`].
pub const BINDING: &str = "binding";

impl Facets {
    /// Everything.
    pub const NONE: Self = Self {
        product: None,
        state: None,
        owner: None,
        ends: None,
        binding: None,
    };

    /// All facets, by name.
    pub const NAMES: [&'static str; 5] = [PRODUCT, STATE, OWNER, ENDS, BINDING];

    /// Whether everything is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// The value of a facet, as it stands in addresses.
    #[must_use]
    pub fn value(&self, facet: &str) -> Option<String> {
        match facet {
            PRODUCT => self.product.map(|product| product.to_string()),
            STATE => self.state.map(|state| state.name().to_owned()),
            OWNER => self.owner.map(|owner| owner.name().to_owned()),
            ENDS => self.ends.map(|ends| ends.name().to_owned()),
            BINDING => self.binding.map(|binding| binding.to_string()),
            _ => None,
        }
    }

    /// The same with another value of a facet; an unknown value counts as none.
    #[must_use]
    pub fn with(mut self, facet: &str, value: Option<&str>) -> Self {
        match facet {
            PRODUCT => self.product = value.and_then(|value| value.parse().ok()),
            STATE => self.state = value.and_then(TicketState::of),
            OWNER => self.owner = value.and_then(OwnerKind::of),
            ENDS => self.ends = value.and_then(Ends::of),
            BINDING => self.binding = value.and_then(|value| value.parse().ok()),
            _ => {}
        }
        self
    }

    /// The values that are set, each with the name of its facet.
    pub fn set(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let facets = *self;
        let value = move |facet: &'static str| facets.value(facet).map(|value| (facet, value));
        Self::NAMES.into_iter().filter_map(value)
    }
}

impl fmt::Display for Facets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (facet, value)) in self.set().enumerate() {
            let separator = if at == 0 { "" } else { "," };
            write!(f, "{separator}{facet}:{value}")?;
        }
        Ok(())
    }
}

/// The text names no values of facets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no facets of tickets")]
pub struct InvalidFacets;

impl FromStr for Facets {
    type Err = InvalidFacets;

    fn from_str(text: &str) -> Result<Self, InvalidFacets> {
        let mut facets = Self::NONE;
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (facet, value) = part.split_once(':').ok_or(InvalidFacets)?;
            facets = facets.with(facet, Some(value));
            if facets.value(facet).as_deref() != Some(value) {
                return Err(InvalidFacets);
            }
        }
        Ok(facets)
    }
}

serialized_as_text!(Facets);

/// How many tickets there are of a value, whatever value of its facet is wanted, and as the other facets are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ValueCount<T> {
    pub value: T,
    pub tickets: u64,
}

/// The same of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductCount {
    pub product: ProductId,
    pub name: ProductName,
    pub tickets: u64,
}

/// How many tickets there are of each value, of those that the reader sees at a node and that have the words of the search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// The one that is wanted first, then those with most tickets; at most [`FACET_PRODUCTS`].
    pub products: Vec<ProductCount>,
    pub states: Vec<ValueCount<TicketState>>,
    pub owners: Vec<ValueCount<OwnerKind>>,
    pub ends: Vec<ValueCount<Ends>>,
    #[cfg_attr(feature = "ssr", schema(value_type = Vec<ValueCount<crate::views::schemas::BindingSchema>>))]
    pub bindings: Vec<ValueCount<Binding>>,
    /// There are more tickets than are counted: the numbers say how many there are at least.
    pub at_least: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_have_a_text() {
        let facets = Facets {
            product: Some(ProductId(12)),
            ends: Some(Ends::Month),
            binding: Some(Binding::NodeLocked),
            ..Facets::NONE
        };
        assert_eq!(facets.to_string(), "product:12,ends:30,binding:node_locked");
        assert_eq!(facets.to_string().parse(), Ok(facets));
        assert_eq!("".parse(), Ok(Facets::NONE));
        for bad in [
            "state",
            "state:",
            "state:x",
            "colour:red",
            "product:x",
            "ends:30,ends:",
        ] {
            assert_eq!(bad.parse::<Facets>(), Err(InvalidFacets), "{bad}");
        }
    }
}
