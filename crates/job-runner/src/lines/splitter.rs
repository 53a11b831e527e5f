//! The splitter of one stream.

/// Holds the part of a line whose end has not come yet: never more than the longest piece.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    held: Vec<u8>,
    bytes_max: usize,
}

impl LineSplitter {
    /// A splitter that cuts lines longer than `bytes_max` (at least 1) into pieces of that length.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self {
            held: Vec::new(),
            bytes_max: bytes_max.max(1),
        }
    }

    /// Takes bytes; gives every piece that is complete with them. Stops at the first error, and what
    /// was not given by then is lost.
    pub(crate) fn feed<E>(
        &mut self,
        mut bytes: &[u8],
        mut give: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !bytes.is_empty() {
            let room = self.bytes_max.saturating_sub(self.held.len()).max(1);
            let (window, _) = bytes.split_at(room.min(bytes.len()));
            let (taken, complete) = match window.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at.saturating_add(1), true),
                None => (window.len(), window.len() == room),
            };
            let (piece, rest) = bytes.split_at(taken);
            bytes = rest;
            if !complete {
                self.held.extend_from_slice(piece);
            } else if self.held.is_empty() {
                give(piece)?;
            } else {
                self.held.extend_from_slice(piece);
                let whole = give(&self.held);
                self.held.clear();
                whole?;
            }
        }
        Ok(())
    }

    /// Gives the last line when it has no newline.
    pub(crate) fn finish<E>(
        &mut self,
        mut give: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            return Ok(());
        }
        give(&held)
    }
}
