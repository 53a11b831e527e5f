//! The metadata of a session, and the note of the job in flight.

use std::collections::BTreeSet;
use std::io;

use session_state::{JobId, JobIntent, SessionMetadata};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::wire;
use crate::error::Corruption;

impl<'s> Encoder<'s, '_> {
    pub(super) fn put_metadata(&mut self, metadata: &'s SessionMetadata) -> io::Result<()> {
        let intent = metadata.intent.as_ref().map(|intent| self.intent(intent));
        self.put(wire::Metadata {
            title: metadata.title.as_deref(),
            running_job_name: metadata.running_job_name.as_deref(),
            app_blob: metadata.app_blob.as_deref().map(wire::Bytes),
            app_id: metadata.app_id.as_deref(),
            custom_joblist: metadata.custom_joblist,
            last_job_start_time: metadata.last_job_start_time,
            remaining_todo_jobs: metadata.remaining_todo_jobs,
            intent,
        })?;
        self.put_flags(&metadata.flags)?;
        self.name_list(metadata.rejected_jobs.iter().map(JobId::as_str))
    }

    /// Writes a set of flags, sorted.
    pub(super) fn put_flags(&mut self, flags: &BTreeSet<String>) -> io::Result<()> {
        self.count(flags.len())?;
        flags.iter().try_for_each(|flag| self.put(flag.as_str()))
    }

    pub(super) fn intent(&mut self, intent: &'s JobIntent) -> wire::Intent<'s> {
        wire::Intent {
            job: self.name(intent.job.as_str()),
            attempt: intent.attempt,
            boot: intent.boot.as_deref(),
        }
    }
}

impl Decoder<'_> {
    pub(super) fn take_metadata(&mut self) -> Result<SessionMetadata, Corruption> {
        let metadata: wire::Metadata<'_> = self.take()?;
        Ok(SessionMetadata {
            title: self.owned(metadata.title)?,
            running_job_name: self.owned(metadata.running_job_name)?,
            app_blob: match metadata.app_blob {
                Some(wire::Bytes(bytes)) => Some(self.bytes_within(bytes)?.to_vec()),
                None => None,
            },
            app_id: self.owned(metadata.app_id)?,
            custom_joblist: metadata.custom_joblist,
            last_job_start_time: metadata.last_job_start_time,
            remaining_todo_jobs: metadata.remaining_todo_jobs,
            intent: metadata
                .intent
                .map(|intent| self.owned_intent(intent))
                .transpose()?,
            flags: self.take_flags()?,
            rejected_jobs: self.id_list()?,
        })
    }

    /// Reads a set of flags: sorted, none twice.
    pub(super) fn take_flags(&mut self) -> Result<BTreeSet<String>, Corruption> {
        let mut flags = BTreeSet::new();
        for _ in 0..self.count()? {
            let flag: &str = self.take()?;
            let flag = self.text(flag)?;
            if flags
                .last()
                .is_some_and(|last: &String| last.as_str() >= flag)
            {
                return Err(self.corrupted("flags that are not sorted"));
            }
            flags.insert(flag.to_owned());
        }
        Ok(flags)
    }

    pub(super) fn owned_intent(
        &mut self,
        intent: wire::Intent<'_>,
    ) -> Result<JobIntent, Corruption> {
        Ok(JobIntent {
            job: self.id(intent.job)?,
            attempt: intent.attempt,
            boot: match intent.boot {
                Some(boot) => Some(self.text(boot)?.into()),
                None => None,
            },
        })
    }
}
