//! What holds for the whole: rooms, requirements, secrets, faults.

pub mod asvs;
pub mod bad_input;
pub mod canaries;
pub mod documents;
pub mod failures;
pub mod jobs;
pub mod killed;
pub mod live;
pub mod pages;
pub mod rest;
pub mod rooms;
pub mod texts;
