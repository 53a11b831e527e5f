//! Writing wire values, counts and names to a byte stream.

use std::collections::HashMap;
use std::io;

use bincode::config::{self, Configuration};
use serde::Serialize;

use super::wire::{Count, Name};

/// Little-endian, variable-length integers: the standard layout of bincode 2.
pub(super) const CONFIG: Configuration = config::standard();

/// How many bytes are gathered before they are passed on.
const CHUNK: usize = 64 * 1024;

/// Writes wire values to a stream. `'s` is the life of the state whose texts are remembered.
pub(super) struct Encoder<'s, 'w> {
    gathered: Vec<u8>,
    out: &'w mut dyn io::Write,
    names: HashMap<&'s str, u64>,
    named: u64,
}

impl<'s, 'w> Encoder<'s, 'w> {
    pub(super) fn new(out: &'w mut dyn io::Write) -> Self {
        Self {
            gathered: Vec::new(),
            out,
            names: HashMap::new(),
            named: 0,
        }
    }

    pub(super) fn put(&mut self, value: impl Serialize) -> io::Result<()> {
        bincode::serde::encode_into_std_write(value, &mut self.gathered, CONFIG)
            .map_err(io::Error::other)?;
        if self.gathered.len() >= CHUNK {
            self.out.write_all(&self.gathered)?;
            self.gathered.clear();
        }
        Ok(())
    }

    /// Writes how many items follow.
    pub(super) fn count(&mut self, items: usize) -> io::Result<()> {
        self.put(Count(items as u64))
    }

    /// The wire form of a text that tends to come again.
    pub(super) fn name(&mut self, text: &'s str) -> Name<'s> {
        match self.names.get(text) {
            Some(&index) => Name::Seen(index),
            None => {
                self.remember(text);
                Name::New(text)
            }
        }
    }

    /// Gives a text the next number, as the decoder does for the id of each definition. A text that has a
    /// number already keeps it; the new number stays unused.
    pub(super) fn remember(&mut self, text: &'s str) {
        self.names.entry(text).or_insert(self.named);
        self.named += 1;
    }

    /// Writes a list of names.
    pub(super) fn name_list(
        &mut self,
        names: impl ExactSizeIterator<Item = &'s str>,
    ) -> io::Result<()> {
        self.count(names.len())?;
        for text in names {
            let name = self.name(text);
            self.put(name)?;
        }
        Ok(())
    }

    /// Passes on what is still gathered.
    pub(super) fn finish(self) -> io::Result<()> {
        self.out.write_all(&self.gathered)
    }
}
