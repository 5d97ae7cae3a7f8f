//! The parts that pages are made of.

pub mod activated;
pub mod admin_nav;
pub mod bar;
pub mod choices;
pub mod copy;
pub mod credentials;
pub mod dialog;
pub mod door;
pub mod forms;
pub mod ghost;
pub mod icons;
pub mod idle;
pub mod license_drag;
pub mod licenses;
pub mod machine;
pub mod move_dialog;
pub mod pager;
pub mod person;
pub mod preview;
pub mod qr_code;
pub mod requests;
pub mod ticket_table;
pub mod tree;
pub mod units;
pub mod view_as;
