//! One state, one encoding: what was read must give, written again, the bytes it was read from.

use std::io;

use super::encoder::Encoder;
use crate::error::{Corruption, Place};

/// Writes again what was read from `bytes`, and compares on the way.
pub(super) fn check_canonical<'s>(
    bytes: &[u8],
    put: impl FnOnce(&mut Encoder<'s, '_>) -> io::Result<()>,
) -> Result<(), Corruption> {
    let mut rest = Rest { bytes, same: 0 };
    let mut encoder = Encoder::new(&mut rest);
    let written = put(&mut encoder).and_then(|()| encoder.finish());
    if written.is_ok() && rest.same == bytes.len() {
        Ok(())
    } else {
        Err(Corruption {
            what: "not encoded in the one way the layout has".into(),
            place: Place::Byte(rest.same as u64),
        })
    }
}

/// What is still to come, and how much was the same so far.
struct Rest<'a> {
    bytes: &'a [u8],
    same: usize,
}

impl io::Write for Rest<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.same..).unwrap_or_default();
        if rest.starts_with(piece) {
            self.same += piece.len();
            Ok(piece.len())
        } else {
            self.same += rest.iter().zip(piece).take_while(|(a, b)| a == b).count();
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
