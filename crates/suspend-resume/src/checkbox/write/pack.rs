//! Members of the envelope.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};

/// The value of the header byte for an unknown operating system.
const UNKNOWN_SYSTEM: u8 = 255;

/// Packs a text as one member; nothing is packed as no member. The time of the member is 0, so equal texts
/// give equal bytes.
pub(super) fn pack(text: &str) -> io::Result<Vec<u8>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut packer = GzBuilder::new()
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes())?;
    packer.finish()
}
