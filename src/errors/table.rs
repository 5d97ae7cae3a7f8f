//! How a reason is told: status and text of each, side by side, in the file of its area.
//!
//! `Refusal` is one enum, and each area has a macro with its rows. It adds them to those that it is given and hands all of
//! them to the next name: the last one makes the two functions below of them, whose `match` a missing row does not pass.

/// Makes the status and the text of an enum out of rows `pattern => status, text;`, where the text is a function of the language.
macro_rules! table {
    ($status:ident, $text:ident: $Reason:ty; $($reason:pat => $code:expr, $told:expr;)*) => {
        /// The HTTP status that goes with it.
        #[must_use]
        #[expect(unused_variables, reason = "the text names what the status does not depend on")]
        pub const fn $status(reason: &$Reason) -> u16 {
            match reason { $($reason => $code,)* }
        }

        /// What happened, and what to do next.
        #[must_use]
        pub fn $text(lang: Language, reason: &$Reason) -> String {
            match reason { $($reason => said(lang, $told),)* }
        }
    };
}

/// The table of all refusals.
macro_rules! refusals {
    ($($rows:tt)*) => { table! { refusal_status, explain_refusal: Refusal; $($rows)* } };
}
