//! Who may see what, and who may do what.

mod accounts;
mod audience;
mod groups;
mod history;
mod licensing;
mod people;
mod resellers;
mod tickets;
mod viewers;
