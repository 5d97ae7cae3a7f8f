//! How much of a long run is done.

/// So many rounds of a long run: all, or the percentage in `PORTAL_PROVE_PERCENT`, and at least one.
pub fn share_of(rounds: usize) -> usize {
    let percent = std::env::var("PORTAL_PROVE_PERCENT").ok();
    let percent = percent.map_or(100, |text| text.parse().expect("a percentage"));
    (rounds * percent / 100).max(1)
}
