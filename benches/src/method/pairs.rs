//! Time, in rounds in which everybody has a turn.

use std::time::Instant;

use super::interval::{Interval, median, quantile};
use crate::error::BenchError;

/// One of those who are timed: a name and its work for one round.
pub struct Contender<'w> {
    name: String,
    work: Box<dyn FnMut() -> Result<(), BenchError> + 'w>,
    prepare: Box<dyn FnMut() -> Result<(), BenchError> + 'w>,
}

impl<'w> Contender<'w> {
    /// Somebody whose work needs nothing made ready.
    pub fn new(name: impl Into<String>, work: impl FnMut() -> Result<(), BenchError> + 'w) -> Self {
        Self {
            name: name.into(),
            work: Box::new(work),
            prepare: Box::new(|| Ok(())),
        }
    }

    /// The same with something that is made ready before each turn and not timed.
    #[must_use]
    pub fn prepared(mut self, prepare: impl FnMut() -> Result<(), BenchError> + 'w) -> Self {
        self.prepare = Box::new(prepare);
        self
    }
}

/// What the rounds took.
#[derive(Clone, Debug)]
pub struct Rounds {
    names: Vec<String>,
    /// Nanoseconds, by contender, then by round.
    samples: Vec<Vec<f64>>,
}

impl Rounds {
    /// The median of a contender, in nanoseconds for `count` pieces of work a round.
    #[must_use]
    pub fn median_ns(&self, name: &str, count: usize) -> f64 {
        median(&mut self.of(name).to_vec()) / count.max(1) as f64
    }

    /// The sample of a contender below which that share of rounds lies, in nanoseconds a round.
    #[must_use]
    pub fn quantile_ns(&self, name: &str, share: f64) -> f64 {
        quantile(&mut self.of(name).to_vec(), share)
    }

    /// One contender through another, round by round.
    #[must_use]
    pub fn ratio(&self, ours: &str, other: &str) -> Interval {
        let ratios: Vec<f64> = self
            .of(ours)
            .iter()
            .zip(self.of(other))
            .map(|(ours, other)| ours / other)
            .collect();
        Interval::of(&ratios)
    }

    fn of(&self, name: &str) -> &[f64] {
        let place = self.names.iter().position(|known| known == name);
        place
            .and_then(|place| self.samples.get(place))
            .map_or(&[], Vec::as_slice)
    }
}

/// Times so many rounds after one that is not counted. Whoever begins a round ends the next one, so that
/// neither a warm cache nor a neighbour's load falls to the same one each time.
///
/// # Errors
/// Those of the work.
pub fn time_rounds(rounds: usize, contenders: &mut [Contender<'_>]) -> Result<Rounds, BenchError> {
    let mut samples = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..=rounds {
        for turn in 0..contenders.len() {
            let place = (turn + round) % contenders.len();
            let (Some(contender), Some(slot)) = (contenders.get_mut(place), samples.get_mut(place))
            else {
                continue;
            };
            (contender.prepare)()?;
            let start = Instant::now();
            (contender.work)()?;
            let took = start.elapsed();
            if round > 0 {
                slot.push(took.as_nanos() as f64);
            }
        }
    }
    Ok(Rounds {
        names: contenders
            .iter()
            .map(|contender| contender.name.clone())
            .collect(),
        samples,
    })
}
