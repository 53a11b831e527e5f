//! Writing wire values, counts and names to a byte stream.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;

use bincode::config::{self, Configuration};
use bincode::enc::write::Writer;
use bincode::error::EncodeError;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::wire::{Count, Name};

/// Little-endian, variable-length integers: the standard layout of bincode 2.
pub(super) const CONFIG: Configuration = config::standard();

/// How many bytes are gathered before they are passed on.
const CHUNK: usize = 64 * 1024;

/// Writes wire values to a stream. `'s` is the life of the state whose texts are remembered.
pub(super) struct Encoder<'s, 'w> {
    gathered: Gathered,
    /// Where what was gathered goes; without it all of it stays.
    out: Option<&'w mut dyn io::Write>,
    numbers: HashMap<&'s str, u64, Seed>,
    named: u64,
    /// Where names stand in memory; there since the first that came again.
    recent: Vec<(&'s str, u64)>,
    /// Names of log files in here are written as seen from here.
    pub(super) session_dir: Option<&'s str>,
}

/// How many names are known by where they stand in memory: more than a definition has fields.
const RECENT: usize = 64;

/// Bytes to be passed on.
#[derive(Default)]
struct Gathered(Vec<u8>);

impl Writer for Gathered {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// XXH3 from a seed of this encoder's own: names may come from anywhere.
struct Seed(u64);

impl BuildHasher for Seed {
    type Hasher = NameHash;

    fn build_hasher(&self) -> NameHash {
        NameHash(self.0)
    }
}

struct NameHash(u64);

impl Hasher for NameHash {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    /// Only the mark behind a text comes this way, and texts of the map are not parts of one another.
    fn write_u8(&mut self, byte: u8) {
        self.0 = self.0.rotate_left(8) ^ u64::from(byte);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<'s, 'w> Encoder<'s, 'w> {
    pub(super) fn new(out: &'w mut dyn io::Write) -> Self {
        Self::with(Some(out), Vec::with_capacity(CHUNK))
    }

    /// One that keeps what it writes, behind what is there.
    pub(super) fn in_memory(bytes: Vec<u8>) -> Self {
        Self::with(None, bytes)
    }

    fn with(out: Option<&'w mut dyn io::Write>, gathered: Vec<u8>) -> Self {
        Self {
            gathered: Gathered(gathered),
            out,
            numbers: HashMap::with_hasher(Seed(RandomState::new().hash_one(0))),
            named: 0,
            recent: Vec::new(),
            session_dir: None,
        }
    }

    /// Makes room for so many more names.
    pub(super) fn expect_names(&mut self, names: usize) {
        self.numbers.reserve(names);
    }

    #[inline]
    pub(super) fn put(&mut self, value: impl Serialize) -> io::Result<()> {
        bincode::serde::encode_into_writer(value, &mut self.gathered, CONFIG)
            .map_err(io::Error::other)?;
        match &mut self.out {
            Some(out) if self.gathered.0.len() >= CHUNK => {
                out.write_all(&self.gathered.0)?;
                self.gathered.0.clear();
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Writes how many items follow.
    pub(super) fn count(&mut self, items: usize) -> io::Result<()> {
        self.put(Count(items as u64))
    }

    /// The wire form of a text that tends to come again.
    pub(super) fn name(&mut self, text: &'s str) -> Name<'s> {
        // The names of fields stand in the same place for every definition; that is told without looking at them.
        let place = ((text.as_ptr().addr() / 8) ^ text.len()) % RECENT;
        match self.recent.get(place) {
            Some((known, index)) if !text.is_empty() && std::ptr::eq(*known, text) => {
                return Name::Seen(*index);
            }
            Some(_) | None => {}
        }
        match self.numbers.get(text) {
            Some(&index) => {
                self.recent.resize(RECENT, ("", 0));
                if let Some(recent) = self.recent.get_mut(place) {
                    *recent = (text, index);
                }
                Name::Seen(index)
            }
            None => {
                self.remember(text);
                Name::New(text)
            }
        }
    }

    /// Gives a text the next number, as the decoder does for the id of each definition. A text that has a
    /// number already keeps it; the new number stays unused.
    pub(super) fn remember(&mut self, text: &'s str) {
        self.numbers.entry(text).or_insert(self.named);
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

    /// The wire forms of texts.
    pub(super) fn names(&mut self, names: impl ExactSizeIterator<Item = &'s str>) -> Vec<Name<'s>> {
        names.map(|text| self.name(text)).collect()
    }

    /// Passes on what is still gathered.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.out {
            Some(out) => out.write_all(&self.gathered.0),
            None => Ok(()),
        }
    }

    /// What was written and not passed on.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.gathered.0
    }
}
