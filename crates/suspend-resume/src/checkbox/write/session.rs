//! The document, version by version, and its envelope.
//!
//! | version | what changes |
//! |---|---|
//! | 1 to 3 | all jobs, and of each its present result |
//! | 4 | jobs that ran or are to run; whole histories |
//! | 6 | also rejected jobs |
//! | 8 | system information |
//! | 10 | all jobs while the flag `setting_up` is set |

use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use session_state::{JobId, JobState, SessionState};

use super::result::put_result;
use super::text::Text;
use crate::checkbox::document::NEWEST;
use crate::checkbox::system::SystemInformation;
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
        sorted: state.jobs().map(|job| (job.id(), job)).collect(),
        rejected: state.metadata().rejected_jobs.iter().collect(),
    };
    let mut text = Text::default();
    text.object(|document| {
        document
            .key("session")
            .object(|session| writer.session(session))?;
        document.key("version").int(i64::from(version));
        Ok::<(), SuspendError>(())
    })?;
    Ok(text.finish())
}

struct Writer<'s> {
    state: &'s SessionState,
    version: u8,
    options: &'s SuspendOptions,
    sorted: BTreeMap<&'s JobId, &'s JobState>,
    rejected: HashSet<&'s JobId>,
}

impl Writer<'_> {
    fn session(&self, session: &mut Text) -> Result<(), SuspendError> {
        let state = self.state;
        session
            .key("desired_job_list")
            .strings(state.desired_jobs().map(JobId::as_str));
        session.key("jobs").object(|jobs| {
            for (id, job) in self.sorted.iter().filter(|(_, job)| self.lists(job)) {
                jobs.key(id.as_str())
                    .string(&job.definition().checksum().to_string());
            }
            Ok::<(), SuspendError>(())
        })?;
        session
            .key("mandatory_job_list")
            .strings(state.mandatory_jobs().map(JobId::as_str));
        session
            .key("metadata")
            .object(|metadata| self.metadata(metadata))?;
        session
            .key("results")
            .object(|results| self.results(results))?;
        if self.version >= 8 {
            session.key("system_information");
            session.object(|tools| {
                let information = self.options.system_information.iter();
                for (name, output) in information.flat_map(SystemInformation::outputs) {
                    tools.key(name).json(output);
                }
                Ok::<(), SuspendError>(())
            })?;
        }
        Ok(())
    }

    /// Whether the jobs of the document include a job.
    fn lists(&self, job: &JobState) -> bool {
        let metadata = self.state.metadata();
        self.version < 4
            || !job.result().is_hollow()
            || self.state.is_on_run_list(job.id())
            || (self.version >= 6 && self.rejected.contains(job.id()))
            || (self.version >= 10 && metadata.flags.contains("setting_up"))
    }

    fn metadata(&self, object: &mut Text) -> Result<(), SuspendError> {
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

    fn results(&self, results: &mut Text) -> Result<(), SuspendError> {
        let options = self.options;
        for (id, job) in &self.sorted {
            if self.version < 4 {
                results
                    .key(id.as_str())
                    .list(|list| put_result(list.item(), job.result(), self.version, options))?;
            } else if !job.history().is_empty() {
                results.key(id.as_str()).list(|list| {
                    job.history().iter().try_for_each(|result| {
                        put_result(list.item(), result, self.version, options)
                    })
                })?;
            }
        }
        Ok(())
    }
}
