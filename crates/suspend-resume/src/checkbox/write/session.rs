//! The document, version by version, and its envelope.
//!
//! | version | what changes |
//! |---|---|
//! | 1 to 3 | all jobs, and of each its present result |
//! | 4 | jobs that ran or are to run; whole histories |
//! | 6 | also rejected jobs |
//! | 8 | system information |
//! | 10 | all jobs while the flag `setting_up` is set |

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use session_state::{JobId, JobResult, JobState, SessionState};

use super::listing::Listing;
use super::result::put_result;
use super::text::{Object, Text};
use crate::checkbox::document::NEWEST;
use crate::checkbox::system::SystemInformation;
use crate::checkbox::unknown::{UnknownFields, align};
use crate::error::SuspendError;
use crate::suspend::SuspendOptions;

/// The value of the header byte for an unknown operating system.
const UNKNOWN_SYSTEM: u8 = 255;

/// Writes a state in a version of Checkbox's format, packed. Equal states give equal bytes: the time of the
/// envelope is 0.
pub(crate) fn write_checkbox(
    state: &SessionState,
    version: u8,
    options: &SuspendOptions,
) -> Result<Vec<u8>, SuspendError> {
    let text = write_text(state, version, options)?;
    let mut packer = GzBuilder::new()
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes())?;
    Ok(packer.finish()?)
}

/// The JSON text of a state.
pub(in crate::checkbox) fn write_text(
    state: &SessionState,
    version: u8,
    options: &SuspendOptions,
) -> Result<String, SuspendError> {
    if !(1..=NEWEST).contains(&version) {
        return Err(SuspendError::NoSuchFormat { version });
    }
    let writer = Writer {
        state,
        version,
        options,
        unknown: options.unknown_fields.in_version(version),
        sorted: state.jobs().map(|job| (job.id(), job)).collect(),
        listing: Listing::new(state, version),
    };
    let mut text = Text::default();
    text.object_with(&writer.unknown.document, |document| {
        let unknown = &writer.unknown.session;
        document
            .key("session")
            .object_with(unknown, |session| writer.session(session))?;
        document.key("version").int(i64::from(version));
        Ok::<(), SuspendError>(())
    })?;
    Ok(text.finish())
}

struct Writer<'s> {
    state: &'s SessionState,
    version: u8,
    options: &'s SuspendOptions,
    unknown: &'s UnknownFields,
    sorted: BTreeMap<&'s JobId, &'s JobState>,
    listing: Listing<'s>,
}

impl Writer<'_> {
    fn session(&self, session: &mut Object<'_, '_>) -> Result<(), SuspendError> {
        let state = self.state;
        session
            .key("desired_job_list")
            .strings(state.desired_jobs().map(JobId::as_str));
        session.key("jobs").object(|jobs| {
            for (id, job) in self
                .sorted
                .iter()
                .filter(|(_, job)| self.listing.lists(job))
            {
                jobs.key(id.as_str())
                    .string(&job.definition().checksum().to_string());
            }
            Ok::<(), SuspendError>(())
        })?;
        // Versions 1 to 5 write a mandatory list and do not read it.
        let stays = self.unknown.session.contains_key("mandatory_job_list");
        if state.mandatory_jobs().len() > 0 || !stays {
            session
                .key("mandatory_job_list")
                .strings(state.mandatory_jobs().map(JobId::as_str));
        }
        let unknown = &self.unknown.metadata;
        session
            .key("metadata")
            .object_with(unknown, |metadata| self.metadata(metadata))?;
        session
            .key("results")
            .object(|results| self.results(results))?;
        if self.version >= 8 {
            session.key("system_information").object(|tools| {
                let information = self.options.system_information.iter();
                for (name, tool) in information.flat_map(SystemInformation::outputs) {
                    tools.key(name).json(&self.unknown.with_tool(name, tool));
                }
                Ok::<(), SuspendError>(())
            })?;
        }
        Ok(())
    }

    fn metadata(&self, object: &mut Object<'_, '_>) -> Result<(), SuspendError> {
        let metadata = self.state.metadata();
        let since = |version: u8| self.version >= version;
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
            object
                .key("rejected_jobs")
                .strings(metadata.rejected_jobs.iter().map(JobId::as_str));
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

    fn results(&self, results: &mut Object<'_, '_>) -> Result<(), SuspendError> {
        for (id, job) in &self.sorted {
            let mut rest = self.unknown.results_of(id.as_str());
            let mut put = |text: &mut Text, result: &JobResult| {
                let odd = align(&mut rest, result);
                put_result(text, result, odd, self.version, self.options)
            };
            if self.version < 4 {
                results
                    .key(id.as_str())
                    .list(|list| put(list.item(), job.result()))?;
            } else if !job.history().is_empty() {
                results.key(id.as_str()).list(|list| {
                    let mut history = job.history().iter();
                    history.try_for_each(|result| put(list.item(), result))
                })?;
            }
        }
        Ok(())
    }
}
