//! Round after round, and the figures.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::outcomes::check;
use super::peer::{Peer, PeerError};
use super::release::Release;
use super::round::play;
use crate::random::Random;

/// So many rounds with differences end a run.
const BROKEN_MAX: usize = 5;

/// What is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The release at the other side.
    pub release: Release,
    /// The interpreter of its virtual environment.
    pub python: String,
    /// How many sessions.
    pub rounds: u64,
    /// What everything is drawn from.
    pub seed: u64,
    /// The number of the first round.
    pub first: u64,
}

/// What a run came to: no difference but those that are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    release: Release,
    rounds: u64,
    states: u64,
    texts: u64,
    deviations: BTreeMap<&'static str, u64>,
}

impl Figures {
    /// The figures as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "release": self.release.number(),
            "rounds": self.rounds,
            "states_compared": self.states,
            "texts_compared": self.texts,
            "differences": 0,
            "deviations": self.deviations,
        })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} sessions both ways, {} states and {} texts compared, 0 differences beside the listed",
            self.release, self.rounds, self.states, self.texts
        )?;
        for (id, count) in &self.deviations {
            write!(f, " {id}: {count}")?;
        }
        Ok(())
    }
}

/// Why a run did not pass.
#[derive(Debug, thiserror::Error)]
pub enum InteropError {
    /// The driver is gone.
    #[error("round {round} of seed {seed} got no answer")]
    Peer {
        /// The round.
        round: u64,
        /// The seed.
        seed: u64,
        /// Why.
        #[source]
        source: PeerError,
    },
    /// We and the release do not say the same.
    #[error("{} rounds of seed {seed} differ:\n{}", .broken.len(), .broken.join("\n"))]
    Differ {
        /// The seed.
        seed: u64,
        /// For each such round its number and what differs.
        broken: Vec<String>,
    },
}

/// Plays the rounds; at most a few that differ are told.
///
/// # Errors
/// See [`InteropError`].
pub fn run(settings: &Settings) -> Result<Figures, InteropError> {
    let failed = |round| {
        move |source| InteropError::Peer {
            round,
            seed: settings.seed,
            source,
        }
    };
    let mut peer = Peer::start(&settings.python, "driver.py").map_err(failed(settings.first))?;
    let mut figures = Figures {
        release: settings.release,
        rounds: 0,
        states: 0,
        texts: 0,
        deviations: BTreeMap::new(),
    };
    let mut broken = Vec::new();
    let outcomes = check(&mut peer, settings.release).map_err(failed(settings.first))?;
    if !outcomes.is_empty() {
        broken.push(format!("outcomes:\n  {}", outcomes.join("\n  ")));
    }
    for round in settings.first..settings.first.saturating_add(settings.rounds) {
        let mut random = Random::of_round(settings.seed, round);
        let played = play(&mut peer, settings.release, &mut random).map_err(failed(round))?;
        figures.rounds += 1;
        figures.states += played.states;
        figures.texts += played.texts;
        for (id, count) in played.deviations {
            *figures.deviations.entry(id).or_default() += count;
        }
        if !played.differences.is_empty() {
            broken.push(format!(
                "round {round}:\n  {}",
                played.differences.join("\n  ")
            ));
            if broken.len() == BROKEN_MAX {
                break;
            }
        }
    }
    if broken.is_empty() {
        Ok(figures)
    } else {
        Err(InteropError::Differ {
            seed: settings.seed,
            broken,
        })
    }
}
