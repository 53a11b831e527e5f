//! Blocks of a document that stay packed as long as what they are made of stays the same.
//!
//! What a block is made of is compared by identity (results and definitions are shared) or, where it is
//! short, by value; nothing is written or packed to find out that it is the same.

use std::sync::Arc;

use session_state::{JobDefinition, JobId, JobResult, JobState};

use super::pack::pack;
use super::text::Text;
use crate::error::SuspendError;

/// How many jobs share a block.
pub(super) const BLOCK_JOBS: usize = 64;

/// The blocks of a document that is written again and again.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) desired: Option<Block<Vec<JobId>>>,
    pub(super) mandatory: Option<Block<Vec<JobId>>>,
    pub(super) rejected: Option<Block<Vec<JobId>>>,
    pub(super) jobs: Vec<Option<Block<Listed>>>,
    pub(super) results: Vec<Option<Block<Histories>>>,
    pub(super) system: Option<Block<()>>,
}

/// A packed piece of the document.
#[derive(Debug)]
pub(super) struct Block<K> {
    made_of: K,
    /// Whether something of the enclosing list or object stands before it, and after it.
    begun: (bool, bool),
    packed: Arc<[u8]>,
}

impl<K> Block<K> {
    /// Puts a block at the end of a text: the one that is there when it is made of the same, else a new one.
    pub(super) fn put(
        slot: &mut Option<Self>,
        text: &mut Text,
        is_same: impl FnOnce(&K) -> bool,
        made_of: impl FnOnce() -> K,
        write: impl FnOnce(&mut Text) -> Result<(), SuspendError>,
    ) -> Result<(), SuspendError> {
        let before = text.is_begun();
        let known = slot
            .take()
            .filter(|known| known.begun.0 == before && is_same(&known.made_of));
        let block = match known {
            Some(known) => known,
            None => {
                let written = text.aside(write)?;
                Self {
                    made_of: made_of(),
                    begun: (before, text.is_begun()),
                    packed: pack(&written)?.into(),
                }
            }
        };
        text.splice(&block.packed, block.begun.1);
        *slot = Some(block);
        Ok(())
    }
}

/// The definitions of some jobs, and whether each is listed.
#[derive(Debug)]
pub(super) struct Listed(Vec<(Arc<JobDefinition>, bool)>);

impl Listed {
    pub(super) fn of(jobs: &[&JobState], lists: impl Fn(&JobState) -> bool) -> Self {
        let listed = |job: &&JobState| (Arc::clone(job.definition()), lists(job));
        Self(jobs.iter().map(listed).collect())
    }

    pub(super) fn is(&self, jobs: &[&JobState], lists: impl Fn(&JobState) -> bool) -> bool {
        self.0.len() == jobs.len()
            && self.0.iter().zip(jobs).all(|((definition, listed), job)| {
                Arc::ptr_eq(definition, job.definition()) && *listed == lists(job)
            })
    }
}

/// The histories of some jobs.
#[derive(Debug)]
pub(super) struct Histories(Vec<(JobId, Vec<Arc<JobResult>>)>);

impl Histories {
    pub(super) fn of(jobs: &[&JobState]) -> Self {
        let history = |job: &&JobState| (job.id().clone(), job.history().to_vec());
        Self(jobs.iter().map(history).collect())
    }

    pub(super) fn is(&self, jobs: &[&JobState]) -> bool {
        self.0.len() == jobs.len()
            && self.0.iter().zip(jobs).all(|((id, known), job)| {
                let now = job.history();
                *id == *job.id()
                    && known.len() == now.len()
                    && known.iter().zip(now).all(|(a, b)| Arc::ptr_eq(a, b))
            })
    }
}
