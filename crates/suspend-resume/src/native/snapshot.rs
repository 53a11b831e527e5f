//! Whole sessions: a state to a snapshot and back.

use std::io;
use std::sync::Arc;

use session_state::{
    JobId, JobParts, JobResult, JobState, OtherUnit, OverridableField, Overrides, SessionParts,
    SessionState,
};

use super::canonical::check_canonical;
use super::checksum::{Measure, hash_128};
use super::decoder::Decoder;
use super::encoder::Encoder;
use super::head::{Head, LAYOUT, encode_head, head_length, other_layout, split};
use super::summary::Summary;
use super::whole::{self, History, Outcome, Told};
use super::wire::{self, Adjusted, Present};
use crate::error::{Corruption, ResumeError};
use crate::limits::Limits;

/// Writes a state in the native format.
///
/// The state is encoded job by job, twice: to measure and hash it, then to write it. So no second copy of
/// the session comes into being, only a table of its names. Equal states give equal bytes.
///
/// Nothing is durable when this returns; that is up to the writer. After an error what was written is no
/// session.
///
/// # Errors
/// Those of the writer, and a field value nested more than 1,000 deep ([`io::ErrorKind::InvalidData`]).
pub fn suspend_native_to(state: &SessionState, out: &mut dyn io::Write) -> io::Result<()> {
    let mut measure = Measure::default();
    encode_body(state, &mut measure)?;
    let stamp = (measure.bytes, measure.hash());
    out.write_all(&encode_head(LAYOUT, stamp, &encode_summary(state)?)?)?;
    encode_body(state, out)
}

/// The same into memory, where encoding once is enough. Names of log files in `session_dir` are written as seen from
/// there.
pub(crate) fn suspend_native(
    state: &SessionState,
    session_dir: Option<&str>,
) -> io::Result<Vec<u8>> {
    let summary = encode_summary(state)?;
    let mut encoder = Encoder::in_memory(vec![0; head_length(&summary)]);
    encoder.session_dir = session_dir;
    encoder.put_state(state)?;
    sealed(encoder.into_bytes(), &summary)
}

/// Puts the head before a body, in the room that was left for it.
pub(super) fn sealed(mut bytes: Vec<u8>, summary: &[u8]) -> io::Result<Vec<u8>> {
    if let Some((place, body)) = bytes.split_at_mut_checked(head_length(summary)) {
        let stamp = (body.len() as u64, hash_128(&[body]));
        place.copy_from_slice(&encode_head(LAYOUT, stamp, summary)?);
    }
    Ok(bytes)
}

/// The summary as it stands in the head.
pub(super) fn encode_summary(state: &SessionState) -> io::Result<Vec<u8>> {
    let mut summary = Vec::new();
    let mut encoder = Encoder::new(&mut summary);
    encoder.put_summary(&Summary::of(state))?;
    encoder.finish()?;
    Ok(summary)
}

/// How the body of a layout becomes a state.
pub(super) type BodyReader = fn(&[u8], &Limits) -> Result<SessionState, Corruption>;

/// The layouts this release reads. A new layout gets an entry of its own, beside those before it, so that what
/// was written once is read for ever; the newest is the one that is written.
const READERS: &[(u16, BodyReader)] = &[(1, decode_body)];

/// Reads a native session.
///
/// # Errors
/// [`ResumeError::Corrupted`] when a byte is not as it was written or a limit is passed,
/// [`ResumeError::IncompatibleSession`] for a newer layout, and for that of a development version.
pub fn resume_native(bytes: &[u8], limits: &Limits) -> Result<SessionState, ResumeError> {
    resume_by(READERS, bytes, limits)
}

/// Reads a native session of one of these layouts.
pub(super) fn resume_by(
    readers: &[(u16, BodyReader)],
    bytes: &[u8],
    limits: &Limits,
) -> Result<SessionState, ResumeError> {
    let (head, body) = split(bytes, limits)?;
    let of_layout = |(layout, _): &&(u16, BodyReader)| *layout == head.layout;
    let Some((_, read)) = readers.iter().find(of_layout) else {
        return Err(other_layout(head.layout));
    };
    check_body(&head, body)?;
    let state = read(body, limits)?;
    if head.layout == LAYOUT && encode_summary(&state).ok().as_deref() != Some(head.summary) {
        return Err(Corruption::envelope("the summary is that of another session").into());
    }
    Ok(state)
}

/// Reads what a native session is made of, without making a state of it.
///
/// What only a state can tell is not checked: that the jobs its lists name are there, that its summary is its own,
/// that it is written in the one way the layout has.
///
/// # Errors
/// As [`resume_native`], save those.
pub fn native_parts(bytes: &[u8], limits: &Limits) -> Result<SessionParts, ResumeError> {
    let (head, body) = split(bytes, limits)?;
    if head.layout != LAYOUT {
        return Err(other_layout(head.layout));
    }
    check_body(&head, body)?;
    let mut decoder = Decoder::new(body, limits);
    let parts = decoder.take_parts()?;
    decoder.finish()?;
    Ok(parts)
}

/// Checks that the body is the one that was written with the head.
fn check_body(head: &Head<'_>, body: &[u8]) -> Result<(), Corruption> {
    if head.body_bytes != body.len() as u64 {
        return Err(Corruption::envelope(format!(
            "the body has {} bytes, its head says {}",
            body.len(),
            head.body_bytes
        )));
    }
    if head.body_hash != hash_128(&[body]) {
        return Err(Corruption::envelope(
            "the checksum of the body does not match",
        ));
    }
    Ok(())
}

/// Writes the body of a snapshot.
pub(super) fn encode_body(state: &SessionState, out: &mut dyn io::Write) -> io::Result<()> {
    let mut encoder = Encoder::new(out);
    encoder.put_state(state)?;
    encoder.finish()
}

