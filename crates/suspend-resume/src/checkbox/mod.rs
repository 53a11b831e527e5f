//! The formats of Checkbox and PlainBox, versions 1 to 11: gzipped JSON.
//!
//! What is checked, in which order and in which words, is what Checkbox itself does; where it crashes, the
//! session counts as corrupted here.

mod base64;
mod envelope;
mod json;

mod check;
mod document;

mod data;
mod number;

mod logs;
mod metadata;
mod results;

mod replay;

mod system;

mod unknown;

mod write;

mod log_line;

mod checksums;
mod peek;
mod resume;

mod bare;

pub(crate) use document::NEWEST;
pub(crate) use envelope::is_gzip;
pub(crate) use write::write_checkbox;

pub use bare::{BareSession, resume_bare};
pub use checksums::{JobChecksums, job_checksums};
pub use log_line::{decode_log_record, encode_log_record};
pub use logs::decode_log;
pub use peek::{CheckboxPeek, peek_checkbox};
pub use resume::resume_checkbox;
pub use system::{SystemInformation, system_information};
pub use unknown::UnknownFields;
pub use write::{CheckboxEncoder, Loss, Obstacle, losses};

#[cfg(test)]
mod tests;
