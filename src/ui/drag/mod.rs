//! Dragging tickets and groups onto the tree, by mouse, finger and keys.

pub mod keyboard;
pub mod machine;
pub mod pointer;
pub mod verdict;
