//! Envelopes with right checksums around any bytes, by `docs/formats.md`: what stands behind a checksum must bear
//! any bytes too.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// How a native snapshot begins.
const MAGIC: &[u8; 8] = b"\x89SES\r\n\x1a\n";

/// A native snapshot of that layout with this summary and this body.
pub(super) fn snapshot(layout: u16, summary: &[u8], body: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    head.extend((body.len() as u64).to_le_bytes());
    head.extend(xxh3_128(body).to_le_bytes());
    head.extend(summary);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(layout.to_le_bytes());
    bytes.extend([1, 0]);
    bytes.extend((head.len() as u32).to_le_bytes());
    let sum = xxh3_128(&[&bytes, &head[..]].concat());
    bytes.extend(sum.to_le_bytes());
    bytes.extend(head);
    bytes.extend(body);
    bytes
}

/// A packet of that kind and layout.
pub(super) fn packet(kind: u8, layout: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend(layout.to_le_bytes());
    let sum = xxh3_64(&[&bytes, body].concat());
    bytes.extend(sum.to_le_bytes());
    bytes.extend(body);
    bytes
}
