//! What the program says: results on standard output, talk on standard error.
//!
//! A closed pipe or a full disk stops the talking for good and never the run, so no call here fails.

use std::fmt;
use std::io::{self, Write};

use indicatif::ProgressBar;
use serde::Serialize;

/// Both outputs of the program.
pub(crate) struct Talk {
    data: Option<Box<dyn Write>>,
    notes: Option<Box<dyn Write>>,
    bar: Option<ProgressBar>,
}

impl fmt::Debug for Talk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Talk")
            .field("data", &self.data.is_some())
            .field("notes", &self.notes.is_some())
            .finish_non_exhaustive()
    }
}

impl Talk {
    /// Talks on the standard streams of this process.
    pub(crate) fn standard() -> Self {
        Self::new(Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// Talks on these outputs.
    pub(crate) fn new(data: Box<dyn Write>, notes: Box<dyn Write>) -> Self {
        Self {
            data: Some(data),
            notes: Some(notes),
            bar: None,
        }
    }

    /// Takes this bar off the terminal while anything is written.
    pub(crate) fn keep_clear_of(&mut self, bar: ProgressBar) {
        self.bar = Some(bar);
    }

    /// Writes a line of results to standard output, flushed when this returns.
    pub(crate) fn data(&mut self, line: &str) {
        write_line(&mut self.data, self.bar.as_ref(), line);
    }

    /// Writes a line of talk to standard error.
    pub(crate) fn note(&mut self, line: &str) {
        write_line(&mut self.notes, self.bar.as_ref(), line);
    }

    /// Writes a document as one line of JSON to standard output.
    pub(crate) fn json(&mut self, document: &impl Serialize) {
        match serde_json::to_string(document) {
            Ok(line) => self.data(&line),
            Err(error) => self.note(&format!("note: cannot write this as JSON: {error}")),
        }
    }

    /// Writes a document as indented JSON to standard output.
    pub(crate) fn json_pretty(&mut self, document: &impl Serialize) {
        match serde_json::to_string_pretty(document) {
            Ok(text) => self.data(&text),
            Err(error) => self.note(&format!("note: cannot write this as JSON: {error}")),
        }
    }
}

/// Writes to an output that still takes something; the first error closes it.
fn write_line(output: &mut Option<Box<dyn Write>>, bar: Option<&ProgressBar>, line: &str) {
    let Some(writer) = output else {
        return;
    };
    let mut write = || {
        writer
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| writer.flush())
    };
    let written = match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    };
    if written.is_err() {
        *output = None;
    }
}
