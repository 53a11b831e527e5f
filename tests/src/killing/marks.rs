//! What the jobs themselves recorded: one file per job, a line at its start and one at its end.

use std::io;
use std::path::Path;

use crate::disk;

/// The marks of one job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// How often it began.
    pub starts: usize,
    /// How often it came to its end.
    pub ends: usize,
}

/// Reads the marks of a job; a job that never ran has none.
///
/// # Errors
/// A broken promise in words: a run that went on beside its successor, or a line that is no mark.
pub(super) fn read(folder: &Path, id: &str) -> Result<Marks, String> {
    let text = disk::read_text_or_empty(&folder.join(id))
        .map_err(|error: io::Error| format!("the marks of {id} cannot be read: {error}"))?;
    judge(id, &text)
}

/// Counts marks; a run may end only while no other has begun after it, and once.
///
/// # Errors
/// As [`read`].
pub(super) fn judge(id: &str, text: &str) -> Result<Marks, String> {
    let mut marks = Marks::default();
    let mut running: Option<&str> = None;
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("start", process)) => {
                running = Some(process);
                marks.starts += 1;
            }
            Some(("end", process)) if running == Some(process) => {
                running = None;
                marks.ends += 1;
            }
            Some(("end", process)) => {
                return Err(format!(
                    "{id}: process {process} ended beside its successor or twice; its marks:\n{text}"
                ));
            }
            Some(_) | None => return Err(format!("{id}: {line:?} is no mark")),
        }
    }
    Ok(marks)
}
