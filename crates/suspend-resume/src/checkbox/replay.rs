//! Jobs and results: every stored result goes through the normal "record a result" again, so resources come
//! back and generated jobs find their place.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;

use session_state::{IoLog, JobEntry, JobResult, SessionState};

use super::check::{Checked, Type};
use super::checksums::ChecksumRule;
use super::document::SESSION;
use super::json::{Kind, Sorted, Value};
use super::logs::Logs;
use super::results::read_result;
use crate::error::{Corruption, ResumeError};

/// Brings jobs and results back.
pub(super) struct Replay<'d, 'o> {
    session: Value<'d>,
    jobs: Sorted<'d>,
    results: Sorted<'d>,
    logs: &'o Logs<'o>,
    ignore_checksums: bool,
    rule: ChecksumRule,
}

/// What became of one job.
enum Replayed {
    Done,
    /// The state does not know it, yet.
    Missing,
}

/// A job that is still to be replayed.
enum Queued<'d> {
    Job(Cow<'d, str>),
    /// What stands in its place, which has to be a text.
    Unchecked(Value<'d>),
}

/// The jobs with something unknown in their results, with these results.
pub(super) type Odd<'d> = BTreeMap<Box<str>, Value<'d>>;

/// What a document says of one job.
struct Said<'i, 'd> {
    id: &'i str,
    checksum: Option<Value<'d>>,
    results: Option<Value<'d>>,
}

impl<'d, 'o> Replay<'d, 'o> {
    /// Checks the two objects.
    pub(super) fn new(
        session: Value<'d>,
        logs: &'o Logs<'o>,
        version: u8,
        ignore_checksums: bool,
    ) -> Result<Self, Corruption> {
        let object = |key: &'static str| {
            let path = SESSION.key(key);
            let object = Checked::member(session, &path)?.required(Type::Object)?;
            Ok(Sorted::of(object.members()))
        };
        Ok(Self {
            session,
            rule: ChecksumRule::of(session, version),
            jobs: object("jobs")?,
            results: object("results")?,
            logs,
            ignore_checksums,
        })
    }

    /// Whether the session lists a job.
    pub(super) fn lists(&self, job: &str) -> bool {
        self.jobs.get(job).is_some()
    }

    /// Replays everything. The deselected jobs come last, whether or not they were replayed before.
    pub(super) fn run(&self, state: &mut SessionState) -> Result<Odd<'d>, ResumeError> {
        let mut odd = Odd::new();
        let mut queue = Vec::new();
        let (mut jobs, mut results) = (self.jobs.iter().peekable(), self.results.iter().peekable());
        let mut read = Vec::new();
        while let Some(said) = next_of(&mut jobs, &mut results) {
            if let Replayed::Missing = self.job(state, &said, &mut read, &mut odd)? {
                queue.push(Queued::Job(said.id.into()));
            }
        }
        queue.extend(rejected(self.session)?);
        while !queue.is_empty() {
            let mut left = Vec::new();
            let before = queue.len();
            for queued in queue {
                let id = queued.id()?;
                let said = Said {
                    id,
                    checksum: self.jobs.get(id),
                    results: self.results.get(id),
                };
                if let Replayed::Missing = self.job(state, &said, &mut read, &mut odd)? {
                    left.push(queued);
                }
            }
            if left.len() == before {
                let names = left.iter().map(Queued::id).collect::<Result<Vec<_>, _>>()?;
                let what = format!("Unknown jobs remaining: {}", names.join(", "));
                return Err(SESSION.key("jobs").corrupted(what).into());
            }
            queue = left;
        }
        Ok(odd)
    }

    /// Replays one job. None of its results is recorded before all are read, into `read`.
    fn job(
        &self,
        state: &mut SessionState,
        said: &Said<'_, 'd>,
        read: &mut Vec<JobResult>,
        odd: &mut Odd<'d>,
    ) -> Result<Replayed, ResumeError> {
        let path = SESSION.key("jobs");
        let path = path.key(said.id);
        let stored = Checked::found(said.checksum, &path)?
            .required(Type::Text)?
            .text();
        let Some(mut job) = state.job_entry(said.id) else {
            return Ok(Replayed::Missing);
        };
        let definition = job.state().definition();
        if !self.ignore_checksums && !self.rule.fits(definition, stored) {
            return Err(ResumeError::IncompatibleJob {
                job: definition.id().clone(),
                stored: stored.to_owned(),
                known: definition.checksum().to_string(),
            });
        }
        if let Some(results) = said.results {
            if self.read_results(said.id, results, read)? {
                odd.insert(said.id.into(), results);
            }
            for result in read.drain(..) {
                self.record(&mut job, result)?;
            }
        }
        Ok(Replayed::Done)
    }

    /// Reads all results of a job; answers whether something unknown stands in them.
    fn read_results(
        &self,
        id: &str,
        results: Value<'_>,
        read: &mut Vec<JobResult>,
    ) -> Result<bool, ResumeError> {
        let path = SESSION.key("results");
        let path = path.key(id);
        let items = Checked::found(Some(results), &path)?
            .required(Type::List)?
            .items();
        let mut is_odd = false;
        for (index, result) in items.enumerate() {
            let result = read_result(result, &path.index(index), self.logs)?;
            is_odd |= result.is_odd;
            read.push(result.result);
        }
        Ok(is_odd)
    }

    fn record(&self, job: &mut JobEntry<'_>, result: JobResult) -> Result<(), ResumeError> {
        let output = match &result.io_log {
            IoLog::Stored(log)
                if result.outcome.is_some() && job.state().definition().is_output_read() =>
            {
                Some(self.logs.read(&log.path)?)
            }
            IoLog::Stored(_) | IoLog::Memory(_) => None,
        };
        job.update_result(result, output.as_deref());
        Ok(())
    }
}

