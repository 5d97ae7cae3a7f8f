//! What the screens ask of the browser. Does nothing on the server, where no effect or handler runs.

#[cfg(any(test, feature = "hydrate"))]
mod edges;

#[cfg(feature = "hydrate")]
pub use alive::*;
#[cfg(not(feature = "hydrate"))]
pub use asleep::*;

#[cfg(feature = "hydrate")]
mod alive {
    use std::{
        cell::{Cell, RefCell},
        time::Duration,
    };

    use leptos::prelude::{
        document, on_cleanup, queue_microtask, request_animation_frame, set_interval_with_handle, set_timeout,
    };
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{
        Element, FocusOptions, HtmlElement, HtmlFormElement, ScrollIntoViewOptions, ScrollLogicalPosition,
    };

    /// How often it is looked for the heading of a page that loads, and how many times: ten seconds, as long as pages may take.
    const HEADING_LOOK: Duration = Duration::from_millis(50);
    const HEADING_LOOKS: u32 = 200;
    /// How many times it is looked whether a list was made anew: two seconds.
    const LOST_LOOKS: u32 = 40;

    fn find(selector: &str) -> Option<HtmlElement> {
        document()
            .query_selector(selector)
            .ok()
            .flatten()?
            .dyn_into()
            .ok()
    }

