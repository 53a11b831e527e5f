//! The output of jobs: written as it comes, kept with the result or in files of its own.
//!
//! While a job runs its output goes to `io-logs/<stem>.log.part`: a line that says whose it is, a line that
//! says which process, then one record a line, as the finished log has them. That the file is there says that
//! the job was started. At the end the records go into the result, or into `<stem>.record.gz`, `<stem>.stdout`
//! and `<stem>.stderr` as Checkbox reads them, synced before a frame names them. What a killed run left
//! behind becomes `<stem>.log`.

mod name;
mod part;

mod finish;
mod left;

pub(crate) use finish::{finish, remove_part};
pub(crate) use left::{LeftPart, keep, left_parts, read_part, was_started};
pub use name::log_stem;
pub use part::{JobLog, ProcessRecord};
