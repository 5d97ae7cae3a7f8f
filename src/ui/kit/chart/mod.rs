//! Charts: SVG that the server writes, 1 unit = 1 px, scaled with the panel. They need no script and no inline style; what they
//! show is said in their description, and stands in a table behind each of them. Words in them are never smaller than 11 px on the
//! screen.

pub mod heat;
pub mod lines;
pub mod table;

/// The line of a grid for every so many units: so that there are at most four of them. 1, 2 or 5 times a power of ten.
fn grid_step(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if most / step < 4 {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_at_most_four_lines() {
        for (most, step) in [
            (0, 1),
            (3, 1),
            (4, 2),
            (9, 5),
            (35, 10),
            (130, 50),
            (999, 500),
            (12_345, 5000),
        ] {
            assert_eq!(grid_step(most), step, "{most}");
        }
        for most in 0..5000 {
            assert!(most / grid_step(most) < 4, "{most}");
        }
    }
}
