//! Labels whose values are known when the portal is built.

macro_rules! labels {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            pub(super) const ALL: &[Self] = &[$(Self::$variant),*];

            /// As the label has it.
            pub(super) const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}
pub(super) use labels;
