//! Parts that know nothing of licences: forms, dialogs, charts, icons, toasts.

pub mod browser;
pub mod chart;
pub mod copy;
pub mod dialog;
pub mod forms;
pub mod icons;
pub mod keys;
pub mod language;
pub mod location;
pub mod menu;
pub mod meter;
pub mod pager;
pub mod pieces;
pub mod qr_code;
pub mod tabs;
pub mod time;
pub mod toast;
