//! Numbers drawn from a seed: the same seed gives the same session and the same moments.

/// A small generator (SplitMix64): good enough to draw tests, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The generator of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The generator of one round of a seed; rounds do not share numbers.
    #[must_use]
    pub fn of_round(seed: u64, round: u64) -> Self {
        let mut mixed = Self::new(seed);
        let first = mixed.draw();
        Self::new(first ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        low.saturating_add(self.draw() % span.max(1))
    }

    /// True once in `count` draws, on average.
    pub fn one_in(&mut self, count: u64) -> bool {
        self.between(1, count) == 1
    }
}