/// Reads the body of a snapshot.
pub(super) fn decode_body(body: &[u8], limits: &Limits) -> Result<SessionState, Corruption> {
    let mut decoder = Decoder::new(body, limits);
    let parts = decoder.take_parts()?;
    decoder.finish()?;
    let state = SessionState::restore(parts).map_err(|error| {
        Corruption::envelope(
            std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
        )
    })?;
    check_canonical(body, |encoder| encoder.put_state(&state))?;
    Ok(state)
}

/// What is true of nearly all jobs.
const UNADJUSTED: Adjusted<'_> = Adjusted {
    attempts: 3,
    category_id: None,
    certification_status: None,
    auto_retry: None,
};

fn adjusted(job: &JobState) -> Option<Adjusted<'_>> {
    let overridden = |field| job.overrides().and_then(|overrides| overrides.get(field));
    let adjusted = Adjusted {
        attempts: job.attempts(),
        category_id: overridden(OverridableField::CategoryId),
        certification_status: overridden(OverridableField::CertificationStatus),
        auto_retry: overridden(OverridableField::AutoRetry),
    };
    (adjusted != UNADJUSTED).then_some(adjusted)
}

impl<'s> Encoder<'s, '_> {
    fn put_state(&mut self, state: &'s SessionState) -> io::Result<()> {
        self.expect_names(state.job_count());
        self.count(state.job_count())?;
        for job in state.jobs() {
            let job = self.job(job)?;
            self.put(job)?;
        }
        self.name_list(state.mandatory_jobs().map(JobId::as_str))?;
        self.name_list(state.desired_jobs().map(JobId::as_str))?;
        self.name_list(state.run_list().map(JobId::as_str))?;
        self.put_rest(state)
    }

    /// Writes what follows the lists.
    pub(super) fn put_rest(&mut self, state: &'s SessionState) -> io::Result<()> {
        let mut resources: Vec<_> = state.resource_map().collect();
        resources.sort_unstable_by_key(|(resource, _)| *resource);
        self.count(resources.len())?;
        for (resource, records) in resources {
            let name = self.name(resource.as_str());
            self.put(name)?;
            self.put_resources(records)?;
        }
        self.count(state.templates().len())?;
        for template in state.templates() {
            self.put_template(template)?;
        }
        self.count(state.other_units().len())?;
        for unit in state.other_units() {
            self.put_definition(unit.fields())?;
        }
        let manifest = self.entries(state.manifest())?;
        self.put(manifest)?;
        self.put_metadata(state.metadata())
    }

    /// A job as it is written.
    pub(super) fn job(&mut self, job: &'s JobState) -> io::Result<whole::Job<'s>> {
        let definition = self.definition(job.definition())?;
        let result = job.result();
        let present = match job.history().last() {
            _ if result.is_hollow() => Present::Hollow,
            Some(last) if std::ptr::eq(&**last, result) || **last == *result => {
                Present::LastOfHistory
            }
            Some(_) | None => Present::Other,
        };
        let via = job.via().map(|via| self.name(via.as_str()));
        let session_dir = self.session_dir;
        Ok(whole::Job {
            definition,
            job: wire::Job {
                via,
                attempts_started: job.started_attempts(),
                attempts_begun: job.attempts_begun(),
                adjusted: adjusted(job),
                present,
            },
            history: History {
                results: job.history(),
                session_dir,
            },
            result: Told(match present {
                Present::Hollow | Present::LastOfHistory => None,
                Present::Other => Some(Outcome {
                    result,
                    session_dir,
                }),
            }),
        })
    }
}

impl Decoder<'_> {
    fn take_parts(&mut self) -> Result<SessionParts, Corruption> {
        Ok(SessionParts {
            jobs: self.list(Self::take_job)?,
            mandatory: self.id_list()?,
            desired: self.id_list()?,
            run_list: self.id_list()?,
            resources: self.list(|decoder| {
                let name = decoder.take()?;
                Ok((decoder.id(name)?, decoder.take_resources()?))
            })?,
            templates: self.list(|decoder| decoder.take_template().map(Arc::new))?,
            units: self.list(Self::take_unit)?,
            manifest: self.take_entries("manifest entry")?,
            metadata: self.take_metadata()?,
        })
    }

    pub(super) fn take_unit(&mut self) -> Result<Arc<OtherUnit>, Corruption> {
        Ok(Arc::new(OtherUnit::new(self.take_definition()?)))
    }

    fn take_job(&mut self) -> Result<JobParts, Corruption> {
        let definition = Arc::new(self.take_definition()?);
        let job: wire::Job<'_> = self.take()?;
        let via = job.via.map(|via| self.id(via)).transpose()?;
        let history = self.list(|decoder| decoder.take_result().map(Arc::new))?;
        let result = match (job.present, history.last()) {
            (Present::Hollow, _) => Arc::new(JobResult::default()),
            (Present::LastOfHistory, Some(last)) => Arc::clone(last),
            (Present::LastOfHistory, None) => {
                return Err(self.corrupted("a job whose history is empty has a last result"));
            }
            (Present::Other, _) => Arc::new(self.take_result()?),
        };
        let adjusted = job.adjusted.unwrap_or(UNADJUSTED);
        let overrides = Overrides {
            category_id: self.owned(adjusted.category_id)?,
            certification_status: self.owned(adjusted.certification_status)?,
            auto_retry: self.owned(adjusted.auto_retry)?,
        };
        Ok(JobParts {
            definition,
            via,
            result,
            history,
            attempts_begun: job.attempts_begun,
            started_attempts: job.attempts_started,
            attempts: adjusted.attempts,
            overrides,
        })
    }
}
