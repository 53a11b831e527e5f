//! The output of jobs: written as it comes, kept with the result or in files of its own.
//!
//! While a job runs its output goes to `io-logs/running.part`: a line that says whose it is, a line that says which
//! process, then one record a line, as the finished log has them. That the file names the attempt says that the job
//! was started. At the end the records go into the result, or into `<stem>.record.gz`, `<stem>.stdout` and
//! `<stem>.stderr` as Checkbox reads them, synced before a frame names them. When the result is durable, the next job
//! writes its lines over those of this one; a check in each line binds it to its head. What a killed run left behind
//! becomes `<stem>.log`.
//!
//! An attempt that begins while the file is still needed has one of its own, `<stem>.log.part`, as every attempt had
//! in the first layout of these files, which is read all the same.

mod head;
mod line;
mod name;
mod part;

mod content;
mod left;

mod finish;
mod running;

pub(crate) use finish::finish;
pub use head::ProcessRecord;
pub(crate) use left::{
    LeftPart, keep, left_parts, read_part, remove_part, remove_unowned, was_started,
};
pub use name::log_stem;
pub use part::JobLog;
pub(crate) use part::{Attempt, own_name};
pub(crate) use running::{RunningLogs, io_logs};

#[cfg(test)]
mod tests;
