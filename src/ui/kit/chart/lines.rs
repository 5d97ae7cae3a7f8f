//! What there was, step by step, below what there may be.

use leptos::prelude::*;

use crate::ui::kit::{chart::grid_step, language::use_language};

const HEIGHT: f64 = 236.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 210.0;
/// Where the drawing begins, right of its axis.
const LEFT: f64 = 56.0;

/// A drawing of the chart: there is one for wide places and one for narrow ones, because words that are scaled with it cannot be
/// read where it is small. Style shows one of them.
#[derive(Debug, Clone, Copy)]
struct Canvas {
    class: &'static str,
    width: f64,
    /// Every how many of the names of steps stand below it.
    every: usize,
    /// Set apart from the other drawing in names on the page.
    suffix: &'static str,
}

const CANVASES: [Canvas; 2] = [
    Canvas {
        class: "plot wide-plot",
        width: 640.0,
        every: 2,
        suffix: "",
    },
    Canvas {
        class: "plot narrow-plot",
        width: 332.0,
        every: 3,
        suffix: "-narrow",
    },
];

/// Beyond so many, marks have no number of their own.
const NUMBERED: usize = 16;

/// What a chart of lines shows. Values are tenths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    /// One for each step.
    pub values: Vec<u64>,
    /// How many there may be in each step, where that is known.
    pub limits: Vec<Option<u64>>,
    /// How often something was refused in each step.
    pub marks: Vec<u64>,
    /// Names of steps, by their places.
    pub names: Vec<(usize, String)>,
}

impl Canvas {
    /// Where the drawing ends.
    fn right(self) -> f64 {
        self.width - 18.0
    }

    /// Where a step stands.
    fn across(self, step: usize, steps: usize) -> f64 {
        let last = steps.saturating_sub(1).max(1);
        LEFT + (self.right() - LEFT) * step as f64 / last as f64
    }
}

/// Where a value stands.
fn up(value: u64, most: u64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * value as f64 / most.max(1) as f64
}

impl Drawn {
    /// What stands at the top: in tenths, and whole.
    fn most(&self) -> u64 {
        let limits = self.limits.iter().flatten();
        let most = self.values.iter().chain(limits).max().copied();
        most.unwrap_or_default().div_ceil(10).max(1) * 10
    }

    fn line(&self, on: Canvas, most: u64) -> String {
        let steps = self.values.len();
        let points = self.values.iter().enumerate();
        let points =
            points.map(|(step, value)| format!("{:.1},{:.1}", on.across(step, steps), up(*value, most)));
        points.collect::<Vec<_>>().join(" ")
    }

    fn area(&self, on: Canvas, most: u64) -> String {
        let last = on.across(self.values.len().saturating_sub(1), self.values.len());
        format!(
            "M{LEFT:.1} {BOTTOM:.1}L{} {last:.1},{BOTTOM:.1}z",
            self.line(on, most)
        )
    }

    /// Steps as stairs; what is not known stays as it was last.
    fn stairs(&self, on: Canvas, most: u64) -> Option<String> {
        let mut known = self.limits.iter().flatten().copied().next()?;
        let mut path = format!("M{LEFT:.1} {:.1}", up(known, most));
        for (step, limit) in self.limits.iter().enumerate() {
            let Some(limit) = limit.filter(|limit| *limit != known) else {
                continue;
            };
            known = limit;
            let at = on.across(step, self.limits.len());
            path.push_str(&format!("H{at:.1}V{:.1}", up(known, most)));
        }
        path.push_str(&format!("H{:.1}", on.right()));
        Some(path)
    }

    /// The step with the highest value, the last of several.
    fn peak(&self) -> Option<(usize, u64)> {
        let values = self.values.iter().copied().enumerate();
        values
            .max_by_key(|(_, value)| *value)
            .filter(|(_, value)| *value > 0)
    }
}

/// A chart of lines.
#[component]
pub fn LineChart(
    drawn: Drawn,
    /// A name for it on the page.
    id: String,
    title: String,
    /// Its figures in words.
    described: String,
) -> impl IntoView {
    let draw = |on: Canvas| {
        let id = format!("{id}{}", on.suffix);
        drawing(&drawn, on, &id, title.clone(), described.clone())
    };
    CANVASES.map(draw).into_iter().collect::<Vec<_>>().into_any()
}

fn drawing(drawn: &Drawn, on: Canvas, id: &str, title: String, described: String) -> AnyView {
    let lang = use_language();
    let most = drawn.most();
    let steps = drawn.values.len();
    let step = grid_step(most / 10);
    let grid = (0..=most / 10 / step).map(|line| {
        let value = line * step;
        let y = up(value * 10, most);
        let class = if value == 0 { "axis" } else { "grid-line" };
        view! {
            <path class=class d=format!("M{:.1} {y:.1}H{:.1}", LEFT - 10.0, on.width - 8.0)></path>
            <text x=format!("{:.1}", LEFT - 14.0) y=format!("{:.1}", y + 4.0) text-anchor="end">
                {lang.count(value)}
            </text>
        }
    });
    let names = drawn.names.iter().step_by(on.every).map(|(place, name)| {
        view! {
            <text x=format!("{:.1}", on.across(*place, steps)) y="228" text-anchor="middle">
                {name.clone()}
            </text>
        }
    });
    let marked: Vec<(usize, u64)> = drawn
        .marks
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, times)| *times > 0)
        .collect();
    let numbered = marked.len() <= NUMBERED;
    let marks = marked.into_iter().map(|(place, times)| {
        let x = on.across(place, steps);
        let number = numbered.then(|| {
            view! {
                <text class="refused-n" x=format!("{x:.1}") y="12" text-anchor="middle">
                    {lang.count(times)}
                </text>
            }
        });
        view! {
            <path class="refused" d=format!("M{x:.1} 16l4.5 8h-9z")></path>
            {number}
        }
    });
    let peak = drawn.peak().map(|(place, value)| {
        let (x, y) = (on.across(place, steps), up(value, most));
        view! { <circle class="dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"></circle> }
    });
    let stairs = drawn
        .stairs(on, most)
        .map(|path| view! { <path class="granted" d=path></path> });
    view! {
        <svg
            class=on.class
            viewBox=format!("0 0 {} {HEIGHT}", on.width)
            role="img"
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-desc")
        >
            <title id=format!("{id}-title")>{title}</title>
            <desc id=format!("{id}-desc")>{described}</desc>
            {grid.collect::<Vec<_>>()}
            {names.collect::<Vec<_>>()}
            <path class="area" d=drawn.area(on, most)></path>
            {stairs}
            <polyline class="line" points=drawn.line(on, most)></polyline>
            {peak}
            {marks.collect::<Vec<_>>()}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_stairs() {
        let drawn = Drawn {
            values: vec![10, 20, 30],
            limits: vec![None, Some(40), Some(30)],
            ..Drawn::default()
        };
        assert_eq!(drawn.most(), 40);
        let [wide, narrow] = CANVASES;
        assert_eq!(drawn.stairs(wide, 40).unwrap(), "M56.0 30.0H622.0V75.0H622.0");
        assert_eq!(drawn.line(wide, 40), "56.0,165.0 339.0,120.0 622.0,75.0");
        assert_eq!(drawn.line(narrow, 40), "56.0,165.0 185.0,120.0 314.0,75.0");
        assert_eq!(drawn.peak(), Some((2, 30)));
        assert_eq!(Drawn::default().stairs(wide, 10), None);
        assert_eq!((Drawn::default().most(), Drawn::default().peak()), (10, None));
    }
}
