//! Numbers that look random, and are the same for the same seed (splitmix64).

/// Dice that fall alike for the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit; 0 where the limit is 0.
    pub const fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.any() % limit }
    }

    /// The same for an index.
    pub const fn index(&mut self, limit: usize) -> usize {
        self.below(limit as u64) as usize
    }
}

/// A number that depends on both of these, and on nothing else.
#[must_use]
pub const fn mixed(salt: u64, of: u64) -> u64 {
    Dice::new(salt ^ of.wrapping_mul(0xD6E8_FEB8_6659_FD93)).any()
}
