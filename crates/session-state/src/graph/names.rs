//! Every id a session ever heard of, each with a number of 32 bits.

use std::hash::{BuildHasher as _, RandomState};

use crate::id::JobId;

/// The number of an id within one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(u32);

impl Node {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    pub(crate) const fn from_number(number: u32) -> Self {
        Self(number)
    }
}

/// Marks an unused slot.
const FREE: u32 = u32::MAX;

/// Ids and their numbers. Open addressing: a slot is a number and 32 bits of the hash of its id.
///
/// The texts of the ids stand together a second time: who looks an id up compares it with one text, and that of the id
/// itself lies wherever its definition was made, too far from the next to come into the cache with it.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    ids: Vec<JobId>,
    texts: Vec<u8>,
    /// Where in `texts` the text of each id ends.
    ends: Vec<usize>,
    slots: Vec<(u32, u32)>,
    seeds: Seeds,
}

/// What the hashes of one table begin with, drawn when it is made.
#[derive(Clone, Copy, Debug)]
struct Seeds {
    start: u64,
    factor: u64,
}

impl Seeds {
    fn draw() -> Self {
        let random = RandomState::new();
        Self {
            start: random.hash_one(0),
            factor: random.hash_one(1) | 1,
        }
    }

    /// Eight bytes at a time, at last the last eight, each step a multiplication whose two halves are folded: several
    /// times as fast as the hash of the standard library for ids of some tens of bytes.
    fn hash(self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        let (chunks, _) = bytes.as_chunks::<8>();
        let last = bytes.last_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; 8];
            for (to, from) in last.iter_mut().zip(bytes) {
                *to = *from;
            }
            last
        });
        let hash = chunks
            .iter()
            .chain([&last])
            .fold(self.start ^ text.len() as u64, |hash, chunk| {
                self.fold(hash ^ u64::from_le_bytes(*chunk))
            });
        self.fold(hash)
    }

    fn fold(self, number: u64) -> u64 {
        let product = u128::from(number ^ self.start) * u128::from(self.factor);
        (product as u64) ^ (product >> 64) as u64
    }
}

impl Names {
    pub(crate) fn with_capacity(count: usize) -> Self {
        let slots = (count.saturating_mul(3) / 2 + 1)
            .next_power_of_two()
            .max(16);
        Self {
            ids: Vec::with_capacity(count),
            texts: Vec::new(),
            ends: Vec::with_capacity(count),
            slots: vec![(FREE, 0); slots],
            seeds: Seeds::draw(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of a node of this table.
    pub(crate) fn id(&self, node: Node) -> &JobId {
        &self.ids[node.index()]
    }

    pub(crate) fn find(&self, id: &str) -> Option<Node> {
        let (number, _) = self.slots[self.slot_of(id, self.hash(id))];
        (number != FREE).then_some(Node(number))
    }

    /// The node of an id, new if need be.
    pub(crate) fn intern(&mut self, id: &str) -> Node {
        self.intern_as(id, || JobId::new(id))
    }

    /// The same for an id whose text is to be shared.
    pub(crate) fn intern_id(&mut self, id: &JobId) -> Node {
        self.intern_as(id.as_str(), || id.clone())
    }

    /// Gives back what growing left unused.
    pub(crate) fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    fn intern_as(&mut self, id: &str, make: impl FnOnce() -> JobId) -> Node {
        let hash = self.hash(id);
        let slot = self.slot_of(id, hash);
        let (number, _) = self.slots[slot];
        if number != FREE {
            return Node(number);
        }
        let number = u32::try_from(self.ids.len())
            .ok()
            .filter(|number| *number <= super::edges::NODE_MAX)
            .expect("half a thousand million ids do not fit into memory");
        self.ids.push(make());
        self.texts.extend_from_slice(id.as_bytes());
        self.ends.push(self.texts.len());
        self.slots[slot] = (number, hash);
        if self.ids.len() * 4 > self.slots.len() * 3 {
            self.grow();
        }
        Node(number)
    }

    fn hash(&self, id: &str) -> u32 {
        (self.seeds.hash(id) >> 32) as u32
    }

    /// The slot that holds the id, or the free one where it belongs. There is always a free slot.
    fn slot_of(&self, id: &str, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let (number, known) = self.slots[slot];
            if number == FREE || known == hash && self.text(number as usize) == id.as_bytes() {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The text of the id of that number.
    fn text(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start..self.ends[number]]
    }

    fn grow(&mut self) {
        let mut slots = vec![(FREE, 0); self.slots.len() * 2];
        let mask = slots.len() - 1;
        for (number, hash) in self.slots.drain(..).filter(|(number, _)| *number != FREE) {
            let mut slot = hash as usize & mask;
            while slots[slot].0 != FREE {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (number, hash);
        }
        self.slots = slots;
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}
