//! How a text of an index finds the same text in the folder of each language.

/// The texts of a language, in its folder: what is plain, and what has something in it.
///
/// ```text
/// texts! {
///     log_in: "Log in";
///     via(group: &str): "via {group}";
///     count_selected(n: usize): "{n} selected", n = count(n);
/// }
/// ```
macro_rules! texts {
    ($(
        $name:ident $(($($parameter:ident: $type:ty),*))?: $text:literal $(, $key:ident = $value:expr)*;
    )*) => {
        $(texts! { @ $name $(($($parameter: $type),*))?, $text $(, $key = $value)* })*
    };
    (@ $name:ident, $text:literal) => {
        pub const fn $name() -> &'static str {
            $text
        }
    };
    (@ $name:ident($($parameter:ident: $type:ty),*), $text:literal $(, $key:ident = $value:expr)*) => {
        pub fn $name($($parameter: $type),*) -> String {
            format!($text $(, $key = $value)*)
        }
    };
}

/// What [`Language`](super::Language) says of an area: the names of plain texts, then the sentences with what is in
/// them.
macro_rules! index {
    (
        $area:ident: $($text:ident),*;
        $($(#[$doc:meta])* fn $name:ident($($parameter:ident: $type:ty),*);)*
    ) => {
        #[expect(missing_docs, reason = "a text says itself what it means")]
        impl Language {
            $(
                #[must_use]
                pub const fn $text(self) -> &'static str {
                    say!(self, $area::$text())
                }
            )*
        }

        impl Language {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(self, $($parameter: $type),*) -> String {
                    say!(self, $area::$name($($parameter),*))
                }
            )*
        }
    };
}

/// A text of an area in a language: `say!(self, tickets::via(group))`.
macro_rules! say {
    ($language:expr, $area:ident::$text:ident $arguments:tt) => {
        languages!(say_in, $language, $area::$text $arguments)
    };
}

macro_rules! say_in {
    (
        [$($variant:ident: $tag:literal, $folder:ident;)*]
        $language:expr, $area:ident::$text:ident $arguments:tt
    ) => {
        match $language {
            $($crate::i18n::Language::$variant => $crate::i18n::$folder::$area::$text $arguments,)*
        }
    };
}

/// The enum of the languages, and their folders.
macro_rules! declare {
    (
        [
            $default:ident: $default_tag:literal, $default_folder:ident;
            $($variant:ident: $tag:literal, $folder:ident;)*
        ]
    ) => {
        mod $default_folder;
        $(mod $folder;)*

        /// A language of the screens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum Language {
            #[default]
            #[doc = $default_tag]
            $default,
            $(
                #[doc = $tag]
                $variant,
            )*
        }

        impl Language {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[Self::$default, $(Self::$variant),*];

            /// The language tag (BCP 47).
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self {
                    Self::$default => $default_tag,
                    $(Self::$variant => $tag,)*
                }
            }
        }
    };
}
