//! Facets of a list of tickets: what of it is wanted, and how many tickets there are of each value.
//!
//! What is said of licences is said of one and the same: a product together with an end within 30 days finds tickets in which
//! licences of that product end then.

use std::{collections::BTreeSet, fmt, str::FromStr};

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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// What of a list is wanted: of each facet any of some values, and all facets together. A facet without values wants everything.
///
/// Text form: `state:free,state:full,ends:30`, empty for everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Facets {
    /// At most [`FACET_PRODUCTS`].
    pub product: BTreeSet<ProductId>,
    pub state: BTreeSet<TicketState>,
    pub owner: BTreeSet<OwnerKind>,
    pub ends: BTreeSet<Ends>,
    /// What licences are bound to while they are in use.
    pub binding: BTreeSet<Binding>,
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

/// Puts a value into a set, or takes it out of it; what is no value changes nothing.
fn change<T: Ord>(set: &mut BTreeSet<T>, value: Option<T>, wanted: bool) {
    let Some(value) = value else { return };
    if wanted {
        set.insert(value);
    } else {
        set.remove(&value);
    }
}

impl Facets {
    /// Everything.
    pub const NONE: Self = Self {
        product: BTreeSet::new(),
        state: BTreeSet::new(),
        owner: BTreeSet::new(),
        ends: BTreeSet::new(),
        binding: BTreeSet::new(),
    };

    /// All facets, by name.
    pub const NAMES: [&'static str; 5] = [PRODUCT, STATE, OWNER, ENDS, BINDING];

    /// Whether everything is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// The values of a facet, as they stand in addresses.
    #[must_use]
    pub fn values(&self, facet: &str) -> Vec<String> {
        match facet {
            PRODUCT => self.product.iter().map(ToString::to_string).collect(),
            STATE => self.state.iter().map(|state| state.name().to_owned()).collect(),
            OWNER => self.owner.iter().map(|owner| owner.name().to_owned()).collect(),
            ENDS => self.ends.iter().map(|ends| ends.name().to_owned()).collect(),
            BINDING => self.binding.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    /// The same with one more value of a facet; an unknown value counts as none, as do more products than [`FACET_PRODUCTS`].
    #[must_use]
    pub fn with(self, facet: &str, value: &str) -> Self {
        if facet == PRODUCT && self.product.len() >= FACET_PRODUCTS {
            return self;
        }
        self.changed(facet, value, true)
    }

    /// The same without a value of a facet.
    #[must_use]
    pub fn without(self, facet: &str, value: &str) -> Self {
        self.changed(facet, value, false)
    }

    fn changed(mut self, facet: &str, value: &str, wanted: bool) -> Self {
        match facet {
            PRODUCT => change(&mut self.product, value.parse().ok(), wanted),
            STATE => change(&mut self.state, TicketState::of(value), wanted),
            OWNER => change(&mut self.owner, OwnerKind::of(value), wanted),
            ENDS => change(&mut self.ends, Ends::of(value), wanted),
            BINDING => change(&mut self.binding, value.parse().ok(), wanted),
            _ => {}
        }
        self
    }

    /// The same with any value of a facet.
    #[must_use]
    pub fn with_any(mut self, facet: &str) -> Self {
        match facet {
            PRODUCT => self.product.clear(),
            STATE => self.state.clear(),
            OWNER => self.owner.clear(),
            ENDS => self.ends.clear(),
            BINDING => self.binding.clear(),
            _ => {}
        }
        self
    }

    /// The values that are set, each with the name of its facet.
    #[must_use]
    pub fn set(&self) -> Vec<(&'static str, String)> {
        let values = |facet: &'static str| self.values(facet).into_iter().map(move |value| (facet, value));
        Self::NAMES.into_iter().flat_map(values).collect()
    }
}

impl fmt::Display for Facets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (facet, value)) in self.set().iter().enumerate() {
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
            facets = facets.with(facet, value);
            if !facets.values(facet).iter().any(|known| known == value) {
                return Err(InvalidFacets);
            }
        }
        Ok(facets)
    }
}

serialized_as_text!(Facets);

/// How many tickets there are of a value, whatever values of its facet are wanted, and as the other facets are.
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
    /// Those that are wanted first, then those with most tickets; at most [`FACET_PRODUCTS`].
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
        let facets = Facets::NONE
            .with(BINDING, "node_locked")
            .with(ENDS, "30")
            .with(STATE, "full")
            .with(PRODUCT, "12")
            .with(STATE, "free")
            .with(STATE, "no state");
        let text = "product:12,state:free,state:full,ends:30,binding:node_locked";
        assert_eq!(facets.to_string(), text);
        assert_eq!(text.parse(), Ok(facets.clone()));
        // As texts were that had one value of each.
        assert_eq!(
            "state:free,ends:30".parse(),
            Ok(Facets::NONE.with(STATE, "free").with(ENDS, "30"))
        );
        let twice: Facets = "state:full,state:free,state:full".parse().unwrap();
        assert_eq!(twice.to_string(), "state:free,state:full");
        let fewer = facets
            .without(STATE, "free")
            .without(ENDS, "never")
            .with_any(BINDING);
        assert_eq!(fewer.to_string(), "product:12,state:full,ends:30");
        assert_eq!("".parse(), Ok(Facets::NONE));
        for bad in [
            "state",
            "state:",
            "state:x",
            "colour:red",
            "product:x",
            "ends:30,ends:",
            "product:12,product:012",
        ] {
            assert_eq!(bad.parse::<Facets>(), Err(InvalidFacets), "{bad}");
        }
    }
    #[test]
    fn products_have_a_limit() {
        let many = |count: usize| {
            let products: Vec<String> = (1..=count).map(|id| format!("product:{id}")).collect();
            products.join(",").parse::<Facets>()
        };
        assert_eq!(many(FACET_PRODUCTS).unwrap().product.len(), FACET_PRODUCTS);
        assert_eq!(many(FACET_PRODUCTS + 1), Err(InvalidFacets));
    }
}
