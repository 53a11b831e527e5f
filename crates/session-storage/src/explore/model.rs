//! What a session must hold: the acknowledged payloads, and those that may be there besides.

use std::io::{self, Write};

use crate::recovery::Recovered;

/// A payload is known by its number, which also says how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Payload(u64);

impl Payload {
    pub(super) fn new(number: u32, size: u16) -> Self {
        Self(u64::from(number) << 16 | u64::from(size))
    }

    /// Its parts: the number, and bytes that follow from it.
    pub(super) fn parts(self) -> [Vec<u8>; 2] {
        let size = (self.0 & 0xFFFF) as usize;
        let filler = (0..size as u64)
            .map(|at| (self.0.rotate_right((at % 61) as u32) ^ at) as u8)
            .collect();
        [self.0.to_le_bytes().to_vec(), filler]
    }

    fn of_parts(parts: &[Vec<u8>]) -> Option<Self> {
        let number = parts.first()?.first_chunk::<8>()?;
        let payload = Self(u64::from_le_bytes(*number));
        (payload.parts().as_slice() == parts).then_some(payload)
    }
}

/// The state of a session: every payload ever applied, in order.
pub(super) type State = Vec<Payload>;

/// Writes a state as a snapshot, a payload's bytes at a time.
pub(super) fn write_state(state: &[Payload], sink: &mut dyn Write) -> io::Result<()> {
    state
        .iter()
        .try_for_each(|payload| sink.write_all(&payload.0.to_le_bytes()))
}

/// The state that was recovered; `None` when it is none that was ever written.
pub(super) fn read_state(recovered: &Recovered) -> Option<State> {
    let mut state = Vec::new();
    let mut rest = recovered.snapshot.as_slice();
    while !rest.is_empty() {
        let (number, later) = rest.split_first_chunk::<8>()?;
        state.push(Payload(u64::from_le_bytes(*number)));
        rest = later;
    }
    for frame in &recovered.frames {
        state.push(Payload::of_parts(&frame.parts)?);
        if frame.seq != state.len() as u64 {
            return None;
        }
    }
    Some(state)
}

/// What may be found after a crash now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Model {
    /// The first generation was acknowledged.
    pub(super) created: bool,
    /// The acknowledged payloads.
    pub(super) acknowledged: State,
    /// Payloads tried since the last acknowledgement: each may stand after it, alone.
    pub(super) tried: Vec<Payload>,
    /// Folds since the session was created, all acknowledged.
    pub(super) folds: u32,
}

impl Model {
    /// Whether a recovered state is one of those that may be found.
    pub(super) fn allows(&self, state: &[Payload]) -> bool {
        state == self.acknowledged
            || state.split_last().is_some_and(|(last, before)| {
                before == self.acknowledged && self.tried.contains(last)
            })
    }

    pub(super) fn acknowledge(&mut self, payload: Payload) {
        self.acknowledged.push(payload);
        self.tried.clear();
    }
}
