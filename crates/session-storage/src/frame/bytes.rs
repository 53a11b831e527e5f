//! Little-endian fields in a byte string, without a way to panic.

/// The fixed-length field at an offset; `None` when the bytes end before it does.
pub(crate) fn array_at<const N: usize>(bytes: &[u8], offset: usize) -> Option<[u8; N]> {
    bytes.get(offset..)?.first_chunk::<N>().copied()
}

/// The 32-bit number at an offset.
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    array_at(bytes, offset).map(u32::from_le_bytes)
}

/// The 64-bit number at an offset.
pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    array_at(bytes, offset).map(u64::from_le_bytes)
}

/// The 128-bit number at an offset.
pub(crate) fn u128_at(bytes: &[u8], offset: usize) -> Option<u128> {
    array_at(bytes, offset).map(u128::from_le_bytes)
}
