//! Menus that a button opens. Without scripts they open, too, and hold plain links and forms; with them they are menus as
//! keyboards and screen readers know them (ARIA, menu button).

use leptos::{
    ev::{Event, FocusEvent, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, Node},
};

use crate::ui::kit::{browser, icons::ChevronIcon, language::use_language, location::here};

pub mod context;

/// What is opened by its button, and closes when the focus goes elsewhere, and on the way to another page.
#[derive(Clone, Copy)]
pub struct DropDown {
    /// The element, which is open or not.
    pub node: NodeRef<html::Details>,
}

impl DropDown {
    /// Made with the component that shows it.
    #[must_use]
    pub fn new() -> Self {
        let (drop_down, here) = (Self { node: NodeRef::new() }, here());
        Effect::watch(move || here.get(), move |_, _, _| drop_down.close(), false);
        drop_down
    }

    /// Closes it.
    pub fn close(self) {
        if let Some(node) = self.node.get_untracked() {
            // What is closed stays closed.
            let _ = node.remove_attribute("open");
        }
    }

    /// Closes it, and gives the focus back to its button.
    pub fn leave(self) {
        self.close();
        let node = self.node.get_untracked();
        let button = node.and_then(|node| node.query_selector("summary").ok().flatten());
        if let Some(Ok(button)) = button.map(JsCast::dyn_into::<HtmlElement>) {
            // What is in the page can be focused.
            let _ = button.focus();
        }
    }

    /// Closes it where the focus has gone out of it.
    pub fn focus_out(self, event: &FocusEvent) {
        // In some browsers a button that is pressed has no focus: then nothing has it.
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let node = self.node.get_untracked();
        if to.zip(node).is_some_and(|(to, node)| !node.contains(Some(&to))) {
            self.close();
        }
    }

    fn is_open(self) -> bool {
        let node = self.node.get_untracked();
        node.is_some_and(|node| node.has_attribute("open"))
    }

    /// The items, in their order.
    fn items(self) -> Vec<HtmlElement> {
        let node = self.node.get_untracked();
        node.map_or_else(Vec::new, |node| browser::all_inside(&node, "[role=menuitem]"))
    }
}

impl Default for DropDown {
    fn default() -> Self {
        Self::new()
    }
}

