//! `examples/counter` of Leptos.

use leptos::prelude::*;

/// A simple counter component.
#[component]
pub fn SimpleCounter(
    /// The starting value for the counter.
    initial_value: i32,
    /// The change that should be applied each time the button is clicked.
    step: i32,
) -> impl IntoView {
    let (value, set_value) = signal(initial_value);
    view! {
        <div>
            <button on:click=move |_| set_value.set(0)>"Clear"</button>
            <button on:click=move |_| *set_value.write() -= step>"-1"</button>
            <span>"Value: " {value} "!"</span>
            <button on:click=move |_| set_value.update(|value| *value += step)>"+1"</button>
        </div>
    }
}

/// Starts the counter.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn main() {
    mount_to_body(|| view! { <SimpleCounter initial_value=0 step=1/> });
}