    /// All elements inside that fit, in their order.
    pub fn all_inside(element: &Element, selector: &str) -> Vec<HtmlElement> {
        let Ok(found) = element.query_selector_all(selector) else {
            return Vec::new();
        };
        let fitting = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok());
        fitting.collect()
    }

    /// Focuses the first element that fits, and shows it. Whether there was one.
    pub fn focus(selector: &str) -> bool {
        let Some(element) = find(selector) else {
            return false;
        };
        // What is in the page can be focused; a missing `tabindex` is not an error.
        let _ = element.focus();
        scroll_to(selector);
        true
    }

    /// The same after what was changed is on the screen; the first of the selectors that fits.
    pub fn focus_soon(selectors: Vec<String>) {
        request_animation_frame(move || {
            let _ = selectors
                .iter()
                .any(|selector| focus(selector) && has_focus(selector));
        });
    }

    /// Whether the first element that fits has the focus: what is not on the screen gets none.
    fn has_focus(selector: &str) -> bool {
        let focused = document().active_element();
        find(selector).zip(focused).is_some_and(|(element, focused)| {
            let element: &Element = &element;
            *element == focused
        })
    }

    /// Prints the page.
    pub fn print() {
        // Without a printer there is nothing to be done.
        let _ = leptos::prelude::window().print();
    }

    /// Scrolls as little as is needed to show the first element that fits.
    pub fn scroll_to(selector: &str) {
        if let Some(element) = find(selector) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Shows the element once it is on the screen, unless it can be seen anyway.
    pub fn reveal(element: &Element) {
        let element = element.clone();
        request_animation_frame(move || {
            let place = element.get_bounding_client_rect();
            let height = leptos::prelude::window()
                .inner_height()
                .ok()
                .and_then(|height| height.as_f64());
            if place.top() < 0.0 || height.is_some_and(|height| place.bottom() > height) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Center);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    /// Forgets what was ticked and typed in the forms that fit, or stand in what fits, and closes what was opened there.
    pub fn reset_forms(selector: &'static str) {
        request_animation_frame(move || {
            let inside = format!("{selector} form, form{selector}, {selector} details[open]");
            let Ok(found) = document().query_selector_all(&inside) else {
                return;
            };
            for at in 0..found.length() {
                let Some(node) = found.item(at) else { continue };
                match node.dyn_into::<HtmlFormElement>() {
                    Ok(form) => form.reset(),
                    Err(node) => {
                        let _ = node.unchecked_into::<Element>().remove_attribute("open");
                    }
                }
            }
        });
    }

    /// Names the attributes that identify lines, in which focused controls are found again.
    pub fn lines_have(attributes: &'static [&'static str]) {
        LINES.set(attributes);
    }

    /// A selector that finds the focused control again, where it stands in a line: see [`lines_have`].
    pub fn focused() -> Option<String> {
        let active = document().active_element()?;
        let own = |element: &Element, name: &str| {
            element
                .get_attribute(name)
                .map(|value| format!("[{name}=\"{value}\"]"))
        };
        let names = LINES.get();
        let lines: Vec<_> = names.iter().map(|name| format!("[{name}]")).collect();
        let line = active.closest(&lines.join(",")).ok().flatten()?;
        let line_selector = names.iter().find_map(|name| own(&line, name))?;
        Some(match own(&active, "data-control") {
            Some(control) => format!("{line_selector} {control}"),
            None => line_selector,
        })
    }

    thread_local! {
        static LINES: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
        /// The control that is to get the focus back. A second change may come before it has it.
        static OWED: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    fn nothing_focused() -> bool {
        document()
            .active_element()
            .is_none_or(|active| active.tag_name() == "BODY")
    }

    /// On the way to another page: once what had the focus is gone and the page has a heading, that has it, so that keyboards
    /// and screen readers go on from there. Where something else has it by the time the new heading is there, that keeps it, and
    /// what is lost later is no matter of the way.
    pub fn land() {
        land_within(HEADING_LOOKS, find(TITLE));
    }

    const TITLE: &str = "main h1";

    fn land_within(looks: u32, before: Option<HtmlElement>) {
        set_timeout(
            move || {
                let title = find(TITLE);
                let is_new = title.is_some() && title != before;
                match title.filter(|_| nothing_focused()) {
                    Some(title) => {
                        let _ = title.set_attribute("tabindex", "-1");
                        let options = FocusOptions::new();
                        options.set_prevent_scroll(true);
                        let _ = title.focus_with_options(&options);
                    }
                    None if looks > 0 && !is_new => land_within(looks - 1, before),
                    None => {}
                }
            },
            HEADING_LOOK,
        );
    }

    /// Changes what is shown, and gives the focus back to the control that had it, should the change have taken it. Where
    /// that is gone, or cannot be found again, the element with the id `otherwise` gets it.
    pub fn keeping_focus(otherwise: &'static str, change: impl FnOnce()) {
        let before = if nothing_focused() {
            OWED.take()
        } else {
            Some(focused().unwrap_or_else(|| format!("#{otherwise}")))
        };
        OWED.set(before.clone());
        change();
        let Some(selector) = before else { return };
        // Effects run in a microtask; those of the lists have to be through.
        queue_microtask(move || {
            request_animation_frame(move || {
                if nothing_focused() && !focus(&selector) {
                    focus(&format!("#{otherwise}"));
                }
                OWED.set(None);
            });
        });
    }

    /// Focuses the first element that fits once what had the focus is gone, should that happen soon: lists are made anew.
    pub fn focus_when_lost(selector: String) {
        focus_within(selector, LOST_LOOKS);
    }

    fn focus_within(selector: String, looks: u32) {
        set_timeout(
            move || {
                if nothing_focused() && focus(&selector) {
                    return;
                }
                if looks > 0 {
                    focus_within(selector, looks - 1);
                }
            },
            HEADING_LOOK,
        );
    }

    /// The value of that attribute at that place of the screen.
    pub fn attribute_at((x, y): (f64, f64), name: &str) -> Option<String> {
        #[expect(clippy::cast_possible_truncation, reason = "places on a screen fit")]
        let element = document().element_from_point(x as f32, y as f32)?;
        let bearer = element.closest(&format!("[{name}]")).ok().flatten()?;
        bearer.get_attribute(name)
    }

    /// Scrolls the list that fits when the place is near its upper or lower edge. Whether it scrolled.
    pub fn scroll_near_edge((x, y): (f64, f64), selector: &str) -> bool {
        let Some(list) = find(selector) else {
            return false;
        };
        let bounds = list.get_bounding_client_rect();
        if x < bounds.left() || x > bounds.right() {
            return false;
        }
        let before = list.scroll_top();
        list.set_scroll_top(before + super::edges::pace(y, bounds.top(), bounds.bottom()));
        list.scroll_top() != before
    }

    /// The sides of a part of the window, in CSS pixels: left, top, right, bottom.
    pub type Sides = (f64, f64, f64, f64);
    /// Width and height in CSS pixels.
    pub type Size = (f64, f64);

    /// Size of the element and of the window, and where that which fits stands in it.
    pub fn room_for(element: &Element, beside: &str) -> Option<(Size, Size, Option<Sides>)> {
        let own = element.get_bounding_client_rect();
        let root = document().document_element()?;
        let window = (f64::from(root.client_width()), f64::from(root.client_height()));
        let sides = find(beside).map(|list| {
            let list = list.get_bounding_client_rect();
            (list.left(), list.top(), list.right(), list.bottom())
        });
        Some(((own.width(), own.height()), window, sides))
    }

    /// Where the first element that fits stands in the window.
    pub fn sides(selector: &str) -> Option<Sides> {
        let place = find(selector)?.get_bounding_client_rect();
        Some((place.left(), place.top(), place.right(), place.bottom()))
    }

    /// Acts before the next frame is on the screen.
    pub fn next_frame(act: impl FnOnce() + 'static) {
        request_animation_frame(act);
    }

    /// Height of a line, and of the part of the list that is seen, and how far it is scrolled, in CSS pixels.
    pub fn measures(list: &str, line: &str) -> Option<(f64, f64, f64)> {
        let (list, line) = (find(list)?, find(line)?);
        Some((
            f64::from(line.offset_height()).max(1.0),
            f64::from(list.client_height()),
            f64::from(list.scroll_top()),
        ))
    }

    /// Whether there is an element that fits.
    pub fn is_there(selector: &str) -> bool {
        find(selector).is_some()
    }

    /// Presses the first element that fits.
    pub fn click(selector: &str) {
        if let Some(element) = find(selector) {
            element.click();
        }
    }

    /// Opens a page in another tab.
    pub fn open_beside(address: &str) {
        // Refused where the browser lets no page open tabs.
        let _ = leptos::prelude::window().open_with_url_and_target(address, "_blank");
    }

    /// On the way to another page: once the dialog that led there is closed, nothing has the focus, or the first element that fits.
    pub fn release_focus(to: Option<&'static str>) {
        request_animation_frame(move || {
            if to.is_some_and(focus) {
                return;
            }
            let active = document().active_element();
            if let Some(Ok(active)) = active.map(JsCast::dyn_into::<HtmlElement>) {
                // What has the focus can lose it.
                let _ = active.blur();
            }
        });
    }

    /// Whether the focused element is inside one that fits.
    pub fn focus_is_within(selector: &str) -> bool {
        let active = document().active_element();
        active.is_some_and(|active| active.closest(selector).ok().flatten().is_some())
    }

    /// While this stands, a pressed link loads its page as it does without a program.
    pub struct PlainLinks(Closure<dyn Fn(web_sys::Event)>);

    impl PlainLinks {
        /// Before the router listens: it must not leave a page in the middle of waking it.
        pub fn begin() -> Self {
            let passed_by = Closure::new(|event: web_sys::Event| {
                let pressed = event
                    .target()
                    .and_then(|target| target.dyn_into::<Element>().ok());
                if pressed.is_some_and(|element| element.closest("a[href]").is_ok_and(|link| link.is_some()))
                {
                    event.stop_propagation();
                }
            });
            // Refused only where there is no window.
            let _ = leptos::prelude::window().add_event_listener_with_callback_and_bool(
                "click",
                passed_by.as_ref().unchecked_ref(),
                true,
            );
            Self(passed_by)
        }
    }

    impl Drop for PlainLinks {
        fn drop(&mut self) {
            let listener = self.0.as_ref().unchecked_ref();
            // It was added above.
            let _ = leptos::prelude::window()
                .remove_event_listener_with_callback_and_bool("click", listener, true);
        }
    }

    /// Tells style and tests that the page has come alive.
    pub fn mark_alive() {
        if let Some(html) = document().document_element() {
            // Only the wish to show a button early depends on it.
            let _ = html.set_attribute("data-ready", "");
        }
    }

    /// Whether the page has come alive.
    pub fn is_alive() -> bool {
        let html = document().document_element();
        html.is_some_and(|html| html.has_attribute("data-ready"))
    }

    /// Loads the page again: the session has ended, or the server is another.
    pub fn reload() {
        // Refused only inside a sandbox.
        let _ = leptos::prelude::location().reload();
    }

    /// By how many minutes the reader's clock is before UTC at that moment, which is given in milliseconds since 1970.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "milliseconds of years with four digits are exact, and offsets are whole minutes of a day"
    )]
    pub fn minutes_from_utc(at: i64) -> Option<i32> {
        let behind = js_sys::Date::new(&JsValue::from_f64(at as f64)).get_timezone_offset();
        Some(-behind)
            .filter(|minutes| minutes.is_finite())
            .map(|minutes| minutes as i32)
    }

    /// Goes to another page, by loading it.
    pub fn go(address: &str) {
        // Refused only inside a sandbox.
        let _ = leptos::prelude::location().assign(address);
    }

    /// Does something again and again, until the component is left.
    pub fn every(period: Duration, act: impl FnMut() + 'static) {
        let act = RefCell::new(act);
        // Refused only where there is no window.
        let act = move || {
            let act = &mut *act.borrow_mut();
            act();
        };
        if let Ok(interval) = set_interval_with_handle(act, period) {
            on_cleanup(move || interval.clear());
        }
    }

    /// Writes that address over the one of the page shown.
    pub fn rename_page(address: &str) {
        let Ok(history) = leptos::prelude::window().history() else {
            return;
        };
        let state = history.state().unwrap_or(JsValue::NULL);
        // Refused only where it happens too often; then the old address stays.
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }

    /// Keeps the page that stands in for the portal while it cannot be reached, in that language.
    pub fn keep_offline_page(language: &str) {
        let navigator = leptos::prelude::window().navigator();
        // Browsers have it on secure addresses only.
        if js_sys::Reflect::has(&navigator, &"serviceWorker".into()) != Ok(true) {
            return;
        }
        let registration = navigator
            .service_worker()
            .register(&format!("/offline.js?language={language}"));
        // Refused in some private windows: these do without.
        let without = Closure::once(|_: JsValue| {});
        drop(registration.catch(&without));
        without.forget();
    }
}

