//! The document, version by version, and its envelope.
//!
//! | version | what changes |
//! |---|---|
//! | 1 to 3 | all jobs, and of each its present result |
//! | 4 | jobs that ran or are to run; whole histories |
//! | 6 | also rejected jobs |
//! | 8 | system information |
//! | 10 | all jobs while the flag `setting_up` is set |

use session_state::{JobId, JobResult, JobState, SessionState};

use super::blocks::{BLOCK_JOBS, Block, Blocks, Histories, Listed};
use super::listing::Listing;
use super::pack::pack;
use super::result::put_result;
use super::text::{Object, Text};
use crate::checkbox::document::NEWEST;
use crate::checkbox::system::SystemInformation;
use crate::checkbox::unknown::{UnknownFields, align};
use crate::error::SuspendError;
use crate::suspend::SuspendOptions;

/// Writes a state in a version of Checkbox's format, packed as one member. Equal states give equal bytes.
pub(crate) fn write_checkbox(
    state: &SessionState,
    version: u8,
    options: &SuspendOptions,
) -> Result<Vec<u8>, SuspendError> {
    Ok(pack(&write_text(state, version, options)?)?)
}

/// The JSON text of a state.
pub(in crate::checkbox) fn write_text(
    state: &SessionState,
    version: u8,
    options: &SuspendOptions,
) -> Result<String, SuspendError> {
    let mut text = Text::default();
    let version = known_version(version)?;
    put_document(&mut text, state, version, options, None)?;
    Ok(text.finish())
}

/// A version there is.
pub(super) fn known_version(version: u8) -> Result<u8, SuspendError> {
    match version {
        1..=NEWEST => Ok(version),
        _ => Err(SuspendError::NoSuchFormat { version }),
    }
}

/// Writes the document of a state, with blocks that are kept from one time to the next where there are some.
pub(super) fn put_document(
    text: &mut Text,
    state: &SessionState,
    version: u8,
    options: &SuspendOptions,
    blocks: Option<&mut Blocks>,
) -> Result<(), SuspendError> {
    let unknown = options.unknown_fields.in_version(version);
    let mut sorted: Vec<&JobState> = state.jobs().collect();
    sorted.sort_unstable_by(|one, other| one.id().cmp(other.id()));
    let mut writer = Writer {
        state,
        version,
        options,
        unknown,
        sorted,
        listing: Listing::new(state, version, options),
        blocks,
    };
    text.object_with(&unknown.document, |document| {
        document
            .key("session")
            .object_with(&unknown.session, |session| writer.session(session))?;
        document.key("version").int(i64::from(version));
        Ok(())
    })
}

struct Writer<'s> {
    state: &'s SessionState,
    version: u8,
    options: &'s SuspendOptions,
    unknown: &'s UnknownFields,
    /// The jobs, by id.
    sorted: Vec<&'s JobState>,
    listing: Listing<'s>,
    blocks: Option<&'s mut Blocks>,
}

