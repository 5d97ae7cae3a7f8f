//! What forms of the desk keep of its address.

use leptos::prelude::*;

use crate::ui::desk::{
    address::{Panel, parameters},
    state::DeskState,
};

/// Fields that keep what the address asks for in a form that asks for something else: all but these.
pub fn kept(desk: DeskState, but: &'static [&'static str]) -> AnyView {
    let asked = desk
        .query
        .with(|query| desk.finding.asked.with(|find| parameters(query, find)));
    let panel = desk
        .panel
        .get()
        .map(|panel| (Panel::PARAM, panel.name().to_owned()));
    let kept = asked
        .into_iter()
        .chain(panel)
        .filter(|(name, _)| !but.contains(name));
    kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect::<Vec<_>>()
        .into_any()
}
