//! The interval a ratio lies in, by the bootstrap.

use std::fmt;

use super::random::Random;

/// How often the rounds are drawn again.
const DRAWS: usize = 2_000;

/// A median with the interval that holds it in 95 of 100 repetitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The median over all rounds.
    pub median: f64,
    /// The lower end, by which ratios are judged.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of the median of these samples; all zero when there are none.
    ///
    /// The samples are drawn again with replacement, from a fixed seed: the same samples give the same interval.
    #[must_use]
    pub fn of(samples: &[f64]) -> Self {
        let mut random = Random::new(0x5E55_1011);
        let mut drawn = vec![0.0; samples.len()];
        let mut medians: Vec<f64> = (0..DRAWS)
            .map(|_| {
                for slot in &mut drawn {
                    *slot = samples
                        .get(random.below(samples.len()))
                        .copied()
                        .unwrap_or_default();
                }
                median(&mut drawn)
            })
            .collect();
        let mut all = samples.to_vec();
        Self {
            median: median(&mut all),
            low: quantile(&mut medians, 0.025),
            high: quantile(&mut medians, 0.975),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} [{:.3}, {:.3}]", self.median, self.low, self.high)
    }
}

/// The median; 0 of nothing. The samples are put in order.
pub(crate) fn median(samples: &mut [f64]) -> f64 {
    quantile(samples, 0.5)
}

/// The sample below which that share lies, between neighbours by straight line; 0 of nothing.
#[must_use]
pub fn quantile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    let Some(last) = samples.len().checked_sub(1) else {
        return 0.0;
    };
    let place = share * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    let at = |index: usize| samples.get(index).copied().unwrap_or_default();
    at(low) + (at(high) - at(low)) * place.fract()
}
