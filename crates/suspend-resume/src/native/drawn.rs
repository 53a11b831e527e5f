//! A session as wire values, all of them at once: what a measurement of the writing alone begins with.

use std::io;

use serde::Serialize;
use session_state::{JobId, SessionState};

use super::encoder::Encoder;
use super::head::head_length;
use super::snapshot::{encode_summary, sealed};
use super::whole::Job;
use super::wire::Name;

/// A session as wire values. [`suspend`](crate::suspend()) makes them job by job and keeps none; here all of them are
/// made before any is written, so that making and writing can be told apart.
#[derive(Debug)]
pub struct WireSession<'s> {
    lists: Lists<'s>,
    /// What follows the lists, and the summary: a few hundred bytes for most sessions, written already.
    rest: Vec<u8>,
    summary: Vec<u8>,
}

#[derive(Debug, Serialize)]
struct Lists<'s> {
    jobs: Vec<Job<'s>>,
    mandatory: Vec<Name<'s>>,
    desired: Vec<Name<'s>>,
    run_list: Vec<Name<'s>>,
}

impl<'s> WireSession<'s> {
    /// The wire values of a state.
    ///
    /// # Errors
    /// A field value nested more than 1,000 deep ([`io::ErrorKind::InvalidData`]).
    pub fn of(state: &'s SessionState) -> io::Result<Self> {
        let mut encoder = Encoder::in_memory(Vec::new());
        let lists = Lists {
            jobs: state
                .jobs()
                .map(|job| encoder.job(job))
                .collect::<io::Result<_>>()?,
            mandatory: encoder.names(state.mandatory_jobs().map(JobId::as_str)),
            desired: encoder.names(state.desired_jobs().map(JobId::as_str)),
            run_list: encoder.names(state.run_list().map(JobId::as_str)),
        };
        encoder.put_rest(state)?;
        Ok(Self {
            lists,
            rest: encoder.into_bytes(),
            summary: encode_summary(state)?,
        })
    }

    /// Writes them, with their checksum: the bytes that [`suspend`](crate::suspend()) gives for the state.
    ///
    /// # Errors
    /// None that [`of`](Self::of) did not tell before.
    pub fn encode(&self) -> io::Result<Vec<u8>> {
        let mut encoder = Encoder::in_memory(vec![0; head_length(&self.summary)]);
        encoder.put(&self.lists)?;
        let mut bytes = encoder.into_bytes();
        bytes.extend_from_slice(&self.rest);
        sealed(bytes, &self.summary)
    }
}
