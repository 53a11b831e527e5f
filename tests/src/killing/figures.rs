//! What a kill loop did, and what it found.

use std::fmt;

/// How much was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Generated sessions brought to their end.
    pub rounds: u64,
    /// Jobs in them.
    pub jobs: u64,
    /// Those of them that templates made.
    pub made: u64,
    /// Rounds that ran a test plan, with setup and bootstrap.
    pub by_plan: u64,
    /// Times the program was killed.
    pub kills: u64,
    /// Times a session was resumed.
    pub resumes: u64,
    /// Times a run was started anew, since it was killed before its first checkpoint.
    pub anew: u64,
    /// Outcomes that were printed, each once; all were checked.
    pub outcomes: u64,
    /// Jobs that were begun and killed three times, and so given up.
    pub crashes: u64,
    /// Jobs that took the program down and left their results.
    pub went_down: u64,
    /// Starts of jobs that were killed before their end.
    pub interrupted: u64,
    /// The greatest number of sessions in one repository.
    pub sessions_max: u64,
}

impl Figures {
    /// Adds those of another round.
    pub fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.jobs += other.jobs;
        self.made += other.made;
        self.by_plan += other.by_plan;
        self.kills += other.kills;
        self.resumes += other.resumes;
        self.anew += other.anew;
        self.outcomes += other.outcomes;
        self.crashes += other.crashes;
        self.went_down += other.went_down;
        self.interrupted += other.interrupted;
        self.sessions_max = self.sessions_max.max(other.sessions_max);
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rounds,
            jobs,
            made,
            by_plan,
            kills,
            resumes,
            anew,
            outcomes,
            crashes,
            went_down,
            interrupted,
            sessions_max,
        } = self;
        write!(
            f,
            "{rounds} rounds ({by_plan} of a test plan) of {jobs} jobs ({made} made by templates), {kills} kills, {resumes} resumes, {anew} runs anew, \
             {outcomes} printed outcomes checked, {went_down} jobs that took the program down, {interrupted} job starts interrupted, \
             {crashes} crashes by limit, at most {sessions_max} sessions"
        )
    }
}

/// A broken promise, with what is needed to see it again.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "round {round} of seed {seed}: {broken}\nagain: cargo run --package session-tests --bin kill-loop -- --seed {seed} --first {round} --rounds 1\nkept: {kept}\n{transcript}"
)]
pub struct Failure {
    /// The seed of the loop.
    pub seed: u64,
    /// The round.
    pub round: u64,
    /// What was broken.
    pub broken: String,
    /// The folder with unit file, marks and repository.
    pub kept: String,
    /// Every start of the program, with what it said.
    pub transcript: String,
}
