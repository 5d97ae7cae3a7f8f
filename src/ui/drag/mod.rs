//! Dragging by mouse, finger and keys: tickets and groups onto the tree, licences onto containers.

pub mod board;
pub mod gesture;
pub mod ghost;
pub mod keyboard;
pub mod pointer;
