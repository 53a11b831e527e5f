//! What stands in the log of a running job, as far as it is whole and of one attempt.

use super::head::{PartHead, ProcessRecord};
use super::line::{Line, Seal};
use crate::faults::Faults;

/// The head of a log, and the lines behind it, one after the other.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) head: PartHead<'a>,
    bytes: &'a [u8],
    end: usize,
    /// What the lines are checked under; they carry no checks in the first layout.
    seal: Option<Seal>,
}

impl<'a> Content<'a> {
    /// What bytes hold; `None` when they do not begin with a whole head.
    pub(super) fn of(bytes: &'a [u8], faults: Faults) -> Option<Self> {
        let (first, seal) = if bytes.starts_with(b"{") {
            (Line::first(bytes)?, None)
        } else {
            let first = Seal::HEAD.first_line(bytes)?;
            let check = Seal::HEAD.check(first.text.as_bytes());
            (first, Some(Seal::of_head(check, faults)))
        };
        Some(Self {
            head: serde_json::from_str(first.text).ok()?,
            bytes,
            end: first.length,
            seal,
        })
    }

    /// The process that the next line names; `None` when it names none.
    pub(super) fn process(&mut self) -> Option<ProcessRecord> {
        self.next().and_then(|line| serde_json::from_str(line).ok())
    }

    /// Where the last line of the attempt ends, in bytes.
    pub(super) fn end(mut self) -> usize {
        self.by_ref().for_each(drop);
        self.end
    }
}

impl<'a> Iterator for Content<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.bytes.get(self.end..)?;
        let line = match self.seal {
            Some(seal) => seal.first_line(rest)?,
            None => Line::first(rest)?,
        };
        self.end += line.length;
        Some(line.text)
    }
}
