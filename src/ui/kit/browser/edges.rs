//! Lists that scroll while something is dragged near their edges. Pure.

/// How far from an edge a list begins to scroll, in CSS pixels: a finger that drags covers about as much.
const EDGE: f64 = 64.0;
/// How far beyond an edge it still does.
const BEYOND: f64 = 40.0;
/// CSS pixels for each frame, at the edge itself.
const FASTEST: f64 = 14.0;

/// How far to scroll in this frame, in CSS pixels, for a pointer at the height `y` over a list from `top` to `bottom`: the
/// faster, the nearer to the edge; negative upwards.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "between -14 and 14")]
pub fn pace(y: f64, top: f64, bottom: f64) -> i32 {
    // In a low list there is a middle that stands still, too.
    let edge = EDGE.min((bottom - top) / 4.0);
    let speed = |depth: f64| {
        let part = (depth / edge).clamp(0.0, 1.0);
        (2.0 + (FASTEST - 2.0) * part).round() as i32
    };
    if !(top - BEYOND..=bottom + BEYOND).contains(&y) || edge <= 0.0 {
        0
    } else if y < top + edge {
        -speed(top + edge - y)
    } else if y > bottom - edge {
        speed(y - (bottom - edge))
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_scrolls_near_its_edges_the_faster_the_nearer() {
        assert_eq!(pace(400.0, 100.0, 700.0), 0);
        assert!(pace(656.0, 100.0, 700.0) > 0, "44 px above the bottom");
        assert!(pace(690.0, 100.0, 700.0) > pace(656.0, 100.0, 700.0));
        assert_eq!(pace(700.0, 100.0, 700.0), 14);
        assert_eq!(pace(720.0, 100.0, 700.0), 14, "a little beyond");
        assert_eq!(pace(760.0, 100.0, 700.0), 0, "far beyond");
        assert_eq!(pace(110.0, 100.0, 700.0), -pace(690.0, 100.0, 700.0));
    }

    #[test]
    fn the_middle_of_a_low_list_stands_still() {
        assert_eq!(pace(150.0, 100.0, 200.0), 0);
        assert!(pace(180.0, 100.0, 200.0) > 0);
        assert_eq!(pace(100.0, 100.0, 100.0), 0);
    }
}