impl Writer<'_> {
    fn session(&mut self, session: &mut Object<'_, '_>) -> Result<(), SuspendError> {
        let (state, unknown) = (self.state, self.unknown);
        let slot = self.blocks.as_deref_mut().map(|blocks| &mut blocks.desired);
        put_ids(session.key("desired_job_list"), slot, &state.desired_jobs())?;
        session.key("jobs").object(|jobs| self.jobs(jobs))?;
        // Versions 1 to 5 write a mandatory list and do not read it.
        let stays = unknown.session.contains_key("mandatory_job_list");
        if state.mandatory_jobs().len() > 0 || !stays {
            let slot = self
                .blocks
                .as_deref_mut()
                .map(|blocks| &mut blocks.mandatory);
            put_ids(
                session.key("mandatory_job_list"),
                slot,
                &state.mandatory_jobs(),
            )?;
        }
        session
            .key("metadata")
            .object_with(&unknown.metadata, |metadata| self.metadata(metadata))?;
        session
            .key("results")
            .object(|results| self.results(results))?;
        if self.version >= 8 {
            self.system_information(session.key("system_information"))?;
        }
        Ok(())
    }

    fn jobs(&mut self, jobs: &mut Text) -> Result<(), SuspendError> {
        let (sorted, listing) = (&self.sorted, &self.listing);
        let lists = |job: &JobState| listing.lists(job);
        let put = |jobs: &mut Text, some: &[&JobState]| {
            for job in some.iter().filter(|job| lists(job)) {
                jobs.key(job.id().as_str()).string(&listing.checksum(job));
            }
            Ok(())
        };
        let Some(blocks) = self.blocks.as_deref_mut() else {
            return put(jobs, sorted);
        };
        let chunks = sorted.chunks(BLOCK_JOBS);
        blocks.jobs.resize_with(chunks.len(), || None);
        for (some, slot) in chunks.zip(&mut blocks.jobs) {
            let is_same = |known: &Listed| known.is(some, lists);
            let made_of = || Listed::of(some, lists);
            Block::put(slot, jobs, is_same, made_of, |jobs| put(jobs, some))?;
        }
        Ok(())
    }

    fn metadata(&mut self, object: &mut Object<'_, '_>) -> Result<(), SuspendError> {
        let metadata = self.state.metadata();
        let version = self.version;
        let since = |first: u8| version >= first;
        if since(2) {
            object
                .key("app_blob")
                .optional(metadata.app_blob.as_deref(), Text::bytes);
        }
        if since(3) {
            object
                .key("app_id")
                .optional(metadata.app_id.as_deref(), Text::string);
        }
        if since(6) {
            object.key("custom_joblist").truth(metadata.custom_joblist);
        }
        object
            .key("flags")
            .strings(metadata.flags.iter().map(String::as_str));
        if since(7) {
            let time = metadata.last_job_start_time;
            object
                .key("last_job_start_time")
                .optional(time, Text::float);
        }
        if since(6) {
            let slot = self
                .blocks
                .as_deref_mut()
                .map(|blocks| &mut blocks.rejected);
            let rejected = &metadata.rejected_jobs.iter();
            put_ids(object.key("rejected_jobs"), slot, rejected)?;
        }
        if since(11) {
            object
                .key("remaining_todo_jobs")
                .truth(metadata.remaining_todo_jobs);
        }
        let running = metadata.running_job_name.as_deref();
        object
            .key("running_job_name")
            .optional(running, Text::string);
        object
            .key("title")
            .optional(metadata.title.as_deref(), Text::string);
        Ok(())
    }

    fn results(&mut self, results: &mut Text) -> Result<(), SuspendError> {
        let (version, unknown, options) = (self.version, self.unknown, self.options);
        let put = |results: &mut Text, some: &[&JobState]| {
            for job in some {
                let mut rest = unknown.results_of(job.id().as_str());
                let mut put = |text: &mut Text, result: &JobResult| {
                    let odd = align(&mut rest, result);
                    put_result(text, result, odd, version, options)
                };
                if version < 4 {
                    results
                        .key(job.id().as_str())
                        .list(|list| put(list.item(), job.result()))?;
                } else if !job.history().is_empty() {
                    results.key(job.id().as_str()).list(|list| {
                        let mut history = job.history().iter();
                        history.try_for_each(|result| put(list.item(), result))
                    })?;
                }
            }
            Ok(())
        };
        let Some(blocks) = self.blocks.as_deref_mut().filter(|_| version >= 4) else {
            return put(results, &self.sorted);
        };
        let chunks = self.sorted.chunks(BLOCK_JOBS);
        blocks.results.resize_with(chunks.len(), || None);
        for (some, slot) in chunks.zip(&mut blocks.results) {
            let is_same = |known: &Histories| known.is(some);
            let made_of = || Histories::of(some);
            Block::put(slot, results, is_same, made_of, |results| {
                put(results, some)
            })?;
        }
        Ok(())
    }

    fn system_information(&mut self, text: &mut Text) -> Result<(), SuspendError> {
        let (information, unknown) = (&self.options.system_information, self.unknown);
        let put = |text: &mut Text| {
            text.object(|tools| {
                let outputs = information.iter().flat_map(SystemInformation::outputs);
                for (name, tool) in outputs {
                    tools.key(name).json(&unknown.with_tool(name, tool));
                }
                Ok(())
            })
        };
        match self.blocks.as_deref_mut() {
            None => put(text),
            // The options of an encoder never change.
            Some(blocks) => Block::put(&mut blocks.system, text, |()| true, || (), put),
        }
    }
}

/// Writes a list of ids.
fn put_ids<'i>(
    text: &mut Text,
    slot: Option<&mut Option<Block<Vec<JobId>>>>,
    ids: &(impl Iterator<Item = &'i JobId> + Clone),
) -> Result<(), SuspendError> {
    let put = |text: &mut Text| {
        text.strings(ids.clone().map(JobId::as_str));
        Ok(())
    };
    match slot {
        None => put(text),
        Some(slot) => {
            let is_same = |known: &Vec<JobId>| known.iter().eq(ids.clone());
            let made_of = || ids.clone().cloned().collect();
            Block::put(slot, text, is_same, made_of, put)
        }
    }
}
