//! How a journal is laid out and how much it may take.

use std::sync::Arc;

use crate::entropy::Entropy;
use crate::faults::Faults;
use crate::frame::Align;
use crate::recovery::{Limits, Rules};

/// How a journal is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JournalOptions {
    /// Where nonces come from.
    pub entropy: Arc<dyn Entropy>,
    /// The multiple at which frames begin. Default: 512 bytes.
    pub align: Align,
    /// By how much a journal grows: space written with zeros and synced ahead. Default: 256 KiB.
    pub step_bytes: u32,
    /// The length of the spare file, what a full disk leaves us; 0 for none. Default: 256 KiB.
    pub spare_bytes: u32,
    /// A fold is due when the payload since the last one reaches twice the snapshot and at least this.
    /// Default: 256 KiB.
    pub fold_bytes_min: u64,
    /// What is refused, for writing and for reading back.
    pub limits: Limits,
    /// Mistakes switched on by a test.
    #[cfg(feature = "simulation")]
    pub faults: Faults,
}

impl JournalOptions {
    /// The defaults.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self {
            entropy,
            align: Align::default(),
            step_bytes: 256 << 10,
            spare_bytes: 256 << 10,
            fold_bytes_min: 256 << 10,
            limits: Limits::default(),
            #[cfg(feature = "simulation")]
            faults: Faults::default(),
        }
    }

    pub(crate) fn faults(&self) -> Faults {
        #[cfg(feature = "simulation")]
        let faults = self.faults;
        #[cfg(not(feature = "simulation"))]
        let faults = Faults::default();
        faults
    }

    pub(crate) fn rules(&self, depth: crate::recovery::Depth) -> Rules {
        Rules {
            limits: self.limits,
            depth,
            faults: self.faults(),
        }
    }
}

/// How a journal is created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateOptions {
    /// The session's identity; it enters every chain value.
    pub uuid: [u8; 16],
    /// How the journal is written.
    pub journal: JournalOptions,
}

impl CreateOptions {
    /// A journal of this session with the default layout.
    pub fn new(uuid: [u8; 16], entropy: Arc<dyn Entropy>) -> Self {
        Self {
            uuid,
            journal: JournalOptions::new(entropy),
        }
    }
}
