//! What a session says about itself, set field by field.

use super::session::SessionState;
use crate::change::{Change, MetadataChange};
use crate::id::JobId;
use crate::metadata::JobIntent;

impl SessionState {
    /// Sets the title.
    pub fn set_title(&mut self, title: Option<String>) {
        self.change_metadata(MetadataChange::Title(title));
    }

    /// Sets a flag.
    pub fn set_flag(&mut self, flag: impl Into<String>) {
        self.change_metadata(MetadataChange::FlagSet(flag.into()));
    }

    /// Clears a flag.
    pub fn clear_flag(&mut self, flag: impl Into<String>) {
        self.change_metadata(MetadataChange::FlagCleared(flag.into()));
    }

    /// Sets the name of the job last begun; [`start_job`](Self::start_job) does so by itself.
    pub fn set_running_job_name(&mut self, name: Option<String>) {
        self.change_metadata(MetadataChange::RunningJobName(name));
    }

    /// Sets the bytes of the application.
    pub fn set_app_blob(&mut self, blob: Option<Vec<u8>>) {
        self.change_metadata(MetadataChange::AppBlob(blob));
    }

    /// Sets the name of the application.
    pub fn set_app_id(&mut self, id: Option<String>) {
        self.change_metadata(MetadataChange::AppId(id));
    }

    /// Sets whether the operator chose the jobs by hand.
    pub fn set_custom_joblist(&mut self, custom: bool) {
        self.change_metadata(MetadataChange::CustomJoblist(custom));
    }

    /// Sets the jobs the operator deselected.
    pub fn set_rejected_jobs(&mut self, jobs: Vec<JobId>) {
        self.change_metadata(MetadataChange::RejectedJobs(jobs));
    }

    /// Sets when the last job was begun, in seconds since the epoch.
    pub fn set_last_job_start_time(&mut self, at: Option<f64>) {
        self.change_metadata(MetadataChange::LastJobStartTime(at));
    }

    /// Sets whether anything is left to do.
    pub fn set_remaining_todo_jobs(&mut self, remaining: bool) {
        self.change_metadata(MetadataChange::RemainingTodoJobs(remaining));
    }

    /// Sets or withdraws the note which job is about to run. Attempts are counted by
    /// [`start_job`](Self::start_job) only.
    pub fn set_intent(&mut self, intent: Option<JobIntent>) {
        self.change_metadata(MetadataChange::Intent(intent));
    }

    /// Makes one change of the metadata.
    pub fn change_metadata(&mut self, change: MetadataChange) {
        self.replace_metadata(&change);
        self.record(|_| Change::Metadata(change));
    }

    /// The door for the metadata.
    pub(super) fn replace_metadata(&mut self, change: &MetadataChange) {
        let metadata = &mut self.metadata;
        match change {
            MetadataChange::Title(title) => metadata.title.clone_from(title),
            MetadataChange::FlagSet(flag) => {
                metadata.flags.insert(flag.clone());
            }
            MetadataChange::FlagCleared(flag) => {
                metadata.flags.remove(flag);
            }
            MetadataChange::RunningJobName(name) => metadata.running_job_name.clone_from(name),
            MetadataChange::AppBlob(blob) => metadata.app_blob.clone_from(blob),
            MetadataChange::AppId(id) => metadata.app_id.clone_from(id),
            MetadataChange::CustomJoblist(custom) => metadata.custom_joblist = *custom,
            MetadataChange::RejectedJobs(jobs) => metadata.rejected_jobs.clone_from(jobs),
            MetadataChange::LastJobStartTime(at) => metadata.last_job_start_time = *at,
            MetadataChange::RemainingTodoJobs(remaining) => {
                metadata.remaining_todo_jobs = *remaining;
            }
            MetadataChange::Intent(intent) => metadata.intent.clone_from(intent),
        }
    }
}