/// Where a key leads among items with these names, from the one that has the focus; `None` where it is no key of menus, or
/// leads nowhere.
fn led_to(key: &str, at: Option<usize>, names: &[String]) -> Option<usize> {
    let last = names.len().checked_sub(1)?;
    match key {
        "ArrowDown" => Some(at.filter(|at| *at < last).map_or(0, |at| at + 1)),
        "ArrowUp" => Some(at.filter(|at| *at > 0).map_or(last, |at| at - 1)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => {
            let mut letters = key.chars();
            let letter = letters.next().filter(|letter| letter.is_alphanumeric())?;
            if letters.next().is_some() {
                return None;
            }
            let letter: String = letter.to_lowercase().collect();
            // The next one that begins so, after the last the first again.
            let next = at.map_or(0, |at| at + 1);
            let mut others = (next..names.len()).chain(0..next.min(names.len()));
            others.find(|other| names[*other].trim_start().to_lowercase().starts_with(&letter))
        }
    }
}

/// What a key does in an open menu with these items: walks through it, chooses, or ends it. `leave` gives the focus back, `close`
/// does not.
fn pressed(event: &KeyboardEvent, items: &[HtmlElement], leave: impl FnOnce(), close: impl FnOnce()) {
    let focused = document().active_element();
    let at = items.iter().position(|item| {
        let item: &Node = item;
        focused
            .as_ref()
            .is_some_and(|focused| focused.is_same_node(Some(item)))
    });
    match event.key().as_str() {
        "Escape" => {
            // An open dialog around it would close, too.
            event.prevent_default();
            leave();
        }
        "Tab" => close(),
        // A link answers to Enter only.
        " " => {
            if let Some(item) = at.and_then(|at| items.get(at)) {
                event.prevent_default();
                item.click();
            }
        }
        key => {
            let names: Vec<_> = items
                .iter()
                .map(|item| item.text_content().unwrap_or_default())
                .collect();
            if let Some(item) = led_to(key, at, &names).and_then(|to| items.get(to)) {
                event.prevent_default();
                let _ = item.focus();
            }
        }
    }
}

/// An attribute of menus, once their keys work: before that, links and buttons are what they are.
fn once_alive(value: &'static str) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let alive = RwSignal::new(false);
    Effect::new(move |_| _ = alive.try_set(true));
    // The page around it may be made anew before its turn comes.
    move || alive.try_get().unwrap_or(false).then_some(value)
}

/// A button, and the menu that it opens.
#[component]
pub fn Menu(
    /// What stands on the button.
    label: &'static str,
    /// The items.
    children: Children,
) -> impl IntoView {
    let drop_down = DropDown::new();
    // The item that gets the focus when the menu opens: the first, unless it was opened upwards.
    let upwards = StoredValue::new(false);
    let opened = move |_: Event| {
        let from = upwards.get_value();
        upwards.set_value(false);
        let items = drop_down.items();
        let item = if from { items.last() } else { items.first() };
        if let Some(item) = item.filter(|_| drop_down.is_open()) {
            let _ = item.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let key = event.key();
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if !drop_down.is_open() {
            if (key == "ArrowDown" || key == "ArrowUp")
                && let Some(node) = drop_down.node.get_untracked()
            {
                event.prevent_default();
                upwards.set_value(key == "ArrowUp");
                // Fails for no attribute with a name like this.
                let _ = node.set_attribute("open", "");
            }
            return;
        }
        pressed(
            &event,
            &drop_down.items(),
            || drop_down.leave(),
            || drop_down.close(),
        );
    };
    let menu = once_alive("menu");
    view! {
        <details
            class="drop"
            node_ref=drop_down.node
            on:focusout=move |event| drop_down.focus_out(&event)
            on:keydown=on_key
            on:toggle=opened
        >
            <summary class="btn" aria-haspopup=menu>
                {label}
                <ChevronIcon/>
            </summary>
            // What is chosen in it may open a dialog, which gives the focus back to the button.
            <div class="menu" role=menu aria-label=move || menu().map(|_| label) on:click=move |_| drop_down.leave()>
                {children()}
            </div>
        </details>
    }
    .into_any()
}

/// The menu of what can be done with the thing that a page shows.
#[component]
pub fn Actions(children: Children) -> impl IntoView {
    view! { <Menu label=use_language().actions()>{children()}</Menu> }
}

/// An item that leads somewhere.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    to: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// Ends something.
    #[prop(optional)]
    danger: bool,
    /// Does it in another way, where there are scripts.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let (item, focusable) = (once_alive("menuitem"), once_alive("-1"));
    let press = move |event: MouseEvent| {
        if let Some(on_press) = on_press {
            on_press.run(event);
        }
    };
    view! {
        <a class="btn plain" class:dangerous=danger href=to role=item tabindex=focusable on:click=press>
            {label}
        </a>
    }
    .into_any()
}

/// An item that sends the form in which it stands. Of that, `attr:role` is `none`, so that the menu knows its items.
#[component]
pub fn MenuButton(
    /// What it is called.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let (item, focusable) = (once_alive("menuitem"), once_alive("-1"));
    view! { <button class="btn plain" role=item tabindex=focusable>{label}</button> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_through_a_menu() {
        let names = ["Move to…", "Protect", "mail", "Éclair"].map(str::to_owned);
        let to = |key, at| led_to(key, at, &names);
        assert_eq!(
            [
                to("ArrowDown", None),
                to("ArrowDown", Some(0)),
                to("ArrowDown", Some(3))
            ],
            [Some(0), Some(1), Some(0)]
        );
        assert_eq!(
            [
                to("ArrowUp", None),
                to("ArrowUp", Some(3)),
                to("ArrowUp", Some(0))
            ],
            [Some(3), Some(2), Some(3)]
        );
        assert_eq!([to("Home", Some(2)), to("End", Some(0))], [Some(0), Some(3)]);
        assert_eq!(
            [
                to("m", None),
                to("m", Some(0)),
                to("M", Some(2)),
                to("é", Some(3))
            ],
            [Some(0), Some(2), Some(0), Some(3)]
        );
        for key in ["x", "Enter", "F1", " ", "Tab", "-"] {
            assert_eq!(to(key, Some(1)), None, "{key}");
        }
        assert_eq!(led_to("ArrowDown", None, &[]), None);
    }
}