#[cfg(not(feature = "hydrate"))]
mod asleep {
    /// All elements inside that fit.
    pub const fn all_inside(
        _element: &leptos::web_sys::Element,
        _selector: &str,
    ) -> Vec<leptos::web_sys::HtmlElement> {
        Vec::new()
    }
    /// Focuses the first element that fits.
    pub fn focus(_selector: &str) -> bool {
        false
    }
    /// The same after what was changed is on the screen.
    pub fn focus_soon(_selectors: Vec<String>) {}
    /// Scrolls as little as is needed to show the first element that fits.
    pub fn scroll_to(_selector: &str) {}
    /// Shows the element, unless it can be seen anyway.
    pub fn reveal(_element: &leptos::web_sys::Element) {}
    /// By how many minutes the reader's clock is before UTC.
    pub const fn minutes_from_utc(_at: i64) -> Option<i32> {
        None
    }
    /// Focuses the first element that fits once what had the focus is gone.
    pub fn focus_when_lost(_selector: String) {}
    /// Gives the focus to the heading of another page.
    pub const fn land() {}
    /// Forgets what was ticked and typed.
    pub const fn reset_forms(_selector: &'static str) {}
    /// Prints the page.
    pub fn print() {}
    /// Names the attributes that identify lines.
    pub const fn lines_have(_attributes: &'static [&'static str]) {}
    /// A selector that finds the focused control again.
    pub fn focused() -> Option<String> {
        None
    }
    /// Changes what is shown without losing the focus.
    pub fn keeping_focus(_otherwise: &'static str, change: impl FnOnce()) {
        change();
    }
    /// The sides of a part of the window, in CSS pixels: left, top, right, bottom.
    pub type Sides = (f64, f64, f64, f64);
    /// Width and height in CSS pixels.
    pub type Size = (f64, f64);
    /// Size of the element and of the window, and where that which fits stands in it.
    pub const fn room_for(
        _element: &leptos::web_sys::Element,
        _beside: &str,
    ) -> Option<(Size, Size, Option<Sides>)> {
        None
    }
    /// Where the first element that fits stands in the window.
    pub const fn sides(_selector: &str) -> Option<Sides> {
        None
    }
    /// Acts before the next frame is on the screen.
    pub fn next_frame(_act: impl FnOnce() + 'static) {}
    /// Height of a line, and of the part of the list that is seen, and how far it is scrolled, in CSS pixels.
    pub fn measures(_list: &str, _line: &str) -> Option<(f64, f64, f64)> {
        None
    }
    /// Whether the focused element is inside one that fits.
    pub fn focus_is_within(_selector: &str) -> bool {
        false
    }
    /// Whether there is an element that fits.
    pub fn is_there(_selector: &str) -> bool {
        false
    }
    /// Presses the first element that fits.
    pub fn click(_selector: &str) {}
    /// Opens a page in another tab.
    pub fn open_beside(_address: &str) {}
    /// Takes the focus away on the way to another page.
    pub fn release_focus(_to: Option<&'static str>) {}
    /// Loads the page again.
    pub fn is_alive() -> bool {
        false
    }

    pub fn reload() {}
    /// Goes to another page, by loading it.
    pub fn go(_address: &str) {}
    /// Writes that address over the one of the page shown.
    pub fn rename_page(_address: &str) {}
    /// Does something again and again, until the component is left.
    pub fn every(_period: std::time::Duration, _act: impl FnMut() + 'static) {}

    /// Keeps the page that stands in for the portal while it cannot be reached.
    pub fn keep_offline_page(_language: &str) {}
}
