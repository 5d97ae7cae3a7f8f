//! What holds for the whole: rooms, requirements, secrets, faults.

pub mod asvs;
pub mod bad_input;
pub mod canaries;
pub mod documents;
pub mod failures;
mod fanout;
mod floods;
mod freshness;
mod hearing;
mod hosts;
pub mod jobs;
pub mod killed;
pub mod live;
mod loading;
mod malformed;
mod manual;
mod metrics;
mod modes;
pub mod pages;
mod pooler;
pub mod rest;
pub mod rooms;
mod screens;
mod serializable;
mod settings;
mod silence;
pub mod texts;
