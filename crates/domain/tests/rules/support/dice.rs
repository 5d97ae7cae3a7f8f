//! Chance.

use jiff::SignedDuration;

use crate::support::moments::ms;

/// Small, fast, and the same for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        dice.below(1);
        dice
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// The same in fewer bits.
    pub fn small(&mut self, n: u32) -> u32 {
        u32::try_from(self.below(u64::from(n))).unwrap()
    }

    /// The place in something of that length, which is not empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// Shorter than that, in whole milliseconds.
    pub fn span(&mut self, bound: SignedDuration) -> SignedDuration {
        let bound = u64::try_from(bound.as_millis()).unwrap();
        ms(i64::try_from(self.below(bound)).unwrap())
    }
}
