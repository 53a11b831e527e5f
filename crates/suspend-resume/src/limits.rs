//! How much a reader takes on: every bound is checked before memory is taken for what it bounds.

use crate::error::Corruption;

/// How deep values nest at most, whatever the limits say: Python reads no more, and dropping a value takes
/// stack for each level.
pub(crate) const NESTING_MAX: u32 = 1_000;

/// Bounds on what is read. Beyond one of them the bytes count as corrupted, and the error names the bound.
///
/// The memory a reader takes is at most a small multiple of the bytes it is given (of the inflated bytes, for
/// Checkbox sessions), whatever these bytes say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The whole input in bytes; 1 TiB.
    pub input_bytes_max: u64,
    /// One text or byte string in bytes; 4 GiB.
    pub text_bytes_max: u64,
    /// The items of one list (jobs, fields, history, records of a log, changes …); 2^32.
    pub items_max: u64,
    /// How deep field values and JSON may nest; 1,000, as Python can read, and never more.
    pub nesting_max: u32,
    /// Inflated size of a Checkbox session in bytes; 4 GiB.
    pub inflated_bytes_max: u64,
    /// How many times larger than its compressed form a Checkbox session may be; 1,100, which is a little
    /// more than deflate can do.
    pub inflation_ratio_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes_max: 1 << 40,
            text_bytes_max: 4 << 30,
            items_max: 1 << 32,
            nesting_max: NESTING_MAX,
            inflated_bytes_max: 4 << 30,
            inflation_ratio_max: 1_100,
        }
    }
}

impl Limits {
    /// Checks the length of the whole input.
    pub(crate) fn check_input(&self, bytes: usize) -> Result<(), Corruption> {
        if bytes as u64 <= self.input_bytes_max {
            Ok(())
        } else {
            Err(Corruption::envelope(format!(
                "{bytes} bytes; the limit input_bytes_max is {}",
                self.input_bytes_max
            )))
        }
    }
}
