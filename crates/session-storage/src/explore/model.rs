//! What must be found after a crash: the acknowledged payloads, and those that may be there besides.

use std::io::{self, Write};

use super::workload::Place;
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

/// What stands in the place of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// No session.
    Nothing,
    /// A session in which nothing was ever saved.
    Bare,
    /// A session with this state.
    State(State),
}

/// What may be found after a crash now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Model {
    /// The session's directory was acknowledged.
    pub(super) standing: bool,
    /// Its first generation was acknowledged.
    pub(super) created: bool,
    /// The acknowledged payloads.
    pub(super) acknowledged: State,
    /// Payloads tried since the last acknowledgement: each may stand after it, alone.
    pub(super) tried: Vec<Payload>,
    /// The last acknowledged payload was damaged, and a repair gives it up: it is there or not.
    pub(super) giving_up: bool,
    /// The medium has damaged what no automatic step mends: the session opens for reading only.
    pub(super) damaged: bool,
    /// Whether the newest snapshot may be damaged without losing anything: a fold made it, and none of
    /// the steps since then has used the generation before.
    pub(super) way_back: bool,
    /// A removal was begun and not acknowledged: the session may be gone.
    pub(super) removing: bool,
    /// A switch was begun and not acknowledged: a new session, still bare, may have taken the place of this one.
    pub(super) replacing: bool,
    /// Whether no other session may be listed: every switch and removal was acknowledged.
    pub(super) alone: bool,
}

impl Model {
    pub(super) fn new(place: Place) -> Self {
        Self {
            standing: place == Place::Directory,
            created: false,
            acknowledged: Vec::new(),
            tried: Vec::new(),
            giving_up: false,
            damaged: false,
            way_back: false,
            removing: false,
            replacing: false,
            alone: true,
        }
    }

    /// Whether what is seen is one of those that may be found.
    pub(super) fn allows(&self, seen: &Seen) -> bool {
        match seen {
            Seen::Nothing => !self.standing || self.removing,
            Seen::Bare => !self.created || self.replacing,
            Seen::State(state) if self.created => self.allows_state(state),
            Seen::State(state) => state.is_empty(),
        }
    }

    fn allows_state(&self, state: &[Payload]) -> bool {
        let given_up = self.giving_up
            && self
                .acknowledged
                .split_last()
                .is_some_and(|(_, kept)| state == kept);
        given_up
            || state == self.acknowledged
            || state.split_last().is_some_and(|(last, before)| {
                before == self.acknowledged && self.tried.contains(last)
            })
    }

    /// Whether no change of sessions is under way.
    pub(super) fn is_settled(&self) -> bool {
        !self.removing && !self.replacing
    }

    /// Takes what is seen for what is there from now on.
    pub(super) fn adopt(&mut self, seen: &Seen) {
        self.standing = *seen != Seen::Nothing;
        self.created = matches!(seen, Seen::State(_));
        self.acknowledged = match seen {
            Seen::State(state) => state.clone(),
            Seen::Nothing | Seen::Bare => Vec::new(),
        };
        self.tried.clear();
        self.giving_up = false;
        self.alone &= self.is_settled();
        (self.removing, self.replacing) = (false, false);
    }

    pub(super) fn acknowledge(&mut self, payload: Payload) {
        self.acknowledged.push(payload);
        self.tried.clear();
    }
}
