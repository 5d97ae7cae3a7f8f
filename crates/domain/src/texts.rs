//! Types that have a text of their own.

/// An enum for the database, whose variants have a text each, written by `Display` and read by `FromStr`; and the error of any other text.
macro_rules! enum_of_texts {
    (
        $(#[$about:meta])*
        $enum:ident, else $unknown:ident;
        $($(#[$doc:meta])* $name:ident = $text:literal,)*
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $enum { $($(#[$doc])* $name,)* }

        impl $enum {
            /// Every one, in the order in which they stand here.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$name => $text,)* })
            }
        }

        impl std::str::FromStr for $enum {
            type Err = $unknown;
            fn from_str(text: &str) -> Result<Self, $unknown> {
                match text { $($text => Ok(Self::$name),)* _ => Err($unknown) }
            }
        }

        #[doc = concat!("The text is none of [`", stringify!($enum), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error("unknown text")]
        pub struct $unknown;
    };
}

/// Has serde write a type by its `Display` and read it by its `FromStr`; the type says
/// `#[serde(into = "String", try_from = "String")]`.
#[macro_export]
macro_rules! serialized_as_text {
    ($type:ident) => {
        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<String> for $type {
            type Error = <$type as std::str::FromStr>::Err;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}

pub(crate) use enum_of_texts;
