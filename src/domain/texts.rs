//! Enums that stand in the database by a text of their own.

/// An enum whose variants have a text each, written by `Display` and read by `FromStr`; and the error of any other text.
macro_rules! enum_of_texts {
    (
        $(#[$about:meta])*
        $enum:ident, else $unknown:ident;
        $($(#[$doc:meta])* $name:ident = $text:literal,)*
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $enum { $($(#[$doc])* $name,)* }

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

pub(super) use enum_of_texts;