/// The deselected jobs as the document has them: unchecked, and in every version. A text counts as its
/// characters and an object as its keys, as they do where Checkbox walks them.
fn rejected(session: Value<'_>) -> Result<Vec<Queued<'_>>, Corruption> {
    let path = SESSION.key("metadata");
    let metadata = Checked::member(session, &path)?
        .required(Type::Object)?
        .value;
    let Some(jobs) = metadata.get("rejected_jobs") else {
        return Ok(Vec::new());
    };
    match jobs.kind() {
        Kind::List(jobs) => Ok(jobs.map(Queued::Unchecked).collect()),
        Kind::Text(text) => Ok(text
            .chars()
            .map(|c| Queued::Job(c.to_string().into()))
            .collect()),
        Kind::Object(jobs) => Ok(Sorted::of(jobs)
            .iter()
            .map(|(id, _)| Queued::Job(id.into()))
            .collect()),
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => {
            Checked::object(jobs, &path.key("rejected_jobs"))
                .required(Type::List)
                .map(|_| Vec::new())
        }
    }
}

impl Queued<'_> {
    fn id(&self) -> Result<&str, Corruption> {
        match self {
            Self::Job(id) => Ok(id),
            Self::Unchecked(value) => {
                let path = SESSION.key("metadata");
                let path = path.key("rejected_jobs");
                let id = Checked::object(*value, &path).required(Type::Text)?;
                Ok(id.text())
            }
        }
    }
}

/// The next job, in the order of ids, that is listed or has results.
fn next_of<'d>(
    jobs: &mut Peekable<impl Iterator<Item = (&'d str, Value<'d>)>>,
    results: &mut Peekable<impl Iterator<Item = (&'d str, Value<'d>)>>,
) -> Option<Said<'d, 'd>> {
    let order = match (jobs.peek(), results.peek()) {
        (Some((job, _)), Some((other, _))) => job.cmp(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => return None,
    };
    let job = if order.is_le() { jobs.next() } else { None };
    let results = if order.is_ge() { results.next() } else { None };
    let (id, _) = job.or(results)?;
    Some(Said {
        id,
        checksum: job.map(|(_, checksum)| checksum),
        results: results.map(|(_, results)| results),
    })
}
