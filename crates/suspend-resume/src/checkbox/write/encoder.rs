//! One session, written again and again.

use session_state::SessionState;

use super::blocks::Blocks;
use super::pack::pack;
use super::session::{known_version, put_document};
use super::text::{Piece, Text};
use crate::error::SuspendError;
use crate::suspend::SuspendOptions;

/// Writes a session in one of Checkbox's formats again and again, at a cost that follows what changed since
/// it was last written.
///
/// The document is the one that [`suspend`](crate::suspend()) writes, in an envelope of several gzip members,
/// which gzip readers join. Results, jobs and lists lie in members of their own, which are kept, packed, while
/// what they hold stays the same; the encoder shares it with the state. In versions 1 to 3, which do not keep
/// histories, all results are written anew each time.
#[derive(Debug)]
pub struct CheckboxEncoder {
    version: u8,
    options: SuspendOptions,
    blocks: Blocks,
}

impl CheckboxEncoder {
    /// An encoder for a version, 1 to 11.
    ///
    /// # Errors
    /// [`SuspendError::NoSuchFormat`].
    pub fn new(version: u8, options: SuspendOptions) -> Result<Self, SuspendError> {
        Ok(Self {
            version: known_version(version)?,
            options,
            blocks: Blocks::default(),
        })
    }

    /// The version it writes.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Encodes the session as it is now. After an error the next call encodes it whole or in part, as needed.
    ///
    /// # Errors
    /// [`SuspendError`]: the state holds something the format has no bytes for.
    pub fn encode(&mut self, state: &SessionState) -> Result<Vec<u8>, SuspendError> {
        let mut bytes = Vec::new();
        for piece in self.pieces(state)? {
            match piece {
                Piece::Text(text) => bytes.extend(pack(&text)?),
                Piece::Packed(packed) => bytes.extend_from_slice(&packed),
            }
        }
        Ok(bytes)
    }

    /// The pieces of the document: packed already, or still to be packed.
    pub(super) fn pieces(&mut self, state: &SessionState) -> Result<Vec<Piece>, SuspendError> {
        let mut text = Text::default();
        let blocks = Some(&mut self.blocks);
        put_document(&mut text, state, self.version, &self.options, blocks)?;
        Ok(text.into_pieces())
    }
}
