//! Reading wire values, counts and names from bytes, within limits.

use std::borrow::Cow;
use std::sync::Arc;

use bincode::error::DecodeError;
use serde::Deserialize;
use session_state::JobId;

use super::encoder::CONFIG;
use super::wire::{Count, Name};
use crate::error::{Corruption, Place};
use crate::limits::Limits;

/// A text that has a number. The id of a job is shared with the definition it belongs to.
#[derive(Clone)]
enum Named {
    Text(Arc<str>),
    Id(JobId),
}

/// Reads wire values one after the other. Wire values borrow, so nothing is allocated here but names.
pub(super) struct Decoder<'a> {
    bytes: &'a [u8],
    read: usize,
    pub(super) limits: &'a Limits,
    names: Vec<Named>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self {
            bytes,
            read: 0,
            limits,
            names: Vec::new(),
        }
    }

    /// An error about what was just read.
    pub(super) fn corrupted(&self, what: impl Into<Cow<'static, str>>) -> Corruption {
        Corruption {
            what: what.into(),
            place: Place::Byte(self.read as u64),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.read..).unwrap_or_default()
    }

    pub(super) fn take<T: Deserialize<'a>>(&mut self) -> Result<T, Corruption> {
        let (value, length) = bincode::serde::borrow_decode_from_slice::<T, _>(self.rest(), CONFIG)
            .map_err(|error| self.corrupted(describe(&error)))?;
        self.read = self.read.saturating_add(length);
        Ok(value)
    }

    /// Reads how many items follow: no more than the limit, and no more than there are bytes left, as every
    /// item has at least one.
    pub(super) fn count(&mut self) -> Result<usize, Corruption> {
        let Count(items) = self.take()?;
        self.checked_count(items)
    }

    /// Checks a count that stood inside a wire value.
    pub(super) fn checked_count(&self, items: u64) -> Result<usize, Corruption> {
        if items > self.limits.items_max {
            return Err(self.corrupted(format!(
                "a list of {items} items; the limit items_max is {}",
                self.limits.items_max
            )));
        }
        let left = self.rest().len();
        usize::try_from(items)
            .ok()
            .filter(|&items| items <= left)
            .ok_or_else(|| self.corrupted(format!("a list of {items} items in {left} bytes")))
    }

    /// Reads a list; `item` reads each item.
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Corruption>,
    ) -> Result<Vec<T>, Corruption> {
        let count = self.count()?;
        self.items(count, &mut item)
    }

    /// Reads so many items, a count that was checked. The list grows as the items come: a large count in
    /// front of few items takes no memory.
    pub(super) fn items<T>(
        &mut self,
        count: usize,
        item: &mut dyn FnMut(&mut Self) -> Result<T, Corruption>,
    ) -> Result<Vec<T>, Corruption> {
        let mut items = Vec::with_capacity(count.min(16));
        for _ in 0..count {
            items.push(item(self)?);
        }
        items.shrink_to_fit();
        Ok(items)
    }

    /// Checks the length of a text.
    pub(super) fn text<'t>(&self, text: &'t str) -> Result<&'t str, Corruption> {
        self.bytes_within(text.as_bytes()).map(|_| text)
    }

    /// Checks the length of a text that may be absent, and makes it one of its own.
    pub(super) fn owned<T: From<&'a str>>(
        &self,
        text: Option<&'a str>,
    ) -> Result<Option<T>, Corruption> {
        text.map(|text| self.text(text).map(T::from)).transpose()
    }

    /// Checks the length of a byte string.
    pub(super) fn bytes_within<'t>(&self, bytes: &'t [u8]) -> Result<&'t [u8], Corruption> {
        if bytes.len() as u64 <= self.limits.text_bytes_max {
            Ok(bytes)
        } else {
            Err(self.corrupted(format!(
                "a text of {} bytes; the limit text_bytes_max is {}",
                bytes.len(),
                self.limits.text_bytes_max
            )))
        }
    }

    fn named(&mut self, name: Name<'_>) -> Result<Named, Corruption> {
        match name {
            Name::New(text) => {
                let named = Named::Text(Arc::from(self.text(text)?));
                self.names.push(named.clone());
                Ok(named)
            }
            Name::Seen(index) => usize::try_from(index)
                .ok()
                .and_then(|index| self.names.get(index))
                .cloned()
                .ok_or_else(|| self.corrupted(format!("name {index} before it was given"))),
        }
    }

    /// The text a name stands for, shared with the other places it stands in.
    pub(super) fn name(&mut self, name: Name<'_>) -> Result<Arc<str>, Corruption> {
        Ok(match self.named(name)? {
            Named::Text(text) => text,
            Named::Id(id) => Arc::from(id.as_str()),
        })
    }

    /// The job a name stands for.
    pub(super) fn id(&mut self, name: Name<'_>) -> Result<JobId, Corruption> {
        Ok(match self.named(name)? {
            Named::Text(text) => JobId::new(text),
            Named::Id(id) => id,
        })
    }

    /// Gives the id of a definition the next number.
    pub(super) fn remember(&mut self, id: JobId) {
        self.names.push(Named::Id(id));
    }

    /// Reads a list of jobs.
    pub(super) fn id_list(&mut self) -> Result<Vec<JobId>, Corruption> {
        self.list(|decoder| {
            let name = decoder.take()?;
            decoder.id(name)
        })
    }

    /// Insists that everything was read.
    pub(super) fn finish(self) -> Result<(), Corruption> {
        match self.rest().len() {
            0 => Ok(()),
            left => Err(self.corrupted(format!("{left} bytes too many"))),
        }
    }
}

/// Words of our own for what bincode found, without what it says of Rust types.
fn describe(error: &DecodeError) -> &'static str {
    if matches!(error, DecodeError::UnexpectedEnd { .. }) {
        "the bytes end too early"
    } else if matches!(error, DecodeError::Utf8 { .. }) {
        "a text is not UTF-8"
    } else {
        "the bytes do not follow the layout"
    }
}
