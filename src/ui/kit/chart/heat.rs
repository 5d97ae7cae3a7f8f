//! When there was much, by weekday and hour.

use leptos::prelude::*;

const LEFT: f64 = 32.8;
const WIDE: f64 = 11.18;
const HIGH: f64 = 27.7;

/// Which of the six colours a value has.
const fn shade(value: u64, most: u64) -> u64 {
    if most == 0 || value == 0 {
        return 0;
    }
    // What is not nothing is never shown as nothing.
    let shade = value.saturating_mul(5).div_ceil(most);
    if shade > 5 { 5 } else { shade }
}

/// Seven rows of 24 fields: the values of the hours of a week, from its first day on.
#[component]
pub fn HeatChart(
    values: Vec<u64>,
    /// Short names of the days.
    days: Vec<String>,
    /// A name for it on the page.
    id: String,
    title: String,
    /// Its figures in words.
    described: String,
) -> impl IntoView {
    let most = values.iter().max().copied().unwrap_or_default();
    let fields = values.iter().enumerate().map(|(place, value)| {
        let (day, hour) = ((place / 24) as f64, (place % 24) as f64);
        view! {
            <rect
                class=format!("h{}", shade(*value, most))
                x=format!("{:.1}", LEFT + WIDE * hour)
                y=format!("{:.1}", 8.8 + HIGH * day)
                width="9.7"
                height="26.2"
                rx="1.5"
            ></rect>
        }
    });
    let days = days.into_iter().enumerate().map(|(day, name)| {
        view! {
            <text x="28" y=format!("{:.1}", 25.9 + HIGH * day as f64) text-anchor="end">
                {name}
            </text>
        }
    });
    let hours = [0, 6, 12, 18].map(|hour| {
        view! {
            <text x=format!("{:.1}", LEFT + 4.8 + WIDE * f64::from(hour)) y="226" text-anchor="middle">
                {hour.to_string()}
            </text>
        }
    });
    view! {
        <svg
            class="plot heat-plot"
            viewBox="0 0 300 236"
            role="img"
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-desc")
        >
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-desc")>{described}</desc>
            {days.collect::<Vec<_>>()}
            {fields.collect::<Vec<_>>()}
            {hours.into_iter().collect::<Vec<_>>()}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_nothing_is_seen() {
        let shades: Vec<u64> = [0, 1, 20, 21, 99, 100].map(|value| shade(value, 100)).into();
        assert_eq!(shades, [0, 1, 1, 2, 5, 5]);
        assert_eq!(shade(0, 0), 0);
    }
}
