//! One record of a log as a line of text: what `.record.gz` files hold, one record a line.

use session_state::IoLogRecord;

use super::check::Path;
use super::json::parse;
use super::results::read_record;
use super::write::result::put_record;
use super::write::text::Text;
use crate::error::ResumeError;
use crate::limits::Limits;

/// Writes a record as one line, without its end: `[0.25,"stdout","/wo="]`.
pub fn encode_log_record(record: &IoLogRecord) -> String {
    let mut text = Text::default();
    put_record(&mut text, record, &[]);
    text.finish()
}

/// Reads the line [`encode_log_record`] writes.
///
/// # Errors
/// [`ResumeError::Corrupted`]: not such a line.
pub fn decode_log_record(line: &str, limits: &Limits) -> Result<IoLogRecord, ResumeError> {
    let (record, _) = read_record(parse(line, limits)?.root(), &Path::ROOT)?;
    Ok(record)
}
