//! Mistakes the tests must catch, each behind a switch that exists for tests only.
//!
//! Without the feature `simulation` no switch can be set.

/// A mistake this crate must not make.
#[cfg_attr(
    not(feature = "simulation"),
    expect(unreachable_pub, reason = "only the simulation shows it")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A finished log is not synced before the frame that names it.
    LogNotSynced,
    /// The lines of a running log do not say which head they belong to.
    LinesOfAnyHead,
}

/// Which switch is on: none, unless a test asks.
#[cfg_attr(
    not(feature = "simulation"),
    expect(unreachable_pub, reason = "only the simulation shows it")
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    on: Option<Fault>,
}

impl Faults {
    /// Exactly one switch on.
    #[cfg(feature = "simulation")]
    pub fn only(fault: Fault) -> Self {
        Self { on: Some(fault) }
    }

    /// Whether a switch is on.
    pub(crate) fn has(self, fault: Fault) -> bool {
        cfg!(feature = "simulation") && self.on == Some(fault)
    }
}
