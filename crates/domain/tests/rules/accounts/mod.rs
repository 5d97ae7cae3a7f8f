//! Logins: how long they last, and whether somebody still looks at them.

mod presence;
mod sessions;
